#include "io/scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "io/mapped_file.h"

namespace parapet {
namespace {

constexpr std::uint64_t one_in_memory = 24ULL << 20U;
constexpr std::uint64_t all_in_memory = 192ULL << 20U;
std::atomic<std::uint64_t> in_memory{
    0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// A string whose bytes are counted in `in_memory` until it dies.
std::shared_ptr<std::string> counted_string() {
  return {new std::string, [](std::string* s) {
            in_memory -= s->size();
            delete s;
          }};
}

bool write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

int unnamed_file() {
  const char* folder = std::getenv("TMPDIR");
  if (folder == nullptr || *folder == '\0') folder = "/tmp";
  int fd = ::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  std::string name = std::string(folder) + "/parapet-XXXXXX";  // file systems without O_TMPFILE
  fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(name.c_str());
  return fd;
}

Scratch::~Scratch() {
  if (file_ >= 0) ::close(file_);
}

bool Scratch::spill() {
  file_ = unnamed_file();
  if (file_ < 0 || (memory_ != nullptr && !write_all(file_, as_bytes(*memory_)))) {
    error_ = std::string("temporary file: ") + std::strerror(errno);
    return false;
  }
  memory_.reset();
  return true;
}

bool Scratch::append(Bytes bytes) {
  if (!error_.empty() || !budget_.unpack(bytes.size())) return false;
  if (file_ < 0 &&
      (size_ + bytes.size() > one_in_memory || in_memory + bytes.size() > all_in_memory) &&
      !spill())
    return false;
  if (file_ >= 0) {
    if (!write_all(file_, bytes)) {
      error_ = std::string("temporary file: ") + std::strerror(errno);
      return false;
    }
  } else {
    if (memory_ == nullptr) memory_ = counted_string();
    memory_->append(as_text(bytes));
    in_memory += bytes.size();
  }
  size_ += bytes.size();
  return true;
}

Scratch::Held Scratch::take() {
  Held held;
  if (file_ >= 0 && size_ != 0) {
    if (auto mapped = map_descriptor(file_, size_))
      held = {mapped->bytes, mapped->owner};
    else
      error_ = mapped.error().cause;
  } else if (memory_ != nullptr) {
    held = {as_bytes(*memory_), memory_};
  }
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  memory_.reset();
  size_ = 0;
  return held;
}

}  // namespace parapet
