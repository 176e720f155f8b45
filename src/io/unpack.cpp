#include "io/unpack.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "base/text.h"
#include "io/unpack_frames.h"

namespace parapet {
namespace {

constexpr std::uint64_t copy_in_memory = 16ULL
                                         << 20U;  // larger archives are copied to an unnamed file
constexpr auto longest_wait = std::chrono::seconds(180);

constexpr const char* worker_mark = "PARAPET_UNPACK_WORKER";

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

bool write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), 1U << 20U));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// A process that unpacks; killed and waited for at the end of its scope.
class Worker {
 public:
  Worker(int archive, int frames) {
    // An executable that does not know the option would run itself again and again: its child sees
    // the mark and starts nothing (once a test program without the option filled the machine).
    if (std::getenv(worker_mark) != nullptr) {
      error_ = "start the unpacking process: this is one already";
      return;
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, archive, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, frames, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string program = "parapet";
    std::string option = "--unpack-worker";
    std::array<char*, 3> arguments{program.data(), option.data(), nullptr};
    std::string mark = std::string(worker_mark) + "=1";
    std::array<char*, 2> environment{mark.data(), nullptr};
    int r = ::posix_spawn(&pid_, "/proc/self/exe", &actions, &attributes, arguments.data(),
                          environment.data());
    if (r != 0) {
      pid_ = -1;
      error_ = std::string("start the unpacking process: ") + std::strerror(r);
    }
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  ~Worker() { finish(false); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::string& error() const { return error_; }
  // Ends it and waits. How it ended, if by a signal: with `patience` it has a second to end by
  // itself, so that the signal is its own.
  std::string finish(bool patience) {
    if (pid_ < 0) return error_;
    int status = 0;
    pid_t ended = 0;
    for (int i = 0; patience && i < 1000 && ended == 0; ++i) {
      ended = ::waitpid(pid_, &status, WNOHANG);
      if (ended == 0) ::usleep(1000);
    }
    if (ended == 0) {
      ::kill(pid_, SIGKILL);
      while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
    }
    pid_ = -1;
    return WIFSIGNALED(status)
               ? "the unpacking process ended by signal " + std::to_string(WTERMSIG(status))
               : "";
  }

 private:
  pid_t pid_ = -1;
  std::string error_;
};

// Reads frames, with a deadline. Anything that is not a frame ends it.
class FrameReader {
 public:
  explicit FrameReader(int fd)
      : fd_(fd), deadline_(std::chrono::steady_clock::now() + longest_wait) {}

  std::optional<std::pair<FrameType, Bytes>> next() {
    if (!fill(5)) return std::nullopt;
    Cursor c(as_bytes(std::string_view(buffer_.data(), 5)));
    auto type = c.le<std::uint8_t>();
    auto size = c.le<std::uint32_t>();
    if (type < 1 || type > 4 || size > frame_limit) return std::nullopt;
    if (!fill(size)) return std::nullopt;
    return std::pair{static_cast<FrameType>(type),
                     as_bytes(std::string_view(buffer_.data(), size))};
  }
  bool timed_out() const { return timed_out_; }
  bool at_end() const { return at_end_; }  // nothing more comes: the worker has closed its side

 private:
  bool fill(std::size_t n) {
    buffer_.resize(std::max<std::size_t>(n, buffer_.size()));
    for (std::size_t got = 0; got < n;) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                      deadline_ - std::chrono::steady_clock::now())
                      .count();
      pollfd p{fd_, POLLIN, 0};
      int ready = left > 0 ? ::poll(&p, 1, static_cast<int>(left)) : 0;
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) {
        timed_out_ = ready == 0;
        return false;
      }
      auto r = ::read(fd_, buffer_.data() + got, n - got);
      if (r < 0 && errno == EINTR) continue;
      if (r <= 0) {
        at_end_ = true;
        return false;
      }
      got += static_cast<std::size_t>(r);
    }
    return true;
  }

