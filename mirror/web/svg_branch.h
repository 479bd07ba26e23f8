// A push branch against the branch it leaves from, as two short lines. The words beside it say the same.
#pragma once

#include <cstddef>

#include "mirror/web/html.h"

namespace tidemark::mirror::web {

/// `foreign` of the `ahead` commits are other people's. More than a few commits are drawn as a few.
void write_branch_picture(Html& html, std::size_t ahead, std::size_t behind, std::size_t foreign);

}  // namespace tidemark::mirror::web
