#include "mirror/service/commands.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "policy/objects/read.h"

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKind;
using policy::ObjectSet;
using Status = CommandAnswer::Status;

constexpr std::array<std::pair<Verb, std::string_view>, 7> k_verbs = {{
    {Verb::reconcile, "reconcile"},
    {Verb::suspend, "suspend"},
    {Verb::resume, "resume"},
    {Verb::pin, "pin"},
    {Verb::unpin, "unpin"},
    {Verb::accept, "accept"},
    {Verb::reset_branch, "reset-branch"},
}};

CommandAnswer answer(Status status, std::string message) {
    return {status == Status::done, status, std::move(message), std::nullopt};
}

/// The object's suspend, or nothing if it is not there.
const bool* find_suspend(const ObjectSet& objects, ObjectKind kind, const ObjectKey& key) {
    const auto of = [&](const auto& list) -> const bool* {
        const auto found = list.find(key);
        return found == list.end() ? nullptr : &found->second.suspend;
    };
    switch (kind) {
        case ObjectKind::image_repository:
            return of(objects.image_repositories);
        case ObjectKind::image_policy:
            return of(objects.image_policies);
        case ObjectKind::image_update_automation:
            return of(objects.image_update_automations);
        case ObjectKind::git_repository:
        case ObjectKind::secret:
            break;
    }
    return nullptr;
}

/// The object and everything that is decided from it.
Wish wish_for(const ObjectSet& objects, ObjectKind kind, const ObjectKey& key) {
    Wish wish;
    if (kind == ObjectKind::image_update_automation) {
        wish.automations.insert(key);
        return wish;
    }
    const bool is_policy = kind == ObjectKind::image_policy;
    wish.repositories.insert(is_policy ? objects.image_policies.at(key).image_repository : key);
    for (const auto& [name, automation] : objects.image_update_automations)
        for (const policy::ImagePolicy* policy : policies_of(automation, objects))
            if (is_policy ? policy->metadata.key == key : policy->image_repository == key)
                wish.automations.insert(name);
    return wish;
}

}  // namespace

std::string_view to_string(Verb verb) noexcept {
    const auto* found =
        std::find_if(k_verbs.begin(), k_verbs.end(), [verb](const auto& entry) { return entry.first == verb; });
    return found == k_verbs.end() ? std::string_view() : found->second;
}

std::optional<Verb> find_verb(std::string_view word) noexcept {
    const auto* found =
        std::find_if(k_verbs.begin(), k_verbs.end(), [word](const auto& entry) { return entry.second == word; });
    return found == k_verbs.end() ? std::nullopt : std::optional(found->first);
}

std::optional<ObjectKind> find_kind(std::string_view word) noexcept {
    if (word.starts_with("image ")) word.remove_prefix(6);
    if (word == "ImageRepository" || word == "repository") return ObjectKind::image_repository;
    if (word == "ImagePolicy" || word == "policy") return ObjectKind::image_policy;
    if (word == "ImageUpdateAutomation" || word == "update" || word == "update automation")
        return ObjectKind::image_update_automation;
    return std::nullopt;
}

CommandAnswer apply(const Command& command, Session& session, std::chrono::sys_seconds) {
    const ObjectSet& objects = session.workspace->objects;
    const bool* suspended = find_suspend(objects, command.kind, command.object);
    if (!suspended)
        return answer(Status::not_found, fmt::format("{} {} is not among the objects", policy::kind_name(command.kind),
                                                     command.object.to_string()));
    if (command.verb != Verb::reconcile)
        return answer(Status::refused, fmt::format("{} is not there yet", to_string(command.verb)));
    if (*suspended)
        return answer(Status::refused, fmt::format("{} is suspended; resume it first", command.object.to_string()));
    CommandAnswer done = answer(Status::done, fmt::format("{} is worked on now", command.object.to_string()));
    done.wish = wish_for(objects, command.kind, command.object);
    return done;
}

}  // namespace tidemark::mirror::service
