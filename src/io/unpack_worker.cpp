#include "io/unpack_worker.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>

#include "io/unpack.h"
#include "io/unpack_frames.h"

namespace parapet {
namespace {

using Type = UnpackedMember::Type;

void limit(decltype(RLIMIT_AS) what, std::uint64_t value) {
  rlimit r{value, value};
  ::setrlimit(what, &r);
}

void give_up_privileges() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
  limit(RLIMIT_AS, unpack_memory);  // a sanitizer's shadow memory is larger than any limit
#endif
#else
  limit(RLIMIT_AS, unpack_memory);
#endif
#endif
  limit(RLIMIT_CPU, unpack_cpu_seconds);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NPROC, 0);
  limit(RLIMIT_NOFILE, 3);  // no file can be opened from here on
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

bool write_all(const void* from, std::size_t n) {
  const auto* at = static_cast<const char*>(from);
  while (n > 0) {
    auto w = ::write(STDOUT_FILENO, at, n);
    if (w < 0 && errno == EINTR) continue;
    if (w <= 0) return false;
    at += w;
    n -= static_cast<std::size_t>(w);
  }
  return true;
}

void put_u32(std::string& out, std::uint64_t v) {
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(v >> (8U * i) & 0xFFU);
}

bool send(FrameType type, std::string_view body) {
  std::string header(1, static_cast<char>(type));
  put_u32(header, body.size());
  return write_all(header.data(), header.size()) && write_all(body.data(), body.size());
}

std::string words(archive* a, const char* otherwise) {
  const char* s = ::archive_error_string(a);
  return s != nullptr ? s : otherwise;
}

std::string_view text(const char* first, const char* second) {
  const char* s = first != nullptr ? first : second;
  return s != nullptr ? std::string_view(s).substr(0, 16384) : std::string_view();
}

Type type_of(archive_entry* e) {
  if (::archive_entry_hardlink(e) != nullptr) return Type::hardlink;
  switch (::archive_entry_filetype(e)) {
    case S_IFREG:
      return Type::file;
    case S_IFDIR:
      return Type::folder;
    case S_IFLNK:
      return Type::symlink;
    case S_IFCHR:
    case S_IFBLK:
    case S_IFIFO:
    case S_IFSOCK:
      return Type::device;
    default:
      return Type::other;
  }
}

bool send_member(archive_entry* e) {
  Type type = type_of(e);
  std::string_view name = text(::archive_entry_pathname(e), ::archive_entry_pathname_utf8(e));
  std::string_view link;
  if (type == Type::hardlink)
    link = text(::archive_entry_hardlink(e), ::archive_entry_hardlink_utf8(e));
  if (type == Type::symlink)
    link = text(::archive_entry_symlink(e), ::archive_entry_symlink_utf8(e));
  std::string body{static_cast<char>(type),
                   static_cast<char>(::archive_entry_is_data_encrypted(e) != 0 ? 1 : 0)};
  put_u32(body, name.size());
  body += name;
  body += link;
  return send(FrameType::member, body);
}

// Holes of sparse members come as zeros, since that is what an unpacked file holds.
bool send_zeros(std::int64_t n) {
  static const std::string zeros(1U << 16U, '\0');
  for (; n > 0; n -= static_cast<std::int64_t>(zeros.size()))
    if (!send(FrameType::content,
              std::string_view(zeros).substr(
                  0, static_cast<std::size_t>(std::min<std::int64_t>(n, 1 << 16)))))
      return false;
  return true;
}

bool send_content(archive* a) {
  std::int64_t at = 0;
  for (;;) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int r = ::archive_read_data_block(a, &block, &size, &offset);
    if (r == ARCHIVE_EOF) return true;
    if (r < ARCHIVE_WARN) return send(FrameType::problem, words(a, "data error"));
    if (offset > at && !send_zeros(offset - at)) return false;
    std::string_view rest{static_cast<const char*>(block), size};
    at = std::max(at, offset) + static_cast<std::int64_t>(size);
    for (; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), frame_limit)))
      if (!send(FrameType::content, rest.substr(0, frame_limit))) return false;
  }
}

void read_archive(archive* a) {
  ::archive_read_support_format_7zip(a);
  ::archive_read_support_format_zip(a);
  ::archive_read_support_format_rar(a);
  ::archive_read_support_format_rar5(a);
  ::archive_read_support_format_cab(a);
  ::archive_read_support_format_iso9660(a);
  ::archive_read_support_format_cpio(a);
  ::archive_read_support_format_ar(a);
  if (::archive_read_open_fd(a, STDIN_FILENO, 1U << 16U) != ARCHIVE_OK) {
    send(FrameType::end, words(a, "cannot be opened"));
    return;
  }
  for (;;) {
    archive_entry* e = nullptr;
    int r = ::archive_read_next_header(a, &e);
    if (r == ARCHIVE_EOF) break;
    if (r < ARCHIVE_WARN) {
      send(FrameType::end, words(a, "malformed"));
      return;
    }
    if (!send_member(e) || !send_content(a)) return;
  }
  send(FrameType::end, {});
}

}  // namespace

int unpack_worker_main() {
  std::setlocale(LC_CTYPE, "C.UTF-8");  // names in UTF-16 are sent as UTF-8
  give_up_privileges();
  archive* a = ::archive_read_new();
  if (a == nullptr) return 1;
  read_archive(a);
  ::archive_read_free(a);
  return 0;
}

}  // namespace parapet
