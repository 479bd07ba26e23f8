// The file of rules (/etc/tidemark/hook.yaml): read whole, and derived rules merged into it so that nothing a person
// wrote there is lost. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hooks/rules_file.h"
#include "policy/guard/rules.h"

namespace tidemark::hooks {

inline constexpr std::string_view k_rules_file = k_default_rules;

struct RulesFile {
    std::string text;  // empty if there is no file
    policy::guard::HookRules rules;
};

/// A missing file is one without rules. Throws Error{invalid} with every mistake, Error{permission|storage}.
RulesFile read_rules_file(const std::filesystem::path& file);

/// The file's text with `derived` in it: new repositories are added at its end, whatever else stands there.
/// Repositories that the file already has keep what it says of them and get the branches they lack; with `enforce`
/// their warn-until goes. That needs a file written as write_rules does: one edited otherwise is left alone, and
/// Error{conflict} says which lines to put there.
std::string merge_rules(const RulesFile& file, const std::vector<policy::guard::RepositoryRules>& derived,
                        bool enforce);

}  // namespace tidemark::hooks
