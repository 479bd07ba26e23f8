// The file of rules as a hook meets it: read at each push, and possibly missing or wrong. Then nobody knows for certain
// which repositories are guarded, and refusing would lock every repository of the host for one slip of the keyboard:
// a push passes with a warning, unless the part of the file that can be read says that its branch is guarded.
#pragma once

#include <string>

#include "policy/guard/rules.h"

namespace tidemark::hooks {

inline constexpr const char* k_default_rules = "/etc/tidemark/hook.yaml";

struct LoadedRules {
    std::string file;
    policy::guard::HookRules rules;  // with a problem: what could be read, only good for "is it guarded"
    std::string problem;             // a sentence without its dot; empty: the rules hold
};
/// Never throws for what is in the file.
LoadedRules load_rules(const std::string& file);

/// The rules of a repository: by its path (also the work tree's, for GIT_DIR=.../.git) or its host's name.
const policy::guard::RepositoryRules* find_rules(const policy::guard::HookRules& rules,
                                                 const policy::guard::RepositoryNames& names);

}  // namespace tidemark::hooks
