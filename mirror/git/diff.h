// The difference of two trees as a unified diff, for people.
#pragma once

#include <cstddef>
#include <string>

#include "mirror/git/repository.h"

namespace tidemark::mirror::git {

/// At most `limit` bytes; what is left out is said in a last line.
std::string unified_diff(const Repository& repository, const ObjectId& before, const ObjectId& after,
                         std::size_t limit = std::size_t{1} << 20);

}  // namespace tidemark::mirror::git
