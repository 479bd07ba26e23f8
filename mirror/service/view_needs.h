// Counts of the views, and what among them needs a person. For view.cpp.
#pragma once

#include <vector>

#include "mirror/service/view.h"

namespace tidemark::mirror::service {

Counts count(const Views& views, const policy::ObjectSet& objects);

/// Also sets each object's own `needs`. What only follows from another object's trouble is not told again.
std::vector<Need> find_needs(Views& views, const ViewInput& input);

}  // namespace tidemark::mirror::service
