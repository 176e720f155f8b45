#include "io/mapped_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>

namespace parapet {
namespace {

std::string why() { return std::strerror(errno); }

struct Descriptor {
  int fd;
  explicit Descriptor(int d) : fd(d) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

// Live mappings, readable from the signal handler: fixed slots of atomics, no lock. `begin` is
// written last when a slot is taken and first when it is given back.
struct Slot {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<std::atomic<bool>*> torn{nullptr};
  std::atomic<bool> used{false};
};
std::array<Slot, 4096> slots;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
struct sigaction previous;     // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// The page that faulted lies behind the new end of its file: put a page of zeros there and go on.
void on_sigbus(int signal, siginfo_t* info, void* context) {
  auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  for (Slot& slot : slots) {
    std::uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    if (begin == 0 || at < begin || at >= slot.end.load(std::memory_order_acquire)) continue;
    auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address comes from the kernel as a number
    void* hole = reinterpret_cast<void*>(at / page * page);
    if (::mmap(hole, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
      break;
    if (auto* torn = slot.torn.load(std::memory_order_acquire)) torn->store(true);
    return;
  }
  if (previous.sa_flags & SA_SIGINFO) {
    if (previous.sa_sigaction != nullptr) return previous.sa_sigaction(signal, info, context);
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void install_guard() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = on_sigbus;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    ::sigaction(SIGBUS, &action, &previous);
  });
}

struct Mapping {
  void* address = nullptr;
  std::size_t size = 0;
  Slot* slot = nullptr;
  std::shared_ptr<std::atomic<bool>> torn = std::make_shared<std::atomic<bool>>(false);

  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    // The slot goes first: a reused address must not mark this file.
    if (slot != nullptr) {
      slot->begin.store(0, std::memory_order_release);
      slot->end.store(0, std::memory_order_release);
      slot->torn.store(nullptr, std::memory_order_release);
      slot->used.store(false, std::memory_order_release);
    }
    if (address != nullptr) ::munmap(address, size);
  }
};

Slot* take_slot() {
  for (Slot& slot : slots) {
    bool free = false;
    if (slot.used.compare_exchange_strong(free, true)) return &slot;
  }
  return nullptr;
}

Result<OpenFile> read_all(int fd, const std::string& path, std::uint64_t size) {
  auto data = std::make_shared<std::string>();
  data->resize(size);
  std::size_t got = 0;
  while (got < size) {
    auto n = ::read(fd, data->data() + got, size - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(Error{"read " + path, why()});
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  data->resize(got);
  return OpenFile{as_bytes(*data), data, nullptr};
}

}  // namespace

Result<OpenFile> map_descriptor(int descriptor, std::uint64_t size) {
  install_guard();
  auto mapping = std::make_shared<Mapping>();
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED) return Fail(Error{"map file", why()});
  mapping->address = address;
  mapping->size = size;
  mapping->slot = take_slot();
  if (mapping->slot == nullptr) return Fail(Error{"map file", "too many files are open at once"});
  auto begin = reinterpret_cast<std::uintptr_t>(address);
  mapping->slot->torn.store(mapping->torn.get(), std::memory_order_release);
  mapping->slot->end.store(begin + size, std::memory_order_release);
  mapping->slot->begin.store(begin, std::memory_order_release);
  Bytes bytes{static_cast<const std::byte*>(address), size};
  std::shared_ptr<const std::atomic<bool>> torn = mapping->torn;
  return OpenFile{bytes, mapping, torn};
}

namespace {

Result<OpenFile> open_descriptor(const Descriptor& file, const std::string& path) {
  if (file.fd < 0)
    return Fail(Error{"open " + path, errno == ELOOP ? "is a symbolic link" : why()});
  struct stat status = {};
  if (::fstat(file.fd, &status) != 0) return Fail(Error{"open " + path, why()});
  if (!S_ISREG(status.st_mode)) return Fail(Error{"open " + path, "is not a regular file"});
  auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < read_below) return read_all(file.fd, path, size);
  auto mapped = map_descriptor(file.fd, size);
  if (!mapped) return Fail(Error{"open " + path, mapped.error().cause});
  return mapped;
}

// O_NONBLOCK: opening a pipe must not wait for a writer; it is refused.
constexpr int read_only = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

}  // namespace

Result<OpenFile> open_file(const std::string& path) {
  return open_descriptor(Descriptor(::open(path.c_str(), read_only)), path);
}

Result<OpenFile> open_beneath(const std::string& folder, const std::string& path) {
  Descriptor top(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (top.fd < 0) return Fail(Error{"open " + folder, why()});
  struct open_how how = {};
  how.flags = static_cast<std::uint64_t>(read_only);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  long fd = ::syscall(SYS_openat2, top.fd, path.c_str(), &how, sizeof how);
  return open_descriptor(Descriptor(static_cast<int>(fd)), path);
}

Result<OpenFile> read_stream(int descriptor, std::uint64_t limit) {
  auto data = std::make_shared<std::string>();
  std::array<char, 1U << 16U> block{};
  for (;;) {
    auto n = ::read(descriptor, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(Error{"read standard input", why()});
    if (n == 0) break;
    if (data->size() + static_cast<std::size_t>(n) > limit)
      return Fail(Error{"read standard input",
                        "is larger than " + std::to_string(limit >> 20U) + " MiB; give a file"});
    data->append(block.data(), static_cast<std::size_t>(n));
  }
  return OpenFile{as_bytes(*data), data, nullptr};
}

void drop_pages(Bytes passed) {
  auto begin = reinterpret_cast<std::uintptr_t>(passed.data());
  auto end = begin + passed.size();
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  begin = (begin + page - 1) / page * page;
  end = end / page * page;
  if (begin >= end) return;
  for (Slot& slot : slots) {
    std::uintptr_t from = slot.begin.load(std::memory_order_acquire);
    if (from == 0 || begin < from || end > slot.end.load(std::memory_order_acquire)) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    return;
  }
}

}  // namespace parapet
