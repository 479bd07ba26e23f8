// What a person asks for, from the command line, the page or the API, carried out on the state: pins, suspensions,
// acceptances, branches taken back. No network and no Git work: what is to be worked on afterwards is the answer's
// wish. Called with the session's open store by whoever holds the state's lock; no thread of its own.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mirror/service/session.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

enum class Verb { reconcile, suspend, resume, pin, unpin, accept, reset_branch };

/// "reconcile", ..., "reset-branch": as the API writes them.
std::string_view to_string(Verb verb) noexcept;
std::optional<Verb> find_verb(std::string_view word) noexcept;

/// "ImagePolicy", as YAML writes it, or "image policy", "policy", "repository", "update".
std::optional<policy::ObjectKind> find_kind(std::string_view word) noexcept;

struct Command {
    Verb verb = Verb::reconcile;
    /// pin, unpin and accept: image_policy. reset_branch: image_update_automation. The others: any of the three.
    policy::ObjectKind kind = policy::ObjectKind::image_policy;
    ObjectKey object;
    std::string who;  // a name for people; not empty
    std::string tag;  // pin: empty keeps what stands. accept: empty takes what is held, whatever it is
    std::string reason;
    std::optional<std::chrono::sys_seconds> until;  // of a pin
};

/// What a pass must work on now, whatever is due: PassRequest's fields. Objects with failures before are not left to
/// their back-off.
struct Wish {
    std::set<ObjectKey> repositories;
    std::set<ObjectKey> automations;
};

struct CommandAnswer {
    enum class Status { done, not_found, refused };

    bool accepted = false;  // status == done
    Status status = Status::refused;
    std::string message;       // what was done, or why not and what to do; no final dot
    std::optional<Wish> wish;  // of a command that was done
};

/// Checks the command, writes what it changes to the state together with its event, and brings the session's objects
/// in line (a suspended object is suspended from now on: the schedule has to be made anew). The caller then runs a pass
/// for the wish. Says no by its answer; throws Error{storage} if the state cannot be written.
CommandAnswer apply(const Command& command, Session& session, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::service
