# tidemark_archives(TARGET)
#   Defines TARGET, the name of a foreign library, as its archives: a program that holds a library does not look up its
#   symbols at each start, which for one with C++ symbols takes up to a millisecond. With a sanitizer, or where Debian
#   has no archive of it, TARGET stays undefined and the shared library is to be found.

# What each foreign target is as archives, in the order of use.
set(TIDEMARK_ARCHIVES_PkgConfig::LIBGIT2 git2 http_parser pcre2-8 mbedcrypto z)
set(TIDEMARK_ARCHIVES_PkgConfig::LIBYAML yaml)
set(TIDEMARK_ARCHIVES_PkgConfig::RE2 re2)
set(TIDEMARK_ARCHIVES_PkgConfig::UTF8PROC utf8proc)
set(TIDEMARK_ARCHIVES_yaml-cpp yaml-cpp)
set(TIDEMARK_ARCHIVES_OpenSSL::Crypto crypto)
set(TIDEMARK_ARCHIVES_ZLIB::ZLIB z)
set(TIDEMARK_ARCHIVES_mbedcrypto mbedcrypto)

function(tidemark_archives target)
  if(TIDEMARK_SANITIZE)
    return()
  endif()
  set(files)
  foreach(archive ${TIDEMARK_ARCHIVES_${target}})
    find_library(TIDEMARK_ARCHIVE_${archive} lib${archive}.a)
    if(NOT TIDEMARK_ARCHIVE_${archive})
      return()
    endif()
    list(APPEND files ${TIDEMARK_ARCHIVE_${archive}})
  endforeach()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(${target} INTERFACE ${files})
endfunction()
