// The program's version.
#pragma once

#include <string>

namespace tidemark::mirror::cli {

/// "tidemark version 0.1.0\n".
std::string version_line();

}  // namespace tidemark::mirror::cli
