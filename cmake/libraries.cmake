# Every library that Parapet links, in one place, all of them packages of Debian 12.
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

set(parapet_libraries Threads::Threads ZLIB::ZLIB BZip2::BZip2 LibLZMA::LibLZMA PkgConfig::libzstd PkgConfig::liblz4
  PkgConfig::libdeflate PkgConfig::libarchive PkgConfig::libyaml PkgConfig::libpugixml PkgConfig::libpcre2 PkgConfig::libcrypto)
