#include "formats/pickle/constants.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "formats/pickle/search.h"

namespace parapet::pickle {
namespace {

constexpr std::size_t most_children = 64, longest_decoded = 64U << 20U;

// Decodes until something is no base64; true when all of it was.
bool decode_base64(std::string_view s, std::string& out) {
  std::uint32_t bits = 0;
  unsigned n = 0;
  for (char c : s) {
    int v = base64_value(c);
    if (v < 0) {
      if (c == '=' || is_space(c)) continue;
      return false;
    }
    bits = bits << 6U | static_cast<std::uint32_t>(v);
    if ((n += 6) >= 8) out += static_cast<char>(bits >> (n -= 8) & 0xFFU);
  }
  return true;
}

// Text that stands for bytes, one character each, as _codecs.encode(text, 'latin1') takes it.
bool latin1_bytes(std::string_view s, std::string& out) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto c = static_cast<unsigned char>(s[i]);
    if (c < 0x80) {
      out += s[i];
    } else if ((c == 0xC2 || c == 0xC3) && i + 1 < s.size()) {
      out += static_cast<char>((c & 3U) << 6U | (static_cast<unsigned char>(s[++i]) & 0x3FU));
    } else {
      return false;
    }
  }
  return true;
}

bool is_packed(std::string_view s) {
  if (s.size() < 12) return false;
  auto b = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  return s.starts_with("\x1f\x8b\x08") || s.starts_with("PK\x03\x04") || s.starts_with("BZh") ||
         s.starts_with(
             "\xfd"
             "7zXZ") ||
         s.starts_with("7z\xbc\xaf\x27\x1c") ||
         ((b(0) & 0x0FU) == 8 && b(0) >> 4U <= 7 &&
          (b(1) == 0x01 || b(1) == 0x5e || b(1) == 0x9c || b(1) == 0xda) &&
          (b(0) * 256U + b(1)) % 31 == 0);
}

const char* program_at(Bytes bytes) {
  auto s = as_text(bytes.first(std::min<std::size_t>(bytes.size(), 4096)));
  auto b = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  if (s.starts_with("\x7f"
                    "ELF") &&
      (b(4) == 1 || b(4) == 2) && (b(5) == 1 || b(5) == 2) && b(6) == 1)
    return "an ELF program";
  if (s.starts_with("MZ") && bytes.size() >= 64) {
    Cursor c(bytes);
    c.skip(0x3c);
    std::uint64_t at = c.le<std::uint32_t>();
    c.seek(at);
    if (c.text(4) == std::string_view("PE\0\0", 4)) return "a Windows program";
  }
  std::uint32_t magic = b(0) << 24U | b(1) << 16U | b(2) << 8U | b(3);
  if ((magic == 0xcffaedfe || magic == 0xcefaedfe) && (b(12) >= 1 && b(12) <= 12) && b(13) == 0)
    return "a macOS program";
  if (magic == 0xfeedfacf || magic == 0xfeedface)
    return b(12) == 0 && b(15) >= 1 && b(15) <= 12 ? "a macOS program" : nullptr;
  if (s.starts_with("#!")) {
    auto line = s.substr(
        2, s.find('\n') == std::string_view::npos ? std::string_view::npos : s.find('\n') - 2);
    line = trim(line);
    if (line.starts_with('/') && line.size() < 128 && looks_like_text(as_bytes(line)))
      return "a script";
  }
  return nullptr;
}

}  // namespace

bool look_for_executables(Sink& sink, Bytes bytes, std::uint64_t base) {
  if (const char* what = program_at(bytes)) {
    sink.anomaly(
        "executable",
        std::string(what) + " of " + std::to_string(bytes.size()) + " bytes inside the file",
        {base, bytes.size()});
    return true;
  }
  // Further in: only ELF and PE, whose headers are long enough to be no accident.
  auto s = as_text(bytes);
  for (std::size_t at = s.find("\x7f"
                               "ELF",
                               1);
       at != std::string_view::npos && sink.next(); at = s.find("\x7f"
                                                                "ELF",
                                                                at + 1)) {
    Bytes here = bytes.subspan(at);
    auto h = as_text(here);
    if (program_at(here) == nullptr || h.size() < 52 || (h[18] == 0 && h[19] == 0)) continue;
    sink.anomaly("executable", "an ELF program inside the file", {base + at, bytes.size() - at});
    return true;
  }
  for (std::size_t at = s.find("This program cannot be run in DOS mode");
       at != std::string_view::npos; at = std::string_view::npos) {
    auto start = s.rfind("MZ", at);
    if (start == std::string_view::npos || at - start > 256 ||
        program_at(bytes.subspan(start)) == nullptr)
      break;
    sink.anomaly("executable", "a Windows program inside the file",
                 {base + start, bytes.size() - start});
    return true;
  }
  return false;
}

void look_into_constants(const Artifact& artifact, Sink& sink, const Reading& r) {
  std::size_t children = 0;
  for (const Constant& k : r.constants) {
    if (!sink.next()) return;
    Bytes bytes = artifact.bytes.subspan(k.offset, k.length);
    auto s = as_text(bytes);
    std::string name = "@" + std::to_string(k.offset);
    if (!k.is_text && look_for_executables(sink, bytes, k.offset)) continue;
    auto hidden = [&](Bytes content, std::string_view how) {
      Reading inner = Machine(content, sink.budget()).run(0);
      if (inner.dangerous() == 0) return;
      sink.anomaly("hidden-pickle",
                   "a pickle that imports " +
                       (inner.globals.empty() ? std::string("names")
                                              : printable(inner.globals[0].dotted())) +
                       " lies inside a constant" + std::string(how),
                   {k.offset, k.length});
    };
    if (is_packed(s)) {
      if (++children > most_children) {
        sink.partly("more than 64 constants that hold packed files");
        continue;
      }
      sink.child(artifact, "packed" + name, bytes, artifact.owner);
      continue;
    }
    if (starts_like_pickle(bytes, sink.budget())) {
      hidden(bytes, "");
      sink.child(artifact, "pickle" + name, bytes, artifact.owner);
      continue;
    }
    // Base64, or text that stands for bytes. The front decides whether the rest is worth decoding.
    std::string front, whole;
    std::string_view how = " as base64";
    bool encoded = k.length >= 16 && k.length <= longest_decoded &&
                   decode_base64(s.substr(0, 128), front) &&
                   (is_packed(front) ||
                    (front.size() > 2 && front[0] == '\x80' && front[1] >= 0 && front[1] <= 5) ||
                    front.starts_with("c") || front.starts_with("("));
    if (encoded) {
      if (!sink.budget().unpack(k.length)) return;
      decode_base64(s, whole);
    } else if (k.is_text && k.length <= longest_decoded && s.starts_with("\xC2\x80")) {
      if (!sink.budget().unpack(k.length)) return;
      if (!latin1_bytes(s, whole)) continue;
      how = " as text";
    } else {
      continue;
    }
    Bytes content = as_bytes(whole);
    bool packed = is_packed(whole);
    if (!packed && !starts_like_pickle(content, sink.budget())) continue;
    if (packed && ++children > most_children) {
      sink.partly("more than 64 constants that hold packed files");
      continue;
    }
    if (!packed) hidden(content, how);
    auto owner = std::make_shared<const std::string>(std::move(whole));
    sink.child(artifact, (how == " as text" ? "text" : "base64") + name, as_bytes(*owner), owner);
  }
}

}  // namespace parapet::pickle
