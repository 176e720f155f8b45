#pragma once
// Which of the formats that hold pickles an artifact is, by its first bytes.
#include <string_view>

#include "base/text.h"
#include "model/artifact.h"

namespace parapet::pickle {

// PyTorch before 1.6 starts with its magic number as a pickle: protocol 2, LONG1 of 10 bytes.
inline bool is_legacy_pytorch(Bytes b) {
  return as_text(b).starts_with(
      std::string_view("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15));
}

// joblib before 0.10 wrote "ZF", the length in hexadecimal and a zlib stream.
inline bool is_old_joblib(Bytes b) { return as_text(b).starts_with("ZF0x"); }

inline bool is_joblib(const Artifact& a) {
  auto s = as_text(a.bytes);
  if (is_old_joblib(a.bytes)) return true;
  if (s.size() < 2 || s[0] != '\x80' || static_cast<unsigned char>(s[1]) > 5) return false;
  return a.name.ends_with(".joblib") || contains(s.substr(0, 4096), "NumpyArrayWrapper");
}

// A text file: only its start can be a pickle, since nobody loads the middle of a text.
inline bool is_plain_text(const Artifact& a) {
  return a.is_text() &&
         !contains(as_text(a.bytes).substr(0, 66U << 10U), std::string_view("\0", 1));
}

}  // namespace parapet::pickle
