# tidemark_library(NAME SOURCES a.cpp ... LIBRARIES x ...)
#   A static library: one box of the layer picture (ARCHITECTURE.md). What it may
#   include is what it links; tests/layers checks the includes as well.
# tidemark_options(TARGET)
#   Warnings, sanitizers and the include root that every target of ours shares.

function(tidemark_options target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wsuggest-override)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC 12 sees an overlap in std::string's operator+ that is not there (its bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(TIDEMARK_WARNINGS_FATAL)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(TIDEMARK_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/tests/fuzz/ignored)
  endif()
  if(TIDEMARK_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${TIDEMARK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${TIDEMARK_SANITIZE})
  endif()
endfunction()

function(tidemark_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  tidemark_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LIBRARIES})
endfunction()
