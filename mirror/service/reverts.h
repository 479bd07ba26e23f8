// People win: a value that a commit of ours wrote to the checkout branch and that somebody changed since stays as it
// is, until the policy chooses something else.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/git/rewrite.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

struct Reverts {
    git::HeldSetters held;
    std::vector<std::string> sentences;  // for people
};

/// `writes` are what earlier commits of ours put on this branch; one counts only while `tip` contains its commit.
Reverts find_reverts(const git::MarkerIndex& index, const policy::SetterValues& values,
                     const std::vector<store::Written>& writes, const git::Repository& repository,
                     const git::ObjectId& tip);

}  // namespace tidemark::mirror::service
