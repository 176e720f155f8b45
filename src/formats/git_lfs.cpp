// A pointer that Git LFS leaves in the place of a large file: "version https://git-lfs.github.com/
// spec/v1", "oid sha256:…", "size N". Spec: git-lfs docs/spec.md. What it stands for is not here.
#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 1024;  // bytes of a pointer, as the specification says
constexpr std::string_view mark = "version https://git-lfs.github.com/spec/";

bool recognises(const Artifact& a) {
  return a.bytes.size() < longest && as_text(a.bytes).starts_with(mark);
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("git_lfs");
  std::string oid;
  std::string size;
  for (std::string_view line : split(as_text(a.bytes), '\n')) {
    auto field = split_once(trim(line), " ");
    if (field.before == "oid") oid = printable(field.after, 80);
    if (field.before == "size" && to_integer(field.after)) size = std::string(field.after) + " ";
  }
  sink.partly("a Git LFS pointer: the " + size + "bytes that it stands for are not here" +
              (oid.empty() ? "" : " (" + oid + ")"));
}

}  // namespace

extern const Format git_lfs{"git_lfs",
                            1,
                            "Git LFS pointers: large files that were not fetched",
                            "https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md",
                            recognises,
                            parse};

}  // namespace parapet::formats
