// The second step of a pass: the candidates of ImagePolicies, from the stored tags. What did not change is not
// computed again.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>

#include "mirror/base/secrets.h"
#include "mirror/registry/scanner.h"
#include "mirror/service/digests.h"
#include "mirror/service/report.h"
#include "mirror/service/scan.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

struct PolicyStep {
    const policy::ObjectSet& objects;
    const SecretStore& secrets;
    store::Store& store;
    registry::Scanner& scanner;
    const Reporter& report;
    std::chrono::sys_seconds now;
    const ScanSummary& scans;
    /// Which to look at; null: all.
    const std::set<ObjectKey>* only = nullptr;
    /// Trust no standing decision to be made from the stored tags: a pass that was cut may have stored them only.
    bool anew = false;
    std::stop_token stop = {};
    /// Where digests come from that nobody waits for: until they are there, what stands is kept. Null: the registries
    /// are waited for.
    Digests* digests = nullptr;
    /// Whether a repository is being scanned. If that is its first time, its policies wait without a word. Null: no.
    std::function<bool(const ObjectKey& repository)> scanning = {};
};

struct PolicySummary {
    /// What may be written to Git, by policy.
    std::map<ObjectKey, store::Decision> candidates;
    std::set<ObjectKey> moved;  // candidates that are others than before
    std::set<ObjectKey> not_ready;
    std::map<ObjectKey, std::string> held;  // by a pin: one sentence each, for a plan
    /// When the first of these pins ends: then it has to be decided again.
    std::optional<std::chrono::sys_seconds> holds_until;

    /// Of other policies.
    void add(PolicySummary&& other);
};

PolicySummary decide_policies(const PolicyStep& step);

}  // namespace tidemark::mirror::service
