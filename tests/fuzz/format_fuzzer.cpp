// One source, one target per format: compiled with FORMAT=gguf. Without libFuzzer, main() below
// replays every prefix of every fixture, so every build keeps the targets alive and every old crash
// is a test.
#include <cstdlib>

#include "formats/format.h"
#include "io/unpack_worker.h"

namespace parapet::formats {
extern const Format FORMAT;
}

// Recognisers see hostile bytes as well, so they are fuzzed along with parse; every fact is read as
// a report would, and places must lie inside the artifact.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parapet;
  Limits limits;
  limits.seconds = 0;
  limits.steps = 2'000'000;
  limits.unpacked = 32ULL << 20U;
  Budget budget(limits, size);
  std::size_t sum = 0;
  Sink sink(budget, [&](Artifact&& child) { sum += child.bytes.size(); });
  Artifact artifact{NAME, std::as_bytes(std::span(data, size))};
  sum += formats::FORMAT.recognises(artifact) ? 1U : 0U;
  formats::FORMAT.parse(artifact, sink);
  for (const Fact& f : sink.facts())
    if (f.place.offset > size || f.place.length > size - f.place.offset) std::abort();
  return sum == ~std::size_t{0} ? -1 : 0;
}

// unpack() starts this program again.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 2 && std::string_view((*argv)[1]) == "--unpack-worker")
    std::exit(parapet::unpack_worker_main());
  return 0;
}

#ifdef REPLAY
#include <filesystem>
#include <fstream>

#include "support/hexfile.h"

//   replay_FORMAT DIR              every prefix of every fixture in DIR
//   replay_FORMAT DIR --seeds OUT  writes the fixtures as bytes into OUT: what the fuzzer starts from
int main(int argc, char** argv) {
  LLVMFuzzerInitialize(&argc, &argv);
  if (argc < 2) return 2;
  const bool seeds = argc == 4 && std::string_view(argv[2]) == "--seeds";
  for (const auto& f : parapet::test::fixtures(argv[1])) {
    if (seeds) {
      std::ofstream(std::filesystem::path(argv[3]) / f.name, std::ios::binary) << f.bytes;
      continue;
    }
    // Every prefix: truncation is the commonest hostile input there is. Long fixtures in strides.
    std::size_t stride = f.bytes.size() / 3000 + 1;
    for (std::size_t n = 0; n <= f.bytes.size(); n += stride)
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(f.bytes.data()), n);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(f.bytes.data()), f.bytes.size());
  }
}
#endif
