#include "mirror/service/schedule_entries.h"

#include <map>
#include <string>
#include <utility>

#include "mirror/service/object_reader.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::service {
namespace {

using Entries = std::vector<Schedule::Entry>;

void add_repositories(const policy::ObjectSet& objects, store::Store* state, std::chrono::sys_seconds now,
                      Entries& entries) {
    std::map<ObjectKey, store::TagListHead> heads;
    if (state) heads = state->tag_list_heads();
    for (const auto& [key, repository] : objects.image_repositories) {
        if (repository.suspend) continue;
        entries.push_back({Task::scan, key, repository.interval, repository.metadata.spec_hash});
        const auto head = heads.find(key);
        const auto name = policy::parse_repository_name(repository.image);
        if (head != heads.end() && name && name->canonical() == head->second.canonical_name)
            entries.back().age = now - head->second.scanned;
    }
}

void add_automations(const policy::ObjectSet& objects, store::Store* state, Entries& entries) {
    std::map<ObjectKey, store::ObjectStatus> statuses;
    if (state) statuses = state->statuses(policy::ObjectKind::image_update_automation);
    for (const auto& [key, automation] : objects.image_update_automations) {
        if (automation.suspend) continue;
        std::string version = automation.metadata.spec_hash;
        if (const auto source = objects.git_repositories.find(automation.source);
            source != objects.git_repositories.end())
            version += source->second.metadata.spec_hash;
        entries.push_back({Task::update, key, automation.interval, std::move(version)});
        // Soon after a start all are looked at: the process before may have been cut between choice and push.
        if (statuses.contains(key)) entries.back().age = 2 * automation.interval;
    }
}

}  // namespace

Entries schedule_entries(const policy::ObjectSet& objects, const Configuration& configuration,
                         const AutomationRemotes& remotes, store::Store* state, std::chrono::sys_seconds now) {
    Entries entries;
    add_repositories(objects, state, now, entries);
    add_automations(objects, state, entries);
    for (const GitObjects& source : configuration.object_repositories)
        entries.push_back({Task::objects, key_of(source), source.interval, ""});
    for (const auto& [remote, use] : remotes.all()) {
        entries.push_back({Task::ask, {"", remote}, use.repository.interval, ""});
        entries.back().age = std::chrono::nanoseconds(0);  // its automations are looked at first
    }
    return entries;
}

}  // namespace tidemark::mirror::service
