#include "mirror/service/view.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "mirror/service/conditions.h"
#include "mirror/service/staleness.h"
#include "mirror/service/view_needs.h"
#include "policy/objects/read.h"
#include "policy/version/version.h"

namespace tidemark::mirror::service {
namespace {

using policy::ImagePolicy;
using policy::ImageRepository;
using policy::ImageUpdateAutomation;
using std::chrono::sys_seconds;
using store::ObjectStatus;

constexpr std::string_view k_held = "; held: ";

using Statuses = std::map<ObjectKey, ObjectStatus>;

/// The tag of a value in Git; empty for a name or a digest alone.
std::string tag_of(const store::ValueInGit& value) {
    const std::string_view setter = value.setter;
    if (setter.ends_with(":name") || setter.ends_with(":digest")) return "";
    if (setter.ends_with(":tag")) return value.value.substr(0, value.value.find('@'));
    const std::string reference = value.value.substr(0, value.value.find('@'));
    const std::size_t colon = reference.rfind(':');
    if (colon == std::string::npos || reference.find('/', colon) != std::string::npos) return "";
    return reference.substr(colon + 1);
}

/// Of the few tags that a status keeps: the highest version where the policy goes by versions, else the first.
std::string newest_of(const std::vector<std::string>& tags, const ImagePolicy& policy, const std::string& candidate) {
    if (tags.empty()) return candidate;
    if (!policy.selection.semver) return tags.front();
    std::string newest = candidate;
    auto best = policy::parse_version_tag(candidate);
    for (const std::string& tag : tags) {
        const auto version = policy::parse_version_tag(tag);
        if (!version || (best && compare(*version, *best) <= 0)) continue;
        best = policy::parse_version_tag(tag);
        newest = tag;
    }
    return newest.empty() ? tags.front() : newest;
}

class Reader {
public:
    explicit Reader(const ViewInput& input)
        : m_input(input),
          m_repositories(input.store.statuses(ObjectKind::image_repository)),
          m_policies(input.store.statuses(ObjectKind::image_policy)),
          m_automations(input.store.statuses(ObjectKind::image_update_automation)),
          m_pins(input.store.pins()),
          m_branches(input.store.branch_facts()),
          m_requests(input.store.request_facts()) {
        for (const StaleObject& stale : input.live ? input.live->stale : find_silent())
            m_stale[{stale.kind, stale.object}] = stale.reason;
    }

    Views read() {
        Views views;
        views.now = m_input.now;
        views.selections = std::make_shared<const policy::Selections>(m_input.objects);
        for (const auto& [key, automation] : m_input.objects.image_update_automations)
            views.automations.push_back(view(automation, views.selections->of(key)));
        for (const policy::SelectedPolicies* policies : m_not_looked_for)
            for (const ImagePolicy* policy : *policies)
                m_unknown.insert(policy);
        for (const auto& [key, repository] : m_input.objects.image_repositories)
            views.repositories.push_back(view(repository));
        for (const auto& [key, policy] : m_input.objects.image_policies)
            views.images.push_back(view(policy));
        views.mirrors = m_input.store.mirror_facts();
        if (!m_input.hooks_report.empty()) views.hooks = read_hooks_report(m_input.hooks_report);
        views.counts = count(views, m_input.objects);
        views.needs = find_needs(views, m_input);
        return views;
    }

private:
    static const ObjectStatus* find(const Statuses& statuses, const ObjectKey& key) {
        const auto found = statuses.find(key);
        return found == statuses.end() ? nullptr : &found->second;
    }

    /// An object with mistakes is not ready, whatever its state says.
    ReadyView ready_of(const policy::Metadata& metadata, const ObjectStatus* status) const {
        ReadyView view;
        if (const store::Condition* ready = status ? ready_condition(*status) : nullptr)
            view = {ready->status, ready->reason, ready->message, ready->last_transition};
        if (const policy::Finding* finding =
                policy::has_errors(metadata.findings) ? first_error(metadata.findings) : nullptr) {
            view.status = "False";
            view.reason = "Invalid";
            view.message = to_string(*finding);
        }
        return view;
    }

    /// Without a running service.
    std::vector<StaleObject> find_silent() const {
        std::vector<Expected> objects = find_expected(m_input.objects, m_input.store.mirror_facts());
        for (Expected& object : objects) {
            const auto& [kind, key] = object.name;
            if (kind == ObjectKind::git_repository) continue;
            if (const auto* status = find(kind == ObjectKind::image_repository ? m_repositories : m_automations, key))
                take_status(object, *status);
        }
        return find_stale(objects, m_input.now);
    }

    /// Why an object counts as stale.
    std::string stale_of(ObjectKind kind, const ObjectKey& key, bool suspended) const {
        const auto found = m_stale.find({kind, key});
        return suspended || found == m_stale.end() ? "" : found->second;
    }

