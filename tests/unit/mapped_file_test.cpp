#include "io/mapped_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "io/scratch.h"

using namespace parapet;
namespace fs = std::filesystem;

namespace {

struct TemporaryFile {
  std::string path =
      (fs::temp_directory_path() / ("parapet-io-" + std::to_string(::getpid()))).string();
  explicit TemporaryFile(std::size_t size) {
    std::ofstream(path, std::ios::binary) << std::string(size, 'x');
  }
  ~TemporaryFile() { fs::remove(path); }
};

}  // namespace

TEST_CASE("a mapping that is cut short reads as zeros and says so") {
  TemporaryFile file(8U << 20U);
  auto open = open_file(file.path);
  REQUIRE(open.has_value());
  REQUIRE(open->torn != nullptr);
  CHECK(open->bytes[open->bytes.size() - 1] == std::byte{'x'});
  REQUIRE(::truncate(file.path.c_str(), 1U << 20U) == 0);
  CHECK(open->bytes[6U << 20U] == std::byte{0});
  CHECK(open->torn->load());
}

TEST_CASE("small files are read, pages of large ones can be dropped and come back") {
  TemporaryFile small(100);
  auto read = open_file(small.path);
  REQUIRE(read.has_value());
  CHECK(read->torn == nullptr);
  drop_pages(read->bytes);  // not a mapping: nothing happens
  CHECK(read->bytes[99] == std::byte{'x'});
  TemporaryFile large(8U << 20U);
  auto mapped = open_file(large.path);
  REQUIRE(mapped.has_value());
  drop_pages(mapped->bytes);
  CHECK(mapped->bytes[5U << 20U] == std::byte{'x'});
}

TEST_CASE("links, folders and pipes are refused with the reason") {
  TemporaryFile file(10);
  std::string link = file.path + ".link";
  fs::create_symlink(file.path, link);
  CHECK(open_file(link).error().cause == "is a symbolic link");
  fs::remove(link);
  CHECK(open_file(fs::temp_directory_path().string()).error().cause == "is not a regular file");
  std::string pipe = file.path + ".pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(open_file(pipe).error().cause == "is not a regular file");
  fs::remove(pipe);
  CHECK_FALSE(open_file(file.path + ".none").has_value());
}

TEST_CASE("scratch spills to a file that has no name, and counts against the budget") {
  Limits limits;
  limits.unpacked = 100ULL << 20U;
  Budget budget(limits, 10ULL << 20U);
  Scratch scratch(budget);
  std::string block(1U << 20U, 'b');
  for (int i = 0; i < 40; ++i) REQUIRE(scratch.append(as_bytes(block)));
  auto held = scratch.take();
  REQUIRE(held.bytes.size() == 40U << 20U);
  CHECK(held.bytes[39U << 20U] == std::byte{'b'});
  Scratch more(budget);
  bool stopped = false;
  for (int i = 0; i < 70 && !stopped; ++i) stopped = !more.append(as_bytes(block));
  CHECK(stopped);
  CHECK(budget.spent() != nullptr);
}
