#pragma once
// What a text may hold in another form: base64, hex digits, percent-encoding, and compressed data
// in either of the first two.
#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace parapet {

// Of the standard or the URL-safe alphabet.
inline bool is_base64_letter(char c) {
  static constexpr auto letters = [] {
    std::array<bool, 256> out{};
    for (int i = 0; i < 256; ++i) {
      char x = static_cast<char>(i);
      out[static_cast<std::size_t>(i)] = is_word(x) || x == '+' || x == '/' || x == '-';
    }
    return out;
  }();
  return letters[static_cast<unsigned char>(c)];
}

// Printable ASCII and white space.
bool is_readable(std::string_view s);

struct EncodedRun {
  std::size_t offset = 0, length = 0;  // in the text
  std::string decoded;                 // readable text
  std::string_view form;               // "base64", "base64+zlib", "hex", "hex+zlib", "percent"
  bool cut = false;                    // it decodes to more than this
};

// Calls visit for every run that decodes to readable text, by offset; false from it stops. Linear
// in the text; what one run decodes to is cut at 1 MiB.
void decode_runs(std::string_view text, const std::function<bool(EncodedRun&&)>& visit);

}  // namespace parapet
