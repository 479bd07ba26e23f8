// Commands carried out by this process on the state, while no service runs.
#include <optional>

#include "mirror/cli/control_places.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"
#include "mirror/service/conditions.h"
#include "mirror/service/pass.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKey;
using policy::ObjectKind;
using service::Command;
using service::Verb;

std::chrono::sys_seconds wall_clock() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

class StateControl : public Control {
public:
    StateControl(Configuration configuration, const Streams& streams)
        : m_configuration(std::move(configuration)), m_streams(streams) {}

    std::vector<std::string> names(ObjectKind kind, const std::string& name_space) override {
        std::vector<std::string> names;
        const auto add = [&](const auto& objects) {
            for (const auto& [key, object] : objects)
                if (key.object_namespace == name_space) names.push_back(key.name);
        };
        const policy::ObjectSet& objects = session(service::Fetch::yes).workspace->objects;
        if (kind == ObjectKind::image_repository) add(objects.image_repositories);
        if (kind == ObjectKind::image_policy) add(objects.image_policies);
        if (kind == ObjectKind::image_update_automation) add(objects.image_update_automations);
        return names;
    }

    Given give(const Command& command) override {
        // What a person says needs no news from Git; a pass does.
        const bool works = command.verb == Verb::reconcile || command.verb == Verb::resume;
        service::Session& open = session(works ? service::Fetch::yes : service::Fetch::no);
        service::CommandAnswer answer = service::apply(command, open, wall_clock());
        if (answer.wish) {
            m_wish.repositories.merge(answer.wish->repositories);
            m_wish.automations.merge(answer.wish->automations);
        }
        return {answer.status, std::move(answer.message), ""};
    }

    Worked wait(const Given&, const Command& command, std::chrono::steady_clock::time_point deadline) override {
        if (!m_wish.repositories.empty() || !m_wish.automations.empty()) {
            if (std::chrono::steady_clock::now() >= deadline) return {End::not_reached, "", ""};
            work();
        }
        const auto statuses = m_session->store->statuses(command.kind);
        const auto found = statuses.find(command.object);
        const store::Condition* ready = found == statuses.end() ? nullptr : service::ready_condition(found->second);
        if (!ready) return {};
        const End end = ready->status == "True" ? End::ready : ready->status == "False" ? End::not_ready : End::unknown;
        return {end, ready->message, result_text(command.kind, found->second)};
    }

private:
    service::Session& session(service::Fetch fetch) {
        if (!m_session) m_session = service::open_session(m_configuration, service::PassMode::run, fetch);
        return *m_session;
    }

    /// One pass for all that was asked for.
    void work() {
        service::PassRequest request;
        request.now = wall_clock();
        request.repositories = std::exchange(m_wish.repositories, {});
        request.automations = std::exchange(m_wish.automations, {});
        PassReport report(m_streams, 0);
        service::run_pass(m_configuration, *m_session, request, [&](const service::ReportLine& line) {
            // What was asked for is told by its Ready condition; a server's own words stand here only.
            if (line.outcome == service::Outcome::failed) report.take(line);
        });
    }

    Configuration m_configuration;
    const Streams& m_streams;
    std::optional<service::Session> m_session;
    service::Wish m_wish;
};

}  // namespace

std::shared_ptr<Control> control_by_state(const Configuration& configuration, const Streams& streams) {
    return std::make_shared<StateControl>(configuration, streams);
}

}  // namespace tidemark::mirror::cli
