// What the tag that is in use says about the policy that would keep it current: which tags are of its kind, and how
// they are ordered. Used by `tidemark init`; a person edits what comes out. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/selection/selection.h"

namespace tidemark::policy::proposal {

struct TagRule {
    SelectionSpec selection;
    std::string text;  // for people: ">=1.25.1 <2", "tags like main-COMMIT-NUMBER, the highest NUMBER"
    std::string kind;  // tells several rules of one image apart, in a name: "1", "15-alpine", "main"
};

/// A version stays below the next one that may break things: 1.25.1 below 2, 0.4.2 below 0.5. What follows the version
/// (-alpine) stays as it is. The Problem of a tag without successors says why: "latest" moves by itself.
Result<TagRule> rule_for_tag(std::string_view tag);

/// Whether a policy with this selection would take the tag, were it the only one.
bool takes_tag(const SelectionSpec& selection, std::string_view tag);

}  // namespace tidemark::policy::proposal
