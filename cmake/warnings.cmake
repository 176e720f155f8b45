# One interface target carries every flag; the code below it never sets flags of its own.
# clang looks into libstdc++ 12, whose std::stable_sort uses what it declares deprecated: gcc alone warns of that.
# gcc 12 takes the statement expression of TRY for a free of a stack object: that warning is off.
add_library(project_options INTERFACE)
target_compile_options(project_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-qual
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wformat=2 -Wundef -Wvla -Wswitch-enum>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Wno-free-nonheap-object>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wthread-safety -Wextra-semi -Wno-gnu-statement-expression
    -Wno-deprecated-declarations>
  -fstack-protector-strong $<$<COMPILE_LANGUAGE:CXX>:-ftrivial-auto-var-init=zero>)
target_compile_definitions(project_options INTERFACE _GLIBCXX_ASSERTIONS)
