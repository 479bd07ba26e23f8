#include "mirror/cli/known_objects.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "mirror/cli/configuration.h"
#include "mirror/cli/control_places.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/told_objects.h"
#include "mirror/service/suspensions.h"
#include "mirror/service/workspace.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_problems_shown = 5;

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

void warn_of(const std::vector<std::string>& problems, const Streams& streams) {
    for (std::size_t i = 0; i < std::min(problems.size(), k_problems_shown); ++i)
        say_warning(streams, visible(problems[i]));
    if (problems.size() > k_problems_shown)
        say_warning(streams,
                    fmt::format("and {} more: \"tidemark check\" shows all", problems.size() - k_problems_shown));
}

KnownObjects known_here(policy::ObjectSet objects, StatusLookup status) {
    const auto shared = std::make_shared<const policy::ObjectSet>(std::move(objects));
    return [=](policy::ObjectKind kind, const std::optional<std::string>& name_space, const std::string& name) {
        return service::find_known_objects(*shared, kind, name_space, name, status).objects;
    };
}

KnownObjects known_to_service(std::shared_ptr<ServiceClient> client, const Streams& streams) {
    return [client = std::move(client), &streams, warned = false](
               policy::ObjectKind kind, const std::optional<std::string>& name_space, const std::string& name) mutable {
        ToldObjects told = ask_for_objects(*client, kind, name_space, name);
        if (!std::exchange(warned, true)) warn_of(told.problems, streams);
        return std::move(told.objects);
    };
}

}  // namespace

KnownObjects read_known_objects(const Call& call) {
    if (call.environment.read_objects)
        return known_here(call.environment.read_objects(call.global),
                          call.environment.open_status ? call.environment.open_status(call.global) : StatusLookup());
    const Configuration configuration = configuration_of(call);
    if (call.global.objects.empty())
        if (auto client = find_service(configuration)) return known_to_service(std::move(client), call.streams);
    require_objects(configuration);
    service::Workspace workspace = service::load_workspace(configuration, service::Fetch::no);
    const auto state = std::make_shared<StateReader>(configuration.state);
    service::apply_suspensions(workspace, state->store(), service::VoidSuspensions::remember);
    warn_of(service::problems_of_files(workspace.objects), call.streams);
    return known_here(std::move(workspace.objects), [state](policy::ObjectKind kind, const policy::ObjectKey& key) {
        return state->find(kind, key);
    });
}

std::vector<policy::SourceText> read_object_texts(const Call& call) {
    if (call.environment.read_texts) return call.environment.read_texts(call.global);
    return service::read_object_texts(configuration_with_objects(call), service::Fetch::no);
}

}  // namespace tidemark::mirror::cli
