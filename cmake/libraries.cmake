# Every library that Parapet links, in one place. Debian 12 packages; tree-sitter and its grammars come as source from
# npm (third_party/package.json), since Debian's are too old for each other (docs/decisions.md).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(LibLZMA REQUIRED)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(liblz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(libdeflate REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(libarchive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(libyaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(libpugixml REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(libpcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(libcrypto REQUIRED IMPORTED_TARGET libcrypto)

set(npm "${PROJECT_SOURCE_DIR}/third_party/node_modules")
if(NOT EXISTS "${npm}/tree-sitter/vendor/tree-sitter/lib/src/lib.c")
  message(FATAL_ERROR "third_party/node_modules is missing: run tools/install-packages build (or ./quickstart)")
endif()
add_library(tree_sitter STATIC
  "${npm}/tree-sitter/vendor/tree-sitter/lib/src/lib.c"
  "${npm}/tree-sitter-python/src/parser.c" "${npm}/tree-sitter-python/src/scanner.c")
target_include_directories(tree_sitter SYSTEM PUBLIC "${npm}/tree-sitter/vendor/tree-sitter/lib/include")
target_include_directories(tree_sitter PRIVATE "${npm}/tree-sitter/vendor/tree-sitter/lib/src" "${npm}/tree-sitter-python/src")
# Parsing is where the time of Python sources goes, so it is optimised in every build.
target_compile_options(tree_sitter PRIVATE -w -O2)
target_compile_definitions(tree_sitter PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)

set(parapet_libraries Threads::Threads ZLIB::ZLIB BZip2::BZip2 LibLZMA::LibLZMA PkgConfig::libzstd PkgConfig::liblz4
  PkgConfig::libdeflate PkgConfig::libarchive PkgConfig::libyaml PkgConfig::libpugixml PkgConfig::libpcre2 PkgConfig::libcrypto tree_sitter)
