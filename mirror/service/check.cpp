#include "mirror/service/check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/forge/forge.h"
#include "mirror/git/marker_index.h"
#include "mirror/notify/sink.h"
#include "mirror/service/automation_plan.h"
#include "mirror/service/forges.h"
#include "mirror/service/registry_access.h"
#include "mirror/service/sources.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {
namespace {

using policy::Finding;
using policy::Findings;
using policy::ImageUpdateAutomation;
using policy::Severity;

constexpr std::size_t k_shortest_token = 16;

class Check {
public:
    Check(const Configuration& configuration, const Workspace& workspace)
        : m_configuration(configuration),
          m_workspace(workspace),
          m_objects(workspace.objects),
          m_sources(configuration.state, workspace.secrets, MirrorUse::write) {}

    CheckResult run() {
        add(m_objects.findings);
        add(notify::check_sinks(m_configuration.notifications, m_workspace.secrets));
        for (const ReceiverSettings& receiver : m_configuration.receivers)
            check_receiver(receiver);
        for (const auto& [key, repository] : m_objects.image_repositories)
            check_repository(repository);
        for (const auto& [key, policy] : m_objects.image_policies)
            add(policy.metadata.findings);
        for (const auto& [key, source] : m_objects.git_repositories)
            add(source.metadata.findings);
        // All branches first, so that each remote is asked once.
        for (const auto& [key, automation] : m_objects.image_update_automations)
            prepare(automation);
        for (const Prepared& prepared : m_prepared)
            check_markers(prepared);
        m_forges.use(m_configuration.forges);
        for (const ForgeSettings& forge : m_configuration.forges)
            check_forge(forge);
        return std::move(m_result);
    }

private:
    struct Prepared {
        const ImageUpdateAutomation* automation;
        Source* source;
        std::string branch;
    };

    void add(const Findings& findings) {
        m_result.findings.insert(m_result.findings.end(), findings.begin(), findings.end());
    }

    void fault(const policy::Metadata& metadata, std::string_view kind, const std::string& message) {
        m_result.findings.push_back(
            {Severity::error, metadata.place, fmt::format("{} {}", kind, metadata.key.to_string()), message, ""});
    }

    void check_repository(const policy::ImageRepository& repository) {
        add(repository.metadata.findings);
        if (!repository.metadata.valid()) return;
        try {
            registry_access(repository, m_workspace.secrets);
        } catch (const Error& error) {
            fault(repository.metadata, "ImageRepository", error.what());
        }
    }

    void check_receiver(const ReceiverSettings& receiver) {
        const auto say = [&](Severity severity, std::string message) {
            m_result.findings.push_back(
                policy::make_finding(severity, receiver.place, "receiver " + receiver.name, std::move(message)));
        };
        try {
            const SecretValues secret = m_workspace.secrets.get(receiver.secret_ref);
            const auto token = secret.find("token");
            if (token == secret.end() || token->second.empty()) {
                say(Severity::error, fmt::format("the Secret {} holds no key token", receiver.secret_ref.to_string()));
            } else if (token->second.reveal().size() < k_shortest_token) {
                say(Severity::warning,
                    fmt::format("its token is shorter than {} characters, which can be guessed", k_shortest_token));
            }
        } catch (const Error& error) {
            say(Severity::error, error.what());
        }
        for (const policy::ObjectKey& key : receiver.repositories.value_or(std::set<policy::ObjectKey>())) {
            if (!m_objects.image_repositories.contains(key))
                say(Severity::warning, fmt::format("there is no ImageRepository {}", key.to_string()));
        }
    }

    void prepare(const ImageUpdateAutomation& automation) {
        add(automation.metadata.findings);
        if (!automation.metadata.valid()) return;
        const auto source = m_objects.git_repositories.find(automation.source);
        if (source == m_objects.git_repositories.end() || !source->second.metadata.valid()) return;
        if (policies_of(automation, m_objects).empty())
            m_result.findings.push_back(
                policy::make_finding(Severity::warning, automation.metadata.place,
                                     "ImageUpdateAutomation " + automation.metadata.key.to_string(),
                                     "no policy of its namespace matches, so it never writes anything", ""));
        try {
            Prepared prepared{&automation, &m_sources.open(source->second), automation.checkout_branch};
            if (prepared.branch.empty())
                prepared.branch = source->second.branch.empty() ? "master" : source->second.branch;
            prepared.source->need(prepared.branch);
            check_push(automation, prepared.branch);
            m_prepared.push_back(std::move(prepared));
        } catch (const Error& error) {
            fault(source->second.metadata, "GitRepository", error.what());
        }
    }

