// The state: one SQLite file in the state folder. Tags with first-seen times, decisions, pushes, statuses; what people
// said about objects; what happened.
// Losing it costs a rescan, never a wrong decision: a missing file is made, a damaged one is set aside. Decisions,
// pins, suspensions, pushes and first-seen times are told to a plain file beside it too (export.jsonl) and come back
// from it. A Store belongs to one thread. All functions throw Error{storage}; opening for writing also Error{conflict}.
// A reader keeps to the file it opened, also after that was set aside: open one for a question, not for a lifetime.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mirror/store/records.h"
#include "mirror/store/status.h"
#include "mirror/store/tag_list.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::store {

/// The last choice of a policy. It stands until a whole scan or an edited policy gives another.
struct Decision {
    std::string spec_hash;       // of the policy that chose
    std::string canonical_name;  // of the image it chose from
    policy::LatestReference latest;
    std::chrono::sys_seconds first_seen{};  // of the tag
    std::chrono::sys_seconds decided{};
    /// Made while none was known before, and Git was not yet seen to have nothing higher: what stands there is not
    /// lowered (service/first_choice.h).
    bool unproven = false;
    /// The image's tags changed since it was made: it stands, but has to be made again.
    bool outdated = false;
    bool operator==(const Decision&) const = default;
};

/// The last commit that was pushed to a branch and read back there.
struct Push {
    std::string commit_id;
    std::chrono::sys_seconds pushed{};
};

/// A value that a commit of ours put into a file on the checkout branch itself. If the file holds another one
/// later although that commit is part of the branch, a person took it back.
struct Written {
    std::string file;
    std::string setter;
    std::string value;
    std::string commit_id;
    bool operator==(const Written&) const = default;
};

/// Until when a registry asked to be left alone.
struct Backoff {
    std::chrono::sys_seconds until{};
    std::string reason;
};

/// A TagList without its tags.
struct TagListHead {
    std::string canonical_name;
    std::string exclusion;
    std::string body_hash;
    std::chrono::sys_seconds scanned{};
};

enum class OpenMode {
    write,      // takes the folder's lock
    rehearse,   // as write, but nothing is kept: what was written goes with the Store
    read_only,  // beside a running process; an absent state reads as empty, one of an older version as it would be
};

/// When a writer looks whether the file is whole. It costs reading all of it: 0.1 s for 200 MB in memory, seconds from
/// a slow disk.
enum class Check {
    now,
    later,  // a large file: opened at once, and checked by check(), which the caller calls before it relies on it
};

class Store {
public:
    Store(const std::filesystem::path& folder, OpenMode mode, Check check = Check::now);
    ~Store();
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;

    /// What people must know of the opening: a file was set aside, and what came back. Empty: all is well.
    const std::string& warning() const noexcept;
    /// The process that wrote here before was killed, and what it started may be left. False when reading only.
    bool was_left() const noexcept;

    /// Whether the file is still to be checked.
    bool wants_check() const noexcept;
    /// Throws Error{storage} if the file is damaged; opened again with Check::now it is then set aside.
    void check();

    /// Of every repository in one reading.
    std::map<ObjectKey, TagListHead> tag_list_heads();
    std::optional<TagListHead> find_tag_list_head(const ObjectKey& repository);
    std::optional<TagList> find_tag_list(const ObjectKey& repository);
    void put_tag_list(const ObjectKey& repository, const TagList& list);
    /// The same tags were seen again: only the time moves.
    void put_scan_time(const ObjectKey& repository, std::chrono::sys_seconds scanned);

    std::map<ObjectKey, Decision> decisions();
    std::optional<Decision> find_decision(const ObjectKey& policy);
    void put_decision(const ObjectKey& policy, const Decision& decision);
    /// Every policy that chose from this image has to choose again, also one that is not among the objects just now.
    /// Belongs into the transaction that stores the image's new tags.
    void outdate_decisions(const std::string& canonical_name);

    std::optional<Push> find_push(const ObjectKey& automation, const std::string& branch);
    void put_push(const ObjectKey& automation, const std::string& branch, const Push& push);

    std::vector<Written> writes(const ObjectKey& automation);
    void put_write(const ObjectKey& automation, const Written& written);

    /// What an automation had been given (branch tips, candidates, its own spec; hashed by the caller) when it last
    /// found nothing left to do. The same inputs need no second look. Empty if unknown.
    std::map<ObjectKey, std::string> settled();
    void put_settled(const ObjectKey& automation, const std::string& inputs);

