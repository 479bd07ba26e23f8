#include "hooks/install/rules_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {

using mirror::Error;
using mirror::ErrorKind;
using policy::guard::BranchRules;
using policy::guard::HookRules;
using policy::guard::RepositoryNames;
using policy::guard::RepositoryRules;

namespace {

constexpr std::size_t k_rules_limit = std::size_t{16} << 20;
constexpr std::string_view k_list = "\nrepositories:\n";

RepositoryNames names_of(const RepositoryRules& rules) {
    const std::string& name = rules.repositories.front();
    return name.front() == '/' ? RepositoryNames{name, {}} : RepositoryNames{{}, name};
}

/// The entry that is for this repository alone, or for it among others by name.
RepositoryRules* find_entry(HookRules& rules, const std::string& name) {
    for (RepositoryRules& entry : rules.repositories) {
        if (std::find(entry.repositories.begin(), entry.repositories.end(), name) != entry.repositories.end())
            return &entry;
    }
    return nullptr;
}

bool has_branch(const RepositoryRules& entry, const BranchRules& branch) {
    return std::any_of(entry.branches.begin(), entry.branches.end(),
                       [&branch](const BranchRules& other) { return other.pattern == branch.pattern; });
}

/// Whether an entry as it stands says all that is derived.
bool says_all(const RepositoryRules& entry, const RepositoryRules& derived, bool enforce) {
    return !(enforce && entry.warn_until) && std::all_of(derived.branches.begin(), derived.branches.end(),
                                                         [&entry](const BranchRules& b) { return has_branch(entry, b); });
}

void extend(RepositoryRules& entry, const RepositoryRules& derived, bool enforce) {
    // Before what is there: that may be a pattern which fits these names too.
    auto place = entry.branches.begin();
    for (const BranchRules& branch : derived.branches) {
        if (!has_branch(entry, branch)) place = std::next(entry.branches.insert(place, branch));
    }
    if (enforce) entry.warn_until.reset();
}

/// The lines of these entries, as they stand below "repositories:".
std::string part_of(const std::vector<RepositoryRules>& entries) {
    HookRules rules;
    rules.repositories = entries;
    const std::string text = write_rules(rules);
    return text.substr(text.find(k_list) + k_list.size());
}

[[noreturn]] void leave_to_person(const std::vector<RepositoryRules>& entries) {
    throw Error(ErrorKind::conflict,
                fmt::format("the file of rules has been edited by hand, and writing it anew would lose that; put this "
                            "below \"repositories:\", in the place of what it replaces:\n{}",
                            part_of(entries)));
}

HookRules parse(const std::string& text, const std::string& name) {
    policy::guard::RulesReading reading = policy::guard::read_rules(text, name);
    if (!policy::has_errors(reading.findings)) return std::move(reading.rules);
    std::string message = "the file of rules has mistakes:";
    for (const policy::Finding& finding : reading.findings)
        message += "\n  " + to_string(finding);
    throw Error(ErrorKind::invalid, message);
}

}  // namespace

RulesFile read_rules_file(const std::filesystem::path& file) {
    RulesFile read;
    try {
        read.text = mirror::read_file(file, k_rules_limit);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        return read;
    }
    read.rules = parse(read.text, file.string());
    return read;
}

std::string merge_rules(const RulesFile& file, const std::vector<RepositoryRules>& derived, bool enforce) {
    HookRules rules = file.rules;
    std::vector<RepositoryRules> added;
    std::vector<RepositoryRules> changed;
    for (const RepositoryRules& entry : derived) {
        if (RepositoryRules* known = find_entry(rules, entry.repositories.front())) {
            if (says_all(*known, entry, enforce)) continue;
            extend(*known, entry, enforce);
            changed.push_back(*known);
        } else if (const RepositoryRules* fitting = find_repository(file.rules, names_of(entry))) {
            // A pattern's entry goes on for the others; this repository gets a copy with what it lacks, before it.
            if (says_all(*fitting, entry, enforce)) continue;
            RepositoryRules copy = *fitting;
            copy.repositories = entry.repositories;
            extend(copy, entry, enforce);
            rules.repositories.insert(rules.repositories.begin(), copy);
            changed.push_back(std::move(copy));
        } else {
            added.push_back(entry);
        }
    }
    if (changed.empty() && added.empty()) return file.text;
    rules.repositories.insert(rules.repositories.end(), added.begin(), added.end());
    const std::string whole = write_rules(rules);
    if (file.text.empty() || write_rules(file.rules) == file.text) return whole;
    if (!changed.empty()) {
        changed.insert(changed.end(), added.begin(), added.end());
        leave_to_person(changed);
    }
    // Appended, comments and all stay; whether the lines stand in the right place is for the reader to say.
    const std::string appended = file.text + (file.text.ends_with('\n') ? "" : "\n") + part_of(added);
    const policy::guard::RulesReading reading = policy::guard::read_rules(appended, "the file of rules");
    if (policy::has_errors(reading.findings) || write_rules(reading.rules) != whole) leave_to_person(added);
    return appended;
}

}  // namespace tidemark::hooks
