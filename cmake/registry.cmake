# registry(FOLDER TYPE HEADER): the folder is the registry. Every src/FOLDER/NAME.cpp that is not listed in
# src/FOLDER/NOT_REGISTERED must define `extern const TYPE NAME` in namespace parapet::FOLDER; one that does not, or
# misspells it, fails to link. No static constructors, so nothing runs before main and the linker can drop nothing.
# A source shared by several entries lives in a sub-folder (src/formats/pickle/) and is not an entry.
function(registry folder type header)
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp")
  list(SORT files)
  set(externs "")
  set(entries "")
  list(LENGTH files count)
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    string(APPEND externs "extern const ${type} ${name};\n")
    string(APPEND entries "    &${folder}::${name},\n")
  endforeach()
  set(out "${PROJECT_BINARY_DIR}/gen/${folder}")
  file(CONFIGURE OUTPUT "${out}/all.gen.cpp" CONTENT
"// Generated from the files in src/@folder@.
#include \"@folder@/@header@\"

#include <array>
namespace parapet {
namespace @folder@ {
@externs@}
std::span<const @type@* const> all_@folder@() {
  static constexpr std::array<const @type@*, @count@> all{
@entries@  };
  return all;
}
}
" @ONLY)
  set(registry_sources ${registry_sources} "${out}/all.gen.cpp" PARENT_SCOPE)
endfunction()
