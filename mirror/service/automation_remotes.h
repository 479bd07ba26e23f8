// Which remotes the automations of some objects use: one piece of work at a time goes to a remote, and each is asked
// where its branches are as often as the most impatient GitRepository wants it. A plain value; asks nobody.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

class AutomationRemotes {
public:
    struct Use {
        policy::GitRepository repository;  // the most impatient one
        std::set<std::string> branches;
        std::set<ObjectKey> automations;
    };

    AutomationRemotes() = default;
    AutomationRemotes(const policy::ObjectSet& objects, const std::filesystem::path& state);

    /// By mirror.
    const std::map<std::string, Use>& all() const noexcept { return m_uses; }

    /// Of these automations those whose remote is not busy, and those of which nobody can say which it is: they say
    /// themselves what is wrong.
    std::set<ObjectKey> startable(const std::set<ObjectKey>& automations,
                                  const std::function<bool(const std::string& remote)>& busy) const;

private:
    std::map<std::string, Use> m_uses;
    std::set<ObjectKey> m_with_remote;
};

}  // namespace tidemark::mirror::service
