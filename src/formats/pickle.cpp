// Python's pickle: an opcode stream that a small machine runs; loading one calls what it names.
// Layout: Lib/pickletools.py, PEP 307 (protocol 2), 3154 (4), 574 (5).
// Recognised by content alone, whatever the file is called; also where a pickle hides in the first
// 4 KiB or the last 66 KiB of other data. dill and cloudpickle write pickles too.
#include "formats/format.h"
#include "formats/pickle/kinds.h"
#include "formats/pickle/report.h"
#include "formats/pickle/search.h"

namespace parapet::formats {
namespace {

constexpr std::uint64_t head = 4096, tail = 66U << 10U;

// Small values of protocols 0 and 1 have nothing to be known by but their file's name.
bool is_named_pickle(const Artifact& a, Budget& budget) {
  std::string e = extension(a.name);
  if (e != "pkl" && e != "pickle" && e != "pck" && e != "p" && e != "dill") return false;
  return pickle::is_whole_pickle(a.bytes, budget);
}

bool recognises(const Artifact& a) {
  if (pickle::is_legacy_pytorch(a.bytes) || pickle::is_joblib(a)) return false;
  Limits limits;
  limits.seconds = 0;
  Budget budget(limits);
  if (pickle::starts_like_pickle(a.bytes, budget) || is_named_pickle(a, budget)) return true;
  if (pickle::is_container(a.bytes) || pickle::is_plain_text(a)) return false;
  std::uint64_t size = a.bytes.size(), effort = 1'000'000;
  if (size <= head + tail) return pickle::find_stream(a.bytes, 1, size, budget, effort).has_value();
  return pickle::find_stream(a.bytes, 1, head, budget, effort).has_value() ||
         pickle::find_stream(a.bytes, size - tail, size, budget, effort).has_value();
}

void parse(const Artifact& a, Sink& sink) {
  pickle::Context context;
  if (a.name.ends_with("/data.pkl") || a.name.ends_with("/constants.pkl"))
    context.file_type = "pytorch";
  if (pickle::starts_like_pickle(a.bytes, sink.budget()) || is_named_pickle(a, sink.budget()))
    pickle::read_all(a, sink, 0, context);
  else
    pickle::read_hidden(a, sink, 1, context);
}

}  // namespace

extern const Format pickle{"pickle",
                           1,
                           "Python pickle (protocols 0-5), dill, cloudpickle",
                           "https://docs.python.org/3/library/pickletools.html",
                           recognises,
                           parse};

}  // namespace parapet::formats