  int fd_;
  std::chrono::steady_clock::time_point deadline_;
  std::vector<char> buffer_;
  bool timed_out_ = false, at_end_ = false;
};

// The member whose content is arriving.
class Arriving {
 public:
  Arriving(Budget& budget, const std::function<void(UnpackedMember&&)>& give)
      : budget_(budget), give_(give) {}

  bool begin(Bytes frame) {
    flush();
    Cursor c(frame);
    auto type = c.le<std::uint8_t>();
    auto encrypted = c.le<std::uint8_t>();
    std::string name(c.text(c.le<std::uint32_t>()));
    if (!c.ok() || type > static_cast<std::uint8_t>(UnpackedMember::Type::other)) return false;
    member_.emplace();
    member_->type = static_cast<UnpackedMember::Type>(type);
    member_->encrypted = encrypted != 0;
    member_->name = std::move(name);
    member_->link = c.text(c.left());
    scratch_.emplace(budget_);
    std::uint64_t left = budget_.unpack_left();
    left_ = left - left / 8;  // as inflate(): a bomb in front hides nothing behind it
    return true;
  }
  bool content(Bytes bytes) {
    if (!member_) return false;
    if (bytes.size() > left_ || !scratch_->append(bytes)) {
      member_->limited = scratch_->error().empty();
      member_->error = member_->limited ? "the limit of unpacked bytes" : scratch_->error();
      return false;
    }
    left_ -= bytes.size();
    return true;
  }
  bool problem(Bytes why) {
    if (!member_) return false;
    member_->error = printable(as_text(why));
    return true;
  }
  bool limited() const { return member_ && member_->limited; }
  void flush() {
    if (!member_) return;
    member_->content = scratch_->take();
    give_(std::move(*member_));
    member_.reset();
    scratch_.reset();
  }

 private:
  Budget& budget_;
  const std::function<void(UnpackedMember&&)>& give_;
  std::optional<UnpackedMember> member_;
  std::optional<Scratch> scratch_;
  std::uint64_t left_ = 0;
};

// Frame by frame until the end or a fault.
void receive(FrameReader& frames, Arriving& arriving, Budget& budget, Unpacked& out) {
  while (budget.step(64)) {
    auto frame = frames.next();
    if (!frame) {
      out.error =
          frames.timed_out() ? "the time limit" : "the unpacking process stopped in the middle";
      return;
    }
    auto [type, body] = *frame;
    if (type == FrameType::end) {
      out.error = printable(as_text(body));
      return;
    }
    bool good = type == FrameType::member    ? arriving.begin(body)
                : type == FrameType::content ? arriving.content(body)
                                             : arriving.problem(body);
    if (good) continue;
    out.limited = arriving.limited();
    out.error = out.limited ? "the limit of unpacked bytes"
                            : "the unpacking process sent something that is not a frame";
    return;
  }
  out.limited = true;
  out.error = budget.spent();
}

}  // namespace

Unpacked unpack(Bytes archive, Budget& budget,
                const std::function<void(UnpackedMember&&)>& member) {
  Unpacked out;
  Descriptor copy(archive.size() <= copy_in_memory ? ::memfd_create("archive", MFD_CLOEXEC)
                                                   : unnamed_file());
  if (copy.fd() < 0 || !write_all(copy.fd(), archive) || ::lseek(copy.fd(), 0, SEEK_SET) != 0) {
    out.error = std::string("temporary file: ") + std::strerror(errno);
    return out;
  }
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    out.error = std::string("pipe: ") + std::strerror(errno);
    return out;
  }
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  Worker worker(copy.fd(), writing.fd());
  writing.reset();
  if (!worker.error().empty()) {
    out.error = worker.error();
    return out;
  }
  FrameReader frames(reading.fd());
  Arriving arriving(budget, member);
  receive(frames, arriving, budget, out);
  std::string ended = worker.finish(frames.at_end());
  if (frames.at_end() && !ended.empty()) out.error = ended;
  arriving.flush();
  return out;
}

}  // namespace parapet
