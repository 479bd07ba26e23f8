// The environment of this process, for the programs' main functions.
#pragma once

#include "mirror/cli/streams.h"

namespace tidemark::mirror::cli {

Environment process_environment();

}  // namespace tidemark::mirror::cli
