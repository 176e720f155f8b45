// Programs: ELF, PE (Windows), Mach-O, Java classes, and scripts under the name of a model. Parapet
// does not take a program apart; it says that it is one, and whether its name hides that.
// ELF: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
#include <array>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/archive/entry.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

// Names under which weights are expected, beside those of archives.
bool named_as_model(std::string_view name) {
  constexpr std::array<std::string_view, 14> more{
      "safetensors", "gguf", "ggml",   "onnx",   "h5",  "hdf5", "pb",
      "tflite",      "npy",  "pickle", "engine", "pte", "bst",  "pdparams"};
  std::string ext = extension(name);
  return archive::has_model_extension(name) ||
         std::find(more.begin(), more.end(), ext) != more.end();
}

// A script under its own name is the business of its language.
bool recognises(const Artifact& a) {
  std::string_view kind = program_kind(a.bytes);
  return !kind.empty() && (kind != "script" || named_as_model(a.name));
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view kind = program_kind(a.bytes);
  if (kind.empty()) return;
  sink.is("executable");
  Fact f{"program", {}, {0, std::min<std::uint64_t>(a.bytes.size(), 64)}, std::string(kind)};
  f.set("type", kind).set("name", file_name(a.name));
  if (named_as_model(a.name)) f.set("named_as", "model");
  if (kind == "script") {
    std::string_view text = as_text(a.bytes);
    f.set("interpreter", printable(trim(text.substr(2, text.find('\n') - 2)), 120));
  }
  sink.add(std::move(f));
}

}  // namespace

extern const Format executable;
const Format executable{"executable",
                        1,
                        "programs: ELF, PE, Mach-O, Java classes, scripts named as models",
                        "https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html",
                        recognises,
                        parse};

}  // namespace parapet::formats
