// How the objects fit together, as Flux's controllers judge it: ImageRepository and access for a policy, source and
// branches for an automation.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "policy/base/nearest.h"
#include "policy/objects/read.h"
#include "policy/objects/selections.h"

namespace tidemark::policy {
namespace {

// Each API server puts this label on every Namespace.
constexpr std::string_view k_name_label = "kubernetes.io/metadata.name";

template <class Object>
void add(Object& object, Severity severity, std::string_view kind, std::string message, std::string remedy = {}) {
    Metadata& metadata = object.metadata;
    metadata.findings.push_back({severity, metadata.place, fmt::format("{} {}", kind, metadata.key.to_string()),
                                 std::move(message), std::move(remedy)});
}

// "did you mean" among the objects of a namespace; where the name stands in another one, that is said.
template <class Object>
std::string remedy_for_missing(const ObjectKey& wanted, const std::map<ObjectKey, Object>& there) {
    std::vector<std::string_view> names;
    for (auto it = there.lower_bound({wanted.object_namespace, ""}); it != there.end(); ++it) {
        // Only a handful is looked at: with thousands of missing objects this would be quadratic.
        if (it->first.object_namespace != wanted.object_namespace || names.size() == 200) break;
        names.push_back(it->first.name);
    }
    if (const auto near = nearest(wanted.name, names)) return fmt::format("did you mean {}?", *near);
    return fmt::format("there are {} in namespace {}", names.empty() ? "none" : "others", wanted.object_namespace);
}

bool selects(const Labels& match_labels, const Labels& labels, const std::string& name) {
    return std::all_of(match_labels.begin(), match_labels.end(), [&](const auto& wanted) {
        const auto found = labels.find(wanted.first);
        if (found != labels.end()) return found->second == wanted.second;
        return wanted.first == k_name_label && wanted.second == name;
    });
}

// fluxcd/pkg/runtime/acl: an empty matchLabels selects every namespace.
bool grants_access(const ImageRepository& repository, const std::string& to, const ObjectSet& objects) {
    if (repository.metadata.key.object_namespace == to) return true;
    if (!repository.access_from) return false;
    static const Labels k_none;
    const auto found = objects.namespace_labels.find(to);
    const Labels& labels = found == objects.namespace_labels.end() ? k_none : found->second;
    return std::any_of(repository.access_from->begin(), repository.access_from->end(),
                       [&](const Labels& selector) { return selects(selector, labels, to); });
}

void check_policy(ImagePolicy& policy, const ObjectSet& objects) {
    constexpr std::string_view k_kind = "ImagePolicy";
    const ObjectKey& wanted = policy.image_repository;
    if (wanted.name.empty()) return;  // reported when read
    const auto found = objects.image_repositories.find(wanted);
    if (found == objects.image_repositories.end()) {
        add(policy, Severity::error, k_kind, fmt::format("its ImageRepository {} does not exist", wanted.to_string()),
            remedy_for_missing(wanted, objects.image_repositories));
        return;
    }
    const std::string& own = policy.metadata.key.object_namespace;
    if (!grants_access(found->second, own, objects)) {
        const bool known = objects.namespace_labels.count(own) != 0;
        add(policy, Severity::error, k_kind,
            fmt::format("ImageRepository {} gives no access to namespace {}: no entry of its accessFrom matches",
                        wanted.to_string(), own),
            known
                ? ""
                : fmt::format("labels of Namespace {} are not known; put the Namespace object beside the others", own));
    } else if (!found->second.metadata.valid()) {
        add(policy, Severity::error, k_kind, fmt::format("its ImageRepository {} is not ready", wanted.to_string()));
    }
}

struct Target {
    std::string url;
    std::string branch;
    auto operator<=>(const Target&) const = default;
};

// The branch an automation pushes to; empty where that cannot be told (reported).
std::string push_branch_of(const ImageUpdateAutomation& automation, const GitRepository& source) {
    if (!automation.push_branch.empty()) return automation.push_branch;
    return automation.checkout_branch.empty() ? source.branch : automation.checkout_branch;
}

void check_branches(ImageUpdateAutomation& automation, const GitRepository& source) {
    constexpr std::string_view k_kind = "ImageUpdateAutomation";
    if (!automation.checkout_branch.empty()) return;
    const std::string name = source.metadata.key.to_string();
    if (!source.other_ref.empty()) {
        add(automation, Severity::error, k_kind,
            fmt::format("GitRepository {} is at {}, which is no branch to start from", name, source.other_ref),
            "set spec.git.checkout.ref.branch");
    } else if (source.branch.empty() && automation.push_branch.empty()) {
        add(automation, Severity::error, k_kind,
            fmt::format("no branch to push to: neither it nor GitRepository {} names one", name),
            "set spec.git.checkout.ref.branch, or spec.ref.branch of the GitRepository");
    }
}

void check_automation(ImageUpdateAutomation& automation, ObjectSet& objects,
                      std::map<Target, ImageUpdateAutomation*>& targets) {
    constexpr std::string_view k_kind = "ImageUpdateAutomation";
    const ObjectKey& wanted = automation.source;
    if (wanted.name.empty()) return;
    const auto found = objects.git_repositories.find(wanted);
    if (found == objects.git_repositories.end()) {
        add(automation, Severity::error, k_kind, fmt::format("its GitRepository {} does not exist", wanted.to_string()),
            remedy_for_missing(wanted, objects.git_repositories));
        return;
    }
    const GitRepository& source = found->second;
    if (!source.metadata.valid()) {
        add(automation, Severity::error, k_kind, fmt::format("its GitRepository {} is not ready", wanted.to_string()));
        return;
    }
    check_branches(automation, source);
    const std::string branch = push_branch_of(automation, source);
    if (branch.empty() || automation.suspend || !automation.metadata.valid()) return;
    const auto [other, first] = targets.try_emplace(Target{source.url, branch}, &automation);
    if (first) return;
    const std::string remedy = "give each a push branch of its own, or make them one";
    add(automation, Severity::warning, k_kind,
        fmt::format("{} pushes to branch {} of the same repository too", other->second->metadata.key.to_string(),
                    branch),
        remedy);
    add(*other->second, Severity::warning, k_kind,
        fmt::format("{} pushes to branch {} of the same repository too", automation.metadata.key.to_string(), branch),
        remedy);
}

}  // namespace

void check_references(ObjectSet& objects) {
    for (auto& [key, policy] : objects.image_policies)
        check_policy(policy, objects);
    const Selections selections(objects);
    std::map<Target, ImageUpdateAutomation*> targets;
    for (auto& [key, automation] : objects.image_update_automations) {
        check_automation(automation, objects, targets);
        if (selections.of(key).empty())
            add(automation, Severity::warning, "ImageUpdateAutomation",
                fmt::format("no ImagePolicy of namespace {} is selected, so it never changes anything",
                            key.object_namespace));
    }
}

std::vector<const ImagePolicy*> policies_of(const ImageUpdateAutomation& automation, const ObjectSet& objects) {
    std::vector<const ImagePolicy*> policies;
    const std::string& space = automation.metadata.key.object_namespace;
    for (auto it = objects.image_policies.lower_bound({space, ""}); it != objects.image_policies.end(); ++it) {
        if (it->first.object_namespace != space) break;
        if (automation.policy_selector.matches(it->second.metadata.labels)) policies.push_back(&it->second);
    }
    return policies;
}

}  // namespace tidemark::policy
