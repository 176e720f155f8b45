// "-": the bytes of standard input as one artifact, at most 512 MiB.
#include <unistd.h>

#include "io/mapped_file.h"
#include "sources/source.h"

namespace parapet::sources {
namespace {

bool accepts(const std::string& target, const SourceOptions&) { return target == "-"; }

Result<int> walk(const std::string&, const SourceOptions&,
                 const std::function<void(Root&&)>& yield) {
  OpenFile in = TRY(read_stream(STDIN_FILENO, 512ULL << 20U));
  yield({"stdin", "", Artifact{"stdin", in.bytes, in.owner, 0}, {}, 0});
  return 1;
}

}  // namespace

extern const Source standard_input{"stdin", "-: the bytes of standard input", accepts, walk};

}  // namespace parapet::sources
