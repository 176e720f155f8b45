// Part of the build: reads our own YAML and writes its trees (src/syntax/packed.h).
//   pack_yaml ROOT OUT FILE...     ROOT/a/b.yaml becomes OUT/a/b.yaml
// A file that cannot be read stops the build with its name and line.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "syntax/packed.h"
#include "syntax/yaml.h"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc < 3) return 2;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    std::string yaml{std::istreambuf_iterator<char>(in), {}};
    parapet::Parsed parsed = parapet::parse_yaml(yaml);
    if (!parsed.ok() || parsed.documents.size() != 1) {
      std::fprintf(stderr, "%s:%u: %s\n", argv[i], parsed.problem_at.line,
                   parsed.ok() ? "must hold one document" : parsed.problem.c_str());
      return 1;
    }
    fs::path out = fs::path(argv[2]) / fs::relative(argv[i], argv[1]);
    fs::create_directories(out.parent_path());
    std::ofstream(out, std::ios::binary) << parapet::pack(parsed.documents[0].root);
  }
  return 0;
}
