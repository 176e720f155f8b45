// joblib: a pickle with the bytes of its arrays in between, so that they can be mapped. Compressed
// files come here unpacked. The oldest form is "ZF", the unpacked length as 0x and hexadecimal
// digits padded to 19 characters, and a zlib stream.
// Layout: joblib's numpy_pickle.py and numpy_pickle_compat.py.
#include "formats/format.h"
#include "formats/pickle/kinds.h"
#include "formats/pickle/report.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  return !pickle::is_legacy_pytorch(a.bytes) && pickle::is_joblib(a);
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("joblib");
  if (!pickle::is_old_joblib(a.bytes)) return pickle::read_all(a, sink, 0, {.file_type = "joblib"});
  Cursor c(a.bytes);
  c.skip(2);
  auto length = trim(c.text(19));
  if (c.ok() && !length.starts_with("0x")) c.fail("the length is no hexadecimal number");
  // Python 2 wrote one character less or an L behind: the stream starts at the zlib mark.
  for (int i = 0; i < 4 && c.ok() && !as_text(c.peek(1)).starts_with('x'); ++i) c.skip(1);
  std::uint64_t at = c.offset();
  Bytes rest = c.take(c.left());
  if (c.ok() && !rest.empty()) sink.child(a, "zlib@" + std::to_string(at), rest, a.owner);
  sink.finish(c);
}

}  // namespace

extern const Format joblib{"joblib",
                           1,
                           "joblib (arrays between the opcodes, old ZF files)",
                           "https://github.com/joblib/joblib/blob/main/joblib/numpy_pickle.py",
                           recognises,
                           parse};

}  // namespace parapet::formats
