// llamafile: a program that runs everywhere (APE, "MZqFpD", or ELF) with a zip behind it that holds
// a GGUF, stored; some are only joined. The zip format reads the former; a GGUF that stands in no
// zip is carved here. https://github.com/mozilla-ai/llamafile
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr unsigned most = 16;

bool has_zip(Bytes bytes) {
  std::string_view s = as_text(bytes);
  return contains(s.substr(s.size() - std::min<std::size_t>(s.size(), 66U << 10U)), "PK\x05\x06");
}

// An ELF program is a llamafile by its name, or by what it carries at its end or front.
bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes);
  if (s.starts_with("MZqFpD") || s.starts_with("jartsr")) return true;
  return s.starts_with(
             "\x7f"
             "ELF") &&
         extension(a.name) == "llamafile";
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("llamafile");
  std::string_view s = as_text(a.bytes);
  bool zip = has_zip(a.bytes);
  unsigned found = 0;
  for (std::size_t i = s.find("GGUF");
       !zip && i != std::string_view::npos && found < most && sink.next();
       i = s.find("GGUF", i + 4)) {
    Cursor c(a.bytes);
    c.seek(i + 4);
    auto version = c.le<std::uint32_t>();
    auto tensors = c.le<std::uint64_t>();
    // The text "GGUF" also stands in the program.
    if (!c.ok() || version < 1 || version > 3 || tensors > (1U << 24U)) continue;
    ++found;
    sink.child(a, "model@" + std::to_string(i) + ".gguf", a.bytes.subspan(i), a.owner);
  }
  Fact f{"model",
         {},
         {0, std::min<std::uint64_t>(6, s.size())},
         zip ? "a program that carries an archive"
             : "a program that carries " + std::to_string(found) + " GGUF models"};
  f.set("format", "llamafile").set("name", file_name(a.name)).set("loader", "llamafile");
  sink.add(std::move(f));
}

}  // namespace

extern const Format llamafile;
const Format llamafile{"llamafile",
                       1,
                       "llamafile: programs that carry a GGUF model",
                       "https://github.com/mozilla-ai/llamafile",
                       recognises,
                       parse};

}  // namespace parapet::formats
