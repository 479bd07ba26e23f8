// spec.git.push.refspec: a second place that the commit is pushed to, such as refs/for/main of Gerrit or AGit.
// Pure but for its exception; any thread.
#pragma once

#include <string>
#include <string_view>

#include "mirror/git/remote.h"

namespace tidemark::mirror::service {

struct PushReference {
    std::string name;  // full, "refs/for/main"
    git::PushMode mode = git::PushMode::fast_forward;
};

/// `refspec` is well-formed (policy/objects/names.h). Its source must mean what the automation commits: HEAD, or the
/// push branch by its short or full name; else Error{invalid} with what to write. A short destination is a branch.
PushReference read_push_refspec(std::string_view refspec, const std::string& push_branch);

}  // namespace tidemark::mirror::service
