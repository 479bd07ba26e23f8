#include "mirror/service/git_facts.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace tidemark::mirror::service {
namespace {

/// Policies of one push that its event names; the rest is counted.
constexpr std::size_t k_choices_told = 20;

/// "1.2.3" of "ghcr.io/acme/web:1.2.3@sha256:...", where the image is `name`; else the whole value.
std::string_view tag_of(std::string_view value, std::string_view name) {
    if (value.size() <= name.size() + 1 || !value.starts_with(name) || value[name.size()] != ':') return value;
    value.remove_prefix(name.size() + 1);
    return value.substr(0, value.find('@'));
}

std::string in_words(const WrittenChoice& choice) {
    return fmt::format("{} {} → {}", choice.latest.name, tag_of(choice.old_value, choice.latest.name),
                       tag_of(choice.new_value, choice.latest.name));
}

}  // namespace

std::optional<ObjectKey> policy_of_setter(std::string_view setter) {
    const std::size_t first = setter.find(':');
    if (first == std::string_view::npos || first == 0) return std::nullopt;
    const std::string_view rest = setter.substr(first + 1);
    const std::string_view name = rest.substr(0, rest.find(':'));
    if (name.empty()) return std::nullopt;
    return ObjectKey{std::string(setter.substr(0, first)), std::string(name)};
}

std::vector<store::ValueInGit> values_in_git(const git::MarkerIndex& index,
                                             const std::vector<policy::Change>& changes) {
    using Place = std::tuple<std::string_view, std::size_t, std::string_view>;  // file, line, setter
    std::map<Place, std::string_view> changed;
    for (const policy::Change& change : changes)
        changed[{change.file, change.line, change.setter}] = change.new_value;
    std::vector<store::ValueInGit> values;
    for (const git::MarkedFile& file : index.files()) {
        const std::string shown = changed.empty() ? std::string() : index.relative(file.seen_as);
        for (const git::MarkedValue& value : file.values) {
            std::optional<ObjectKey> policy = policy_of_setter(value.setter);
            if (!policy) continue;
            const auto found = changed.find({shown, value.line, value.setter});
            values.push_back({std::move(*policy), file.seen_as, value.setter,
                              found == changed.end() ? value.value : std::string(found->second)});
        }
    }
    return values;
}

store::BranchFacts branch_facts(const AutomationPlan& plan, const git::Repository& repository,
                                const policy::BranchFacts& facts, const policy::BranchDecision& decision,
                                std::chrono::sys_seconds now) {
    store::BranchFacts seen;
    seen.checkout = facts.checkout_branch;
    seen.checkout_tip = facts.checkout_tip;
    seen.push = facts.push_branch;
    seen.url = plan.source->shown_url();
    seen.looked = now;
    if (facts.same_branch()) {
        seen.push_tip = facts.checkout_tip;
    } else if (facts.push) {
        seen.push_tip = facts.push->tip;
        seen.ahead = facts.push->extra.size();
        seen.foreign = decision.foreign.size();
        const git::ObjectId checkout = git::read_object_id(facts.checkout_tip, "the checkout branch's tip");
        const git::ObjectId push = git::read_object_id(facts.push->tip, "the push branch's tip");
        seen.behind = repository.commits_beyond(push, checkout, k_commits_counted).size();
    }
    return seen;
}

std::uint64_t size_on_disk(const std::filesystem::path& folder) {
    std::uint64_t size = 0;
    std::error_code error;
    auto entry = std::filesystem::recursive_directory_iterator(folder, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code no_file;
        if (!entry->is_regular_file(no_file)) continue;
        const std::uintmax_t bytes = entry->file_size(no_file);
        if (!no_file) size += bytes;
    }
    return size;
}

std::vector<WrittenChoice> written_choices(const std::vector<policy::Change>& changes,
                                           const std::vector<policy::PolicyReference>& candidates) {
    std::map<ObjectKey, WrittenChoice> by_policy;
    for (const policy::Change& change : changes) {
        const std::optional<ObjectKey> policy = policy_of_setter(change.setter);
        if (!policy) continue;
        WrittenChoice& choice = by_policy[*policy];
        if (choice.values++ > 0) continue;
        choice.policy = *policy;
        choice.old_value = change.old_value;
        choice.new_value = change.new_value;
    }
    std::vector<WrittenChoice> choices;
    for (const policy::PolicyReference& candidate : candidates) {
        const auto found = by_policy.find({candidate.policy_namespace, candidate.policy_name});
        if (found == by_policy.end()) continue;
        found->second.latest = candidate.latest;
        choices.push_back(std::move(found->second));
        by_policy.erase(found);
    }
    return choices;
}

store::Event push_event(const AutomationPlan& plan, const std::vector<WrittenChoice>& choices, const std::string& text,
                        const std::string& commit, std::chrono::sys_seconds now) {
    store::Event event;
    event.time = now;
    event.kind = policy::ObjectKind::image_update_automation;
    event.object = plan.automation->metadata.key;
    event.reason = commit.empty() ? "BranchRemoved" : "Pushed";
    event.message = text;
    event.facts = {{"branch", plan.push_branch}, {"url", plan.source->shown_url()}};
    if (!commit.empty()) event.facts["commit"] = commit;
    std::string changes;
    for (std::size_t i = 0; i < std::min(choices.size(), k_choices_told); ++i) {
        event.details.push_back(choices[i].policy.to_string() + ": " + in_words(choices[i]));
        changes += (i ? ", " : "") + in_words(choices[i]);
    }
    if (choices.size() > k_choices_told)
        event.details.push_back(fmt::format("and {} more policies", choices.size() - k_choices_told));
    if (!changes.empty()) event.facts["changes"] = changes;
    if (choices.size() == 1) {
        const WrittenChoice& choice = choices.front();
        event.facts["policy"] = choice.policy.to_string();
        event.facts["image"] = choice.latest.name;
        event.facts["old"] = tag_of(choice.old_value, choice.latest.name);
        event.facts["new"] = choice.latest.tag;
        if (!choice.latest.digest.empty()) event.facts["digest"] = choice.latest.digest;
    }
    return event;
}

}  // namespace tidemark::mirror::service
