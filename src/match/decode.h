#pragma once
// What a text may hold in another form: base64, hex digits, percent-encoding, and compressed data
// in either of the first two.
#include <functional>
#include <string>
#include <string_view>

namespace parapet {

struct EncodedRun {
  std::size_t offset = 0, length = 0;  // in the text
  std::string decoded;                 // readable text
  std::string_view form;               // "base64", "base64+zlib", "hex", "hex+zlib", "percent"
};

// Calls visit for every run that decodes to readable text, by offset; false from it stops. Linear
// in the text; what one run decodes to is cut at 1 MiB.
void decode_runs(std::string_view text, const std::function<bool(EncodedRun&&)>& visit);

}  // namespace parapet
