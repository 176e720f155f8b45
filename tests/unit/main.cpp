#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstring>

#include "io/unpack_worker.h"

// Archives that only a library reads are unpacked by this executable itself, started once more.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--unpack-worker") == 0)
    return parapet::unpack_worker_main();
  return doctest::Context(argc, argv).run();
}