    std::map<std::string, Backoff> backoffs();
    void put_backoff(const std::string& registry, const Backoff& backoff);
    void remove_backoff(const std::string& registry);

    /// Last scan times come from the tag lists, so that an unchanged scan writes no status.
    std::map<ObjectKey, ObjectStatus> statuses(policy::ObjectKind kind);
    /// One of them.
    std::optional<ObjectStatus> find_status(policy::ObjectKind kind, const ObjectKey& object);
    void put_status(policy::ObjectKind kind, const ObjectKey& object, const ObjectStatus& status);

    // store_people.cpp: what people said.

    std::map<ObjectKey, Pin> pins();
    void put_pin(const ObjectKey& policy, const Pin& pin);
    /// Answers whether there was one.
    bool remove_pin(const ObjectKey& policy);

    std::map<ObjectKey, Suspension> suspensions(policy::ObjectKind kind);
    void put_suspension(policy::ObjectKind kind, const ObjectKey& object, const Suspension& suspension);

    std::optional<BranchReset> find_branch_reset(const ObjectKey& automation);
    void put_branch_reset(const ObjectKey& automation, const BranchReset& reset);
    void remove_branch_reset(const ObjectKey& automation);

    // store_events.cpp: what happened, and who has to be told.

    /// Answers the event's number: later ones have higher ones, also after the state was lost. The newest
    /// k_events_kept stay.
    std::int64_t add_event(const Event& event);
    /// Newest first; with `after`: oldest first.
    std::vector<Event> events(const EventQuery& query);

    /// Called with each event that is written, in its transaction, so that who has to be told is written with it.
    using EventListener = std::function<void(const Event& event)>;
    void on_event(EventListener listener);
    /// Whether the object had an event of the same reason since then, before this one.
    bool has_event_like(const Event& event, std::chrono::sys_seconds since);

    /// The newest k_deliveries_kept stay.
    void add_delivery(const Delivery& delivery);
    /// The last one to this sink that nobody tried yet and whose first event is of the same object and reason.
    std::optional<Delivery> find_delivery_like(const std::string& sink, const Event& event);
    /// Those whose time has come, by that time.
    std::vector<Delivery> due_deliveries(std::chrono::sys_seconds now, std::size_t limit);
    /// Changes one that is there: all but its first event and its sink.
    void put_delivery(const Delivery& delivery);
    void remove_delivery(std::int64_t id);
    /// Of those to this sink whose time has come the first; those that failed again and again come after the others.
    std::optional<Delivery> find_due_delivery(const std::string& sink, std::chrono::sys_seconds now);
    /// When the time of the next one to this sink comes.
    std::optional<std::chrono::sys_seconds> next_delivery(const std::string& sink);

    // store_facts.cpp: what stood where.

    /// Oldest first; the newest k_history_kept of a policy stay.
    std::vector<HistoryEntry> history(const ObjectKey& policy);
    void add_choice(const ObjectKey& policy, const policy::LatestReference& latest, std::chrono::sys_seconds chosen);
    /// Completes the newest entry of that tag and digest; makes one if there is none.
    void add_written(const ObjectKey& policy, const policy::LatestReference& latest, std::chrono::sys_seconds written,
                     const std::string& commit_id);

    std::vector<ValueInGit> values_in_git(const ObjectKey& automation);
    void put_values_in_git(const ObjectKey& automation, const std::vector<ValueInGit>& values);

    std::map<ObjectKey, BranchFacts> branch_facts();
    void put_branch_facts(const ObjectKey& automation, const BranchFacts& facts);

    std::map<ObjectKey, RequestFacts> request_facts();
    void put_request_facts(const ObjectKey& automation, const RequestFacts& facts);
    void remove_request_facts(const ObjectKey& automation);
    /// All of them.
    void remove_request_facts();

    /// By URL.
    std::vector<MirrorFacts> mirror_facts();
    void put_mirror_facts(const MirrorFacts& facts);

    static constexpr std::size_t k_events_kept = 10'000;
    static constexpr std::size_t k_deliveries_kept = 10'000;
    static constexpr std::size_t k_history_kept = 200;

    /// Writes the export anew if it is behind, or most of it outdated; to be called where time is. Answers why it is
    /// behind, as one sentence; empty: it is not.
    std::string tidy_export();

    /// Everything written until commit() appears together or not at all.
    class Transaction {
    public:
        explicit Transaction(Store& store);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        void commit();

    private:
        Store& m_store;
        bool m_open = true;
    };

private:
    struct Database;
    void open_export(bool existed);
    void read_back();
    std::unique_ptr<Database> m_database;
};

}  // namespace tidemark::mirror::store