    void check_push(const ImageUpdateAutomation& automation, const std::string& checkout_branch) {
        try {
            if (automation.signing_key) find_signing_key(automation, m_workspace.secrets);
            if (!automation.push_refspec.empty())
                read_push_refspec(automation.push_refspec,
                                  automation.push_branch.empty() ? checkout_branch : automation.push_branch);
        } catch (const Error& error) {
            fault(automation.metadata, "ImageUpdateAutomation", error.what());
        }
    }

    void check_markers(const Prepared& prepared) {
        const ImageUpdateAutomation& automation = *prepared.automation;
        try {
            const git::BranchTips& tips = prepared.source->tips();
            const auto tip = tips.find(prepared.branch);
            if (tip == tips.end() || !tip->second)
                return fault(automation.metadata, "ImageUpdateAutomation",
                             fmt::format("{} has no branch {}", prepared.source->shown_url(), prepared.branch));
            git::Repository& repository = prepared.source->repository();
            git::MarkerIndex index(prepared.source->mirror() / git::marker_index_name(automation.update_path),
                                   automation.update_path);
            index.update(repository, repository.read_commit(*tip->second).tree);
            index.save();
            look_at(automation, index);
        } catch (const Error& error) {
            fault(automation.metadata, "ImageUpdateAutomation", error.what());
        }
    }

    /// Its Secret, and what it says of each repository that an automation proposes changes to; the first refusal is
    /// enough.
    void check_forge(const ForgeSettings& settings) {
        const auto say = [&](Severity severity, std::string message) {
            m_result.findings.push_back(
                policy::make_finding(severity, settings.place, "forge " + settings.host, std::move(message)));
        };
        try {
            forge::make_forge(settings, m_workspace.secrets);
            std::set<std::string> asked;
            for (const Prepared& prepared : m_prepared) {
                const std::string& url = prepared.source->shown_url();
                const std::string& push_branch = prepared.automation->push_branch;
                if (push_branch.empty() || push_branch == prepared.branch || !is_on(settings, url)) continue;
                if (asked.insert(url).second)
                    m_forges.ask(settings, {url, push_branch, prepared.branch}, m_workspace.secrets, {});
            }
        } catch (const Error& error) {
            say(Severity::error, error.what());
        }
        const auto& sources = m_objects.git_repositories;
        if (std::none_of(sources.begin(), sources.end(),
                         [&](const auto& source) { return is_on(settings, source.second.url); }))
            say(Severity::warning, "no GitRepository has a URL with this host, so it is never asked");
    }

    bool is_on(const ForgeSettings& settings, const std::string& url) const {
        const auto forge = m_forges.find(url);
        return forge && forge->host == settings.host;
    }

    void look_at(const ImageUpdateAutomation& automation, const git::MarkerIndex& index) {
        const std::set<std::string> known = setters_of(automation);
        const std::string prefix = index.prefix();
        for (Finding finding : index.findings()) {
            finding.place.file = prefix + finding.place.file;
            m_result.findings.push_back(std::move(finding));
        }
        m_result.files += index.files().size();
        for (const git::MarkedFile& file : index.files()) {
            for (const git::MarkedValue& value : file.values) {
                if (known.contains(value.setter)) {
                    ++m_result.markers;
                    continue;
                }
                Finding finding;
                finding.place = {prefix + index.relative(file.seen_as), value.line, 0};
                finding.message = fmt::format("the marker names {}, which no policy of {} offers", value.setter,
                                              automation.metadata.key.to_string());
                finding.remedy = "the value is never updated; mend the marker, or make the policy";
                m_result.findings.push_back(std::move(finding));
            }
        }
        if (index.files().empty())
            m_result.findings.push_back(
                policy::make_finding(Severity::warning, automation.metadata.place,
                                     "ImageUpdateAutomation " + automation.metadata.key.to_string(),
                                     "no file below its update path holds a marker", ""));
    }

    std::set<std::string> setters_of(const ImageUpdateAutomation& automation) const {
        std::set<std::string> setters;
        for (const policy::ImagePolicy* policy : policies_of(automation, m_objects)) {
            const std::string base = policy->metadata.key.object_namespace + ":" + policy->metadata.key.name;
            setters.insert({base, base + ":tag", base + ":name", base + ":digest"});
        }
        return setters;
    }

    const Configuration& m_configuration;
    const Workspace& m_workspace;
    const policy::ObjectSet& m_objects;
    Sources m_sources;
    Forges m_forges;
    std::vector<Prepared> m_prepared;
    CheckResult m_result;
};

}  // namespace

CheckResult check_workspace(const Configuration& configuration, const Session& session) {
    return Check(configuration, *session.workspace).run();
}

}  // namespace tidemark::mirror::service
