// Zip archives, and what is made of them: PyTorch checkpoints, TorchScript, .npz, .keras.
//
//   [local header, name, extra | data | descriptor]…  [central record]…  end record, comment
//
// Central directory and local headers are both walked: readers disagree on which they believe, and
// that disagreement is how a pickle is hidden from a scanner.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
#include <algorithm>

#include "formats/archive/zip_walk.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool has_local_header(Bytes head) {
  std::string_view text = as_text(head);
  for (std::size_t n = text.find(archive::local_signature); n != std::string_view::npos;
       n = text.find(archive::local_signature, n + 1)) {
    auto local = archive::local_header(head, n);
    if (local && archive::method_name(local->method) != "unknown" && !local->name.empty())
      return true;
  }
  return false;
}

bool recognises(const Artifact& a) {
  Bytes head = a.bytes.first(std::min<std::size_t>(a.bytes.size(), 4096));
  std::string_view text = as_text(head);
  if (text.starts_with(archive::local_signature)) return true;
  // A tar hands every byte of itself on, so a zip in its last member is found there.
  if (text.size() > 262 && text.substr(257, 5) == "ustar") return false;
  return has_local_header(head) || !archive::end_records(a.bytes).empty();
}

void parse(const Artifact& a, Sink& sink) { archive::ZipWalk(a, sink).run(); }

}  // namespace

extern const Format zip{"zip",
                        1,
                        "Zip archives: PyTorch, TorchScript, npz, keras",
                        "https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT",
                        recognises,
                        parse};

}  // namespace parapet::formats
