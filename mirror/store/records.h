// What the state keeps beside tags and statuses: a person's say, what happened, what stood where when it was last
// looked at. Plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/objects/objects.h"

namespace tidemark::mirror::store {

using policy::ObjectKey;

/// A person keeps a policy at a tag.
struct Pin {
    std::string tag;
    std::string who;
    std::string reason;
    std::chrono::sys_seconds when{};
    std::optional<std::chrono::sys_seconds> until;  // unset: until it is taken out
    bool operator==(const Pin&) const = default;
};

/// A person's suspend or resume. Counts while the object's own spec.suspend is still `spec_suspended`.
struct Suspension {
    bool suspended = false;
    bool spec_suspended = false;
    std::string who;
    std::string reason;
    std::chrono::sys_seconds when{};
    bool operator==(const Suspension&) const = default;
};

/// A person gives up the commits of others on an automation's branch: it may be rebuilt over this tip, once.
struct BranchReset {
    std::string branch;
    std::string tip;
    std::string who;
    std::chrono::sys_seconds when{};
    bool operator==(const BranchReset&) const = default;
};

enum class Severity { info, warning, error };

/// Something changed: once when it begins, once when it ends.
struct Event {
    std::int64_t id = 0;  // given by add_event()
    std::chrono::sys_seconds time{};
    Severity severity = Severity::info;
    std::optional<policy::ObjectKind> kind;  // unset: about the service itself
    ObjectKey object;
    std::string reason;  // one word: "Pushed", "PushRefused", "ScanFailed", "CandidateChosen", "Recovered", "Pinned"
    std::string message;
    std::vector<std::string> details;          // the remote's own lines, what happens next
    std::string who;                           // empty: Tidemark itself
    std::map<std::string, std::string> facts;  // image, old, new, digest, branch, commit
    bool operator==(const Event&) const = default;
};

struct EventQuery {
    std::int64_t after = 0;                   // only later ones
    std::optional<std::int64_t> before = {};  // only earlier ones
    std::optional<policy::ObjectKind> kind = {};
    std::optional<ObjectKey> object = {};
    std::size_t limit = 100;
};

/// One tag's way: chosen by the policy, written to Git.
struct HistoryEntry {
    std::string tag;
    std::string digest;
    std::chrono::sys_seconds chosen{};
    std::optional<std::chrono::sys_seconds> written;
    std::string commit_id;
    bool operator==(const HistoryEntry&) const = default;
};

/// What stood in Git at an automation's last look.
struct ValueInGit {
    ObjectKey policy;
    std::string file;  // from the repository's root
    std::string setter;
    std::string value;
    bool operator==(const ValueInGit&) const = default;
};

/// An automation's branches when something about them last moved.
struct BranchFacts {
    std::string checkout;
    std::string checkout_tip;
    std::string push;
    std::string push_tip;  // empty: there is no such branch
    std::size_t ahead = 0;
    std::size_t behind = 0;
    std::size_t foreign = 0;                // commits of other people on the push branch
    std::vector<std::string> remote_words;  // to the last push
    std::string url;                        // without a login
    std::chrono::sys_seconds looked{};      // when this was worked out; unchanged since
    bool operator==(const BranchFacts&) const = default;
};

/// What the forge last said of a request from an automation's push branch to its checkout branch. There is one record
/// while such a request could be open and its forge may be asked.
struct RequestFacts {
    std::string repository;  // as the forge calls it, "acme/fleet"
    std::string push;
    std::string checkout;
    std::int64_t number = 0;  // 0: none is open
    std::string reference;    // as people write it: "#12", "!12"
    std::string title;
    std::string url;  // of its page; may be empty
    std::string author;
    bool draft = false;
    std::optional<std::chrono::sys_seconds> opened;
    std::optional<std::chrono::sys_seconds> asked;  // when the forge said that; unset: it never did
    std::string problem;                            // why the last question had no answer; empty: it had one
    bool operator==(const RequestFacts&) const = default;
};

/// The local copy of one remote.
struct MirrorFacts {
    std::string url;  // without a login
    std::string tip;  // "main@sha1:<id>", of the branch that was asked for last
    std::string path;
    std::chrono::sys_seconds fetched{};  // when the remote last answered
    std::uint64_t size = 0;              // on disk, in bytes
    std::string error;                   // why the last try failed; empty: it did not
    bool operator==(const MirrorFacts&) const = default;
};

/// An event that has to reach a sink, or several of one kind that are told together.
struct Delivery {
    std::int64_t id = 0;     // given by add_delivery()
    std::int64_t event = 0;  // the first; with the sink it names the delivery for ever
    std::string sink;
    unsigned attempts = 0;
    std::chrono::sys_seconds next_try{};
    std::string last_error;
    std::int64_t newest = 0;  // the event that is told; 0: the first
    unsigned events = 1;      // how many
    bool operator==(const Delivery&) const = default;
};

}  // namespace tidemark::mirror::store
