// The architecture as a test: which folder of src/ may include which.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "formats/format.h"

// The golden test, the replay of every prefix and the fuzz target come with the folder.
TEST_CASE("every format has cases") {
  for (const parapet::Format* f : parapet::all_formats()) {
    std::filesystem::path folder = SRC_DIR "/tests/formats/" + std::string(f->name);
    CHECK_MESSAGE(std::filesystem::is_directory(folder), folder.string(), " is missing");
  }
}

TEST_CASE("includes go one way") {
  const std::set<std::string> all{"base",    "io",       "model",   "syntax",  "match",
                                  "formats", "dialects", "joins",   "rules",   "knowledge",
                                  "sources", "engine",   "reports", "commands"};
  const std::map<std::string, std::set<std::string>> may = {
      {"base", {}},
      {"model", {"base"}},
      {"io", {"base", "model"}},
      {"syntax", {"base", "model"}},
      {"match", {"base", "model"}},
      {"formats", {"base", "io", "model", "syntax"}},
      {"dialects", {"base", "model", "syntax"}},
      {"joins", {"base", "model"}},
      {"sources", {"base", "io", "model"}},
      {"rules", {"base", "match", "model", "syntax"}},
      {"knowledge", {"base", "model", "syntax"}},
      {"engine",
       {"base", "io", "model", "syntax", "match", "formats", "dialects", "joins", "sources",
        "rules", "knowledge"}},
      {"reports", {"base", "io", "model"}},
      {"commands", all},
      {"main.cpp", {"base", "commands", "io"}}};
  std::filesystem::path src = SRC_DIR "/src";
  for (const auto& e : std::filesystem::recursive_directory_iterator(src)) {
    if (!e.is_regular_file()) continue;
    std::string folder = std::filesystem::relative(e.path(), src).begin()->string();
    REQUIRE_MESSAGE(may.contains(folder), "folder ", folder, " is not in the layering table");
    std::ifstream in(e.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include \"")) continue;
      std::string to = line.substr(10, line.find('/') - 10);
      CHECK_MESSAGE((to == folder || may.at(folder).contains(to)), e.path().string(), ": ", line);
    }
  }
}
