// A pre-receive or post-receive hook's standard input: a line "<old> <new> <reference>" for each reference, ids of 40
// or 64 digits, references as raw bytes. Read piece by piece, so that a push of a million references costs no memory.
#pragma once

#include <functional>

#include "policy/guard/judge.h"

namespace tidemark::hooks {

/// Calls `visit` for each line. Throws Error{invalid} for a line that Git would not write, Error{storage} if the
/// descriptor cannot be read.
void read_updates(int descriptor, const std::function<void(policy::guard::RefUpdate&&)>& visit);

}  // namespace tidemark::hooks
