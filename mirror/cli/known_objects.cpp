#include "mirror/cli/known_objects.h"

#include <memory>

#include <fmt/format.h>

#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/service/suspensions.h"
#include "mirror/service/workspace.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_findings_shown = 5;

using Statuses = std::map<policy::ObjectKey, store::ObjectStatus>;

/// The state, opened when it is first asked for; each kind is read once.
class StateReader {
public:
    explicit StateReader(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    std::optional<store::ObjectStatus> find(policy::ObjectKind kind, const policy::ObjectKey& key) {
        const Statuses& statuses = of_kind(kind);
        const auto found = statuses.find(key);
        if (found == statuses.end()) return std::nullopt;
        return found->second;
    }

    store::Store& store() {
        if (!m_store) m_store.emplace(m_folder, store::OpenMode::read_only);
        return *m_store;
    }

private:
    const Statuses& of_kind(policy::ObjectKind kind) {
        if (const auto known = m_statuses.find(kind); known != m_statuses.end()) return known->second;
        return m_statuses.emplace(kind, store().statuses(kind)).first->second;
    }

    std::filesystem::path m_folder;
    std::optional<store::Store> m_store;
    std::map<policy::ObjectKind, Statuses> m_statuses;
};

/// Of files: what is wrong with an object stands in its own line.
void warn_of_files(const policy::Findings& findings, const Streams& streams) {
    std::size_t count = 0;
    for (const policy::Finding& finding : findings) {
        if (finding.severity != policy::Severity::error || !finding.subject.empty()) continue;
        if (++count <= k_findings_shown) say_warning(streams, policy::to_string(finding));
    }
    if (count > k_findings_shown)
        say_warning(streams, fmt::format("and {} more: \"tidemark check\" shows all", count - k_findings_shown));
}

}  // namespace

KnownObjects read_known_objects(const Call& call) {
    KnownObjects known;
    if (call.environment.read_objects) {
        known.objects = call.environment.read_objects(call.global);
        if (call.environment.open_status) known.status = call.environment.open_status(call.global);
        return known;
    }
    const Configuration configuration = configuration_with_objects(call);
    service::Workspace workspace = service::load_workspace(configuration, service::Fetch::no);
    const auto state = std::make_shared<StateReader>(configuration.state);
    service::apply_suspensions(workspace, state->store(), service::VoidSuspensions::remember);
    known.objects = std::move(workspace.objects);
    warn_of_files(known.objects.findings, call.streams);
    known.status = [state](policy::ObjectKind kind, const policy::ObjectKey& key) { return state->find(kind, key); };
    return known;
}

std::vector<policy::SourceText> read_object_texts(const Call& call) {
    if (call.environment.read_texts) return call.environment.read_texts(call.global);
    return service::read_object_texts(configuration_with_objects(call), service::Fetch::no);
}

}  // namespace tidemark::mirror::cli
