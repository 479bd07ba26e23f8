// The rules marker-removed, marker-changed and marker-broken for one branch: two trees, file by file, and files that
// went against files that came. One thread.
#pragma once

#include <string>

#include "policy/guard/manifest_blobs.h"
#include "policy/guard/verdicts.h"

namespace tidemark::policy::guard {

/// What one branch's rules find goes to `verdicts` under its name.
struct BranchReport {
    const BranchRules& branch;
    std::string reference;
    Verdicts& verdicts;

    bool wants(RuleId rule) const noexcept { return mode_of(branch, rule) != RuleMode::off; }
    void add(GuardFinding finding) const {
        finding.reference = reference;
        verdicts.add(branch, std::move(finding));
    }
};

/// A link or a submodule in a manifest's place counts as its removal. Throws LimitReached, and what `view` throws.
void judge_markers(const std::string& old_tree, const std::string& new_tree, RepositoryView& view, ManifestBlobs& blobs,
                   const BranchReport& report);

}  // namespace tidemark::policy::guard
