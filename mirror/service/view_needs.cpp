#include "mirror/service/view_needs.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include <fmt/format.h>

namespace tidemark::mirror::service {
namespace {

/// Whether one of the words is in the text, capitals or not.
bool has_any(std::string text, std::initializer_list<std::string_view> words) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

std::string next_for_scan(const std::string& reason, const std::string& message) {
    if (reason == "AuthenticationFailed" || has_any(message, {"401", "403", "unauthorized", "denied", "credential"}))
        return "renew the credential that its spec.secretRef names";
    if (has_any(message, {"404", "not found", "unknown"})) return "correct its spec.image, or push a first image there";
    if (has_any(message, {"429", "too many requests", "left alone"}))
        return "nothing to do: it is tried again when the registry allows it";
    if (has_any(message, {"certificate", "tls", "ssl"}))
        return "see to the registry's certificate, or spec.certSecretRef";
    return "it is tried again by itself; if it stays, see whether the registry can be reached from this host";
}

std::string next_for_policy(const std::string& reason) {
    if (reason == "DependencyNotReady") return "see to the ImageRepository that it names";
    if (reason == "Failure") return "compare its range and filter with the tags of its repository";
    return "correct its spec";
}

std::string next_for_update(const std::string& reason, const std::string& message) {
    if (reason == "InvalidConfiguration") return "correct its spec";
    if (has_any(message, {"signingkey"})) return "see to the Secret that its spec.git.commit.signingKey names";
    if (has_any(message, {"protected branch"}))
        return "allow tidemark in the branch's push allow list, or push to a branch of its own";
    if (has_any(message, {"commits of other", "foreign", "other people", "not by tidemark"}))
        return "merge or drop those commits, then reset the branch";
    if (has_any(message, {"hook"})) return "do what the server's own lines ask for; it is tried again by itself";
    if (has_any(message, {"authentication", "permission denied", "401", "403", "credential", "publickey"}))
        return "renew the credential that the GitRepository's secretRef names";
    if (has_any(message, {"not found", "does not exist", "no branch"}))
        return "correct the GitRepository's url or branch, or create the repository";
    return "it is tried again by itself; if it stays, see whether the Git host can be reached from this host";
}

class Finder {
public:
    Finder(Views& views, const ViewInput& input) : m_views(views), m_input(input) {}

    std::vector<Need> find() {
        add_service();
        add_hooks();
        for (AutomationView& automation : m_views.automations)
            if (!automation.suspended)
                automation.needs =
                    add(ObjectKind::image_update_automation, automation.key, automation.ready, automation.stale);
        for (RepositoryView& repository : m_views.repositories)
            if (!repository.suspended)
                repository.needs =
                    add(ObjectKind::image_repository, repository.key, repository.ready, repository.stale);
        for (ImageView& image : m_views.images)
            add_image(image);
        add_files();
        return std::move(m_needs);
    }

private:
    void add_service() {
        if (!m_input.live) return;
        if (!m_input.live->not_loaded.empty())
            m_needs.push_back({std::nullopt, "objects",
                               "objects were not read, those of before stay in use: " + m_input.live->not_loaded,
                               "mend what it names; `tidemark check` tells more", std::nullopt});
        if (!m_input.live->not_configured.empty())
            m_needs.push_back(
                {std::nullopt, "configuration",
                 "the configuration was not taken, the one before stays in use: " + m_input.live->not_configured,
                 "mend what it names, then `systemctl reload tidemark`", std::nullopt});
        if (m_input.live->lost_passes > 0)
            m_needs.push_back({std::nullopt, "service",
                               fmt::format("{} passes in a row were lost", m_input.live->lost_passes),
                               "see the log: `tidemark logs`, or `journalctl -u tidemark`", std::nullopt});
    }

    void add_hooks() {
        for (const HookView& hook : m_views.hooks.hooks)
            if (!hook.armed)
                m_needs.push_back({std::nullopt, hook.repository, hook.why,
                                   "`tidemark hooks verify --repair` on the Git host puts it back", std::nullopt});
        if (!m_views.hooks.problem.empty())
            m_needs.push_back({std::nullopt, "hooks", m_views.hooks.problem,
                               "run `tidemark hooks verify --report` anew", std::nullopt});
    }

    std::string add(ObjectKind kind, const ObjectKey& key, const ReadyView& ready, const std::string& stale) {
        if (!ready.failed() && stale.empty()) return "";
        const bool failed = ready.failed();
        const std::string next = next_step(kind, failed ? ready.reason : "", failed ? ready.message : stale);
        m_needs.push_back({kind, key.to_string(), failed ? ready.message : stale, next,
                           failed ? std::optional(ready.since) : std::nullopt});
        return next;
    }

    /// A policy whose repository is in trouble says so on its own line, but it is the repository that needs somebody.
    void add_image(ImageView& image) {
        if (image.state != ImageState::failing && image.state != ImageState::stale) return;
        const auto repository =
            std::lower_bound(m_views.repositories.begin(), m_views.repositories.end(), image.repository,
                             [](const RepositoryView& view, const ObjectKey& key) { return view.key < key; });
        if (repository != m_views.repositories.end() && repository->key == image.repository &&
            !repository->needs.empty()) {
            image.needs = repository->needs;
        } else {
            image.needs = add(ObjectKind::image_policy, image.policy, image.ready, image.stale);
        }
    }

    void add_files() {
        for (const policy::Finding& finding : m_input.objects.findings)
            if (finding.severity == policy::Severity::error)
                m_needs.push_back(
                    {std::nullopt, finding.place.file, to_string(finding), "correct the file", std::nullopt});
    }

    Views& m_views;
    const ViewInput& m_input;
    std::vector<Need> m_needs;
};

}  // namespace

Counts count(const Views& views, const policy::ObjectSet& objects) {
    Counts counts;
    counts.images = views.images.size();
    counts.repositories = views.repositories.size();
    counts.automations = views.automations.size();
    counts.objects = counts.images + counts.repositories + counts.automations + objects.git_repositories.size();
    for (const ImageView& image : views.images) {
        switch (image.state) {
            case ImageState::failing:
                ++counts.failing;
                break;
            case ImageState::stale:
                ++counts.stale;
                break;
            case ImageState::suspended:
                ++counts.suspended;
                break;
            case ImageState::held:
                ++counts.held;
                break;
            case ImageState::behind:
                ++counts.behind;
                break;
            case ImageState::unmarked:
                ++counts.unmarked;
                break;
            case ImageState::waiting:
                ++counts.waiting;
                break;
            case ImageState::current:
                ++counts.current;
                break;
        }
    }
    return counts;
}

std::vector<Need> find_needs(Views& views, const ViewInput& input) {
    return Finder(views, input).find();
}

std::string next_step(ObjectKind kind, const std::string& reason, const std::string& message) {
    if (reason == "Invalid") return "correct the object there";
    switch (kind) {
        case ObjectKind::image_repository:
            return next_for_scan(reason, message);
        case ObjectKind::image_policy:
            return next_for_policy(reason);
        case ObjectKind::image_update_automation:
        case ObjectKind::git_repository:
        case ObjectKind::secret:
            break;
    }
    return next_for_update(reason, message);
}

}  // namespace tidemark::mirror::service
