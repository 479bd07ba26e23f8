// What a pass remembers of branches and mirrors, for people who look later: read once, written where it differs.
// Belongs to the thread that writes the state; throws as the store does.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "mirror/git/remote.h"
#include "mirror/service/automation.h"
#include "mirror/service/sources.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

class GitNotes {
public:
    GitNotes(store::Store& store, std::chrono::sys_seconds now);

    /// After a look. One that opened nothing leaves what is known.
    void looked(const ObjectKey& automation, const AutomationResult& result);
    /// How an automation's branches stood when it was last looked at; null: it never was.
    const store::BranchFacts* find_branch(const ObjectKey& automation) const;
    /// The remote answered.
    void answered(const Source& source, const std::string& branch, const git::BranchTips& tips);
    void failed(const Source& source, const std::string& why);

    /// What is new since the last call. Belongs into a transaction.
    void write();

private:
    store::Store& m_store;
    std::chrono::sys_seconds m_now;
    std::map<ObjectKey, store::BranchFacts> m_branches;
    std::map<std::string, store::MirrorFacts> m_mirrors;  // by URL
    std::set<ObjectKey> m_branches_changed;
    std::set<std::string> m_mirrors_changed;
    std::set<std::string> m_grown;  // mirrors to be measured
};

}  // namespace tidemark::mirror::service
