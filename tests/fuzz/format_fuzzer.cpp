// The fuzz target of every format, and of other readers of hostile bytes, from one source. With
// libFuzzer the program is linked to as fuzz_FORMAT and takes the format from its own name; as
// `replay` it feeds a format every prefix of every fixture, so every build keeps the targets alive
// and every old crash is a test.
//   fuzz_FORMAT [libFuzzer's options] CORPUS...
//   replay FORMAT DIR              every prefix of every fixture in DIR
//   replay FORMAT DIR --seeds OUT  writes the fixtures as bytes into OUT: what the fuzzer starts
//   from
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "formats/format.h"
#include "fuzz/readers.h"
#include "io/unpack_worker.h"
#include "support/hexfile.h"

namespace parapet {
namespace {

struct Target {
  const Format* format = nullptr;
  void (*reader)(Bytes) = nullptr;  // instead of a format
  std::string artifact = "fuzz";    // its name: text formats are recognised by it
};
Target target;

void choose(std::string_view format) {
  for (const Format* f : all_formats())
    if (f->name == format) target.format = f;
  for (const test::Reader& r : test::readers())
    if (r.name == format) target.reader = r.read;
  if (target.format == nullptr && target.reader == nullptr) {
    std::fprintf(stderr, "no format is called '%s'\n", std::string(format).c_str());
    std::exit(2);
  }
}

// The name of the first case that the format recognises.
[[maybe_unused]] void take_name_from(const std::string& cases) {
  if (target.format == nullptr) return;
  for (const auto& f : test::fixtures(cases))
    if (target.format->recognises({f.name, as_bytes(f.bytes)})) {
      target.artifact = f.name;
      return;
    }
}

// Recognisers see hostile bytes as well, so they are fuzzed along with parse; every fact is read as
// a report would, and places must lie inside the artifact.
void feed(Bytes bytes) {
  if (target.reader != nullptr) return target.reader(bytes);
  Limits limits;
  limits.seconds = 0;
  limits.steps = 2'000'000;
  limits.unpacked = 32ULL << 20U;
  Budget budget(limits, bytes.size());
  volatile std::byte seen{};
  Sink sink(budget, [&](Artifact&& child) {  // what is handed on must still be there
    if (child.bytes.empty()) return;
    seen = child.bytes.front();
    seen = child.bytes.back();
  });
  Artifact artifact{target.artifact, bytes};
  target.format->recognises(artifact);
  target.format->parse(artifact, sink);
  for (const Fact& f : sink.facts())
    if (f.place.offset > bytes.size() || f.place.length > bytes.size() - f.place.offset)
      std::abort();
}

}  // namespace
}  // namespace parapet

// unpack() starts this program again.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 2 && std::string_view((*argv)[1]) == "--unpack-worker")
    std::exit(parapet::unpack_worker_main());
#ifndef REPLAY
  std::string name = std::filesystem::path((*argv)[0]).filename();
  std::string format = name.substr(std::min(name.size(), sizeof "fuzz_" - 1));
  parapet::choose(format);
  parapet::take_name_from(CASES_DIR "/" + format);
#endif
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parapet::feed(std::as_bytes(std::span(data, size)));
  return 0;
}

#ifdef REPLAY
int main(int argc, char** argv) {
  LLVMFuzzerInitialize(&argc, &argv);
  bool seeds = argc == 5 && std::string_view(argv[3]) == "--seeds";
  if (argc != 3 && !seeds) return 2;
  parapet::choose(argv[1]);
  for (const auto& f : parapet::test::fixtures(argv[2])) {
    if (seeds) {
      std::ofstream(std::filesystem::path(argv[4]) / f.name, std::ios::binary) << f.bytes;
      continue;
    }
    // Every prefix: truncation is the commonest hostile input there is. Long fixtures in strides.
    parapet::target.artifact = f.name;
    parapet::Bytes bytes = parapet::as_bytes(f.bytes);
    std::size_t stride = bytes.size() / 3000 + 1;
    for (std::size_t n = 0; n <= bytes.size(); n += stride) parapet::feed(bytes.first(n));
    parapet::feed(bytes);
  }
}
#endif
