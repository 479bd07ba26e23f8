// What other threads may know of the running service without asking it: the objects it works on, when their next turns
// are, what is stale, and counts since its start. The service's thread publishes, anybody reads. Safe for any thread;
// nothing is copied that grows with the number of objects.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mirror/service/workspace.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;
using policy::ObjectKind;

/// An object whose last success is longer ago than it should be.
struct StaleObject {
    ObjectKind kind = ObjectKind::image_repository;
    ObjectKey object;
    std::string reason;  // "no successful scan for 32m: ghcr.io answered 503 ..."
    std::chrono::sys_seconds since{};
};

/// When the next turn of each object is, on a clock that never jumps.
using Turns = std::map<std::pair<ObjectKind, ObjectKey>, std::chrono::steady_clock::time_point>;

struct LiveFacts {
    std::chrono::sys_seconds started{};
    bool ready = false;               // objects are read and passes may begin
    std::string not_loaded;           // why the objects could not be read at the last try
    std::string not_configured;       // why the configuration was not taken when it was last read again
    unsigned lost_passes = 0;         // in a row
    std::size_t scans_waiting = 0;    // asked for and not answered yet
    std::size_t updates_waiting = 0;  // automations that are worked on or wait for their remote
    std::size_t commands_waiting = 0;
    std::vector<StaleObject> stale;
    std::map<std::string, std::chrono::sys_seconds> pauses;  // registry hosts that are left alone, and until when
};

struct Counters {
    std::map<std::pair<std::string, std::string>, std::uint64_t> scans;  // by registry host and result
    std::map<std::string, std::uint64_t> too_many_requests;              // answers 429, by registry host
    std::map<std::string, std::uint64_t> pushes;                         // by result: "ok" or the class of the refusal
    std::map<std::string, std::uint64_t> push_notices;                   // by result: "known", "unknown", "malformed"
    std::uint64_t commits = 0;
    std::uint64_t passes = 0;
};

class Live {
public:
    // Readers
    /// Null before the objects were read for the first time.
    std::shared_ptr<const Workspace> workspace() const;
    std::shared_ptr<const Turns> turns() const;
    LiveFacts facts() const;
    Counters counters() const;

    // The service's thread
    void publish(std::shared_ptr<const Workspace> workspace);
    void publish(Turns turns);
    void publish(LiveFacts facts);
    void count_scan(const std::string& host, const std::string& result, int http_status);
    void count_push(const std::string& result);
    void count_commit();
    void count_pass();

    // Any thread
    void count_push_notice(const std::string& result);

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const Workspace> m_workspace;
    std::shared_ptr<const Turns> m_turns = std::make_shared<Turns>();
    LiveFacts m_facts;
    Counters m_counters;
};

}  // namespace tidemark::mirror::service