    AutomationView view(const ImageUpdateAutomation& automation, const policy::SelectedPolicies& policies) {
        AutomationView view;
        view.key = automation.metadata.key;
        view.source = automation.source;
        view.suspended = automation.suspend;
        const auto source = m_input.objects.git_repositories.find(automation.source);
        if (source != m_input.objects.git_repositories.end()) view.url = source->second.url;
        if (const auto branch = m_branches.find(view.key); branch != m_branches.end()) {
            view.branch = branch->second;
            if (!branch->second.url.empty()) view.url = branch->second.url;
        }
        if (const auto request = m_requests.find(view.key); request != m_requests.end()) view.request = request->second;
        const ObjectStatus* status = find(m_automations, view.key);
        if (status) {
            view.last_run = status->last_run;
            view.last_push = status->last_push;
            view.last_commit = status->last_push_commit;
        }
        view.policies = &policies;
        // What nobody looked for in Git may well be there.
        if (!view.last_run) m_not_looked_for.insert(&policies);
        view.ready = ready_of(automation.metadata, status);
        view.stale = stale_of(ObjectKind::image_update_automation, view.key, view.suspended);
        for (const store::ValueInGit& value : m_input.store.values_in_git(view.key)) {
            std::set<std::string>& tags = m_in_git[value.policy];
            if (std::string tag = tag_of(value); !tag.empty()) tags.insert(std::move(tag));
        }
        return view;
    }

    RepositoryView view(const ImageRepository& repository) const {
        RepositoryView view;
        view.key = repository.metadata.key;
        view.image = repository.image;
        view.suspended = repository.suspend;
        const ObjectStatus* status = find(m_repositories, view.key);
        if (status) {
            view.scanned = status->last_scan;
            view.tags = status->tag_count;
        }
        view.ready = ready_of(repository.metadata, status);
        view.stale = stale_of(ObjectKind::image_repository, view.key, view.suspended);
        return view;
    }

    ImageView view(const ImagePolicy& policy) const {
        ImageView view;
        view.policy = policy.metadata.key;
        view.repository = policy.image_repository;
        view.suspended = policy.suspend;
        const ObjectStatus* status = find(m_policies, view.policy);
        view.ready = ready_of(policy.metadata, status);
        if (status && status->latest) {
            view.candidate = status->latest->tag;
            view.digest = status->latest->digest;
        }
        if (const auto found = m_in_git.find(view.policy); found != m_in_git.end())
            view.in_git.assign(found->second.begin(), found->second.end());
        view.pin = find_pin(policy, m_pins, m_input.now);
        if (const std::size_t held = view.ready.message.find(k_held); !view.ready.failed() && held != std::string::npos)
            view.held = view.ready.message.substr(held + k_held.size());
        if (view.pin) {
            view.held_until = view.pin->until;
            if (view.held.empty()) view.held = to_string(*view.pin);
        }
        take_repository(view, policy);
        view.state = state_of(view, policy);
        return view;
    }

    void take_repository(ImageView& view, const ImagePolicy& policy) const {
        const auto repository = m_input.objects.image_repositories.find(policy.image_repository);
        if (repository == m_input.objects.image_repositories.end()) return;
        view.image = repository->second.image;
        view.suspended = view.suspended || repository->second.suspend;
        const ObjectStatus* status = find(m_repositories, policy.image_repository);
        if (status) {
            view.scanned = status->last_scan;
            view.newest = newest_of(status->latest_tags, policy, view.candidate);
        }
        view.stale = stale_of(ObjectKind::image_repository, policy.image_repository, view.suspended);
        const ReadyView ready = ready_of(repository->second.metadata, status);
        if (ready.failed() && !view.suspended) view.ready = ready;
    }

    ImageState state_of(const ImageView& view, const ImagePolicy& policy) const {
        if (view.suspended) return ImageState::suspended;
        if (view.ready.failed()) return ImageState::failing;
        if (!view.stale.empty()) return ImageState::stale;
        if (!view.held.empty()) return ImageState::held;
        if (view.candidate.empty()) return ImageState::waiting;
        if (!m_in_git.contains(view.policy))
            return m_unknown.contains(&policy) ? ImageState::waiting : ImageState::unmarked;
        const bool behind = std::any_of(view.in_git.begin(), view.in_git.end(),
                                        [&](const std::string& tag) { return tag != view.candidate; });
        return behind ? ImageState::behind : ImageState::current;
    }

    const ViewInput& m_input;
    const Statuses m_repositories, m_policies, m_automations;
    const std::map<ObjectKey, store::Pin> m_pins;
    const std::map<ObjectKey, store::BranchFacts> m_branches;
    const std::map<ObjectKey, store::RequestFacts> m_requests;
    std::map<std::pair<ObjectKind, ObjectKey>, std::string> m_stale;
    std::map<ObjectKey, std::set<std::string>> m_in_git;         // tags; none for values that have none
    std::set<const policy::SelectedPolicies*> m_not_looked_for;  // of automations that never looked at Git
    std::set<const ImagePolicy*> m_unknown;                      // all of these
};

}  // namespace

std::string_view to_string(ImageState state) noexcept {
    constexpr std::array<std::string_view, 8> k_words = {"failing", "stale",    "suspended", "held",
                                                         "behind",  "unmarked", "waiting",   "current"};
    return k_words.at(static_cast<std::size_t>(state));
}

Views read_views(const ViewInput& input) {
    return Reader(input).read();
}

}  // namespace tidemark::mirror::service
