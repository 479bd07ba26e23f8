// The guard's decision about one push: its references with their old and new ids, the rules, and who pushes, to a list
// of findings. A push is judged by its net result (old tree against new tree), all its references as one set.
// Facts behind the rules: what hosts and Flux do to such branches. Pure but for the view; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "policy/guard/repository_view.h"
#include "policy/guard/rules.h"

namespace tidemark::policy::guard {

/// One line of a pre-receive hook's input. Ids are all zeros where a reference is created or deleted.
struct RefUpdate {
    std::string old_id;
    std::string new_id;
    std::string reference;  // raw bytes
    bool creates() const noexcept;
    bool deletes() const noexcept;
};

struct Pusher {
    std::string name;                     // for people and the log; may be empty
    std::vector<std::string> identities;  // what rules may name: "alice", "user-3", "key-7", "deploy-key:4", ...
};

/// What the client asked for with -o tidemark.allow=<rule>[:<reason>], already parted.
struct OverrideRequest {
    RuleId rule = RuleId::marker_removed;
    std::string reason;
};

struct Push {
    std::vector<RefUpdate> updates;
    Pusher pusher;
    std::vector<OverrideRequest> overrides;
};

enum class Verdict {
    allowed,  // a finding that an override let through
    warned,   // by mode, or before warn_until
    refused,
};
std::string_view to_string(Verdict verdict) noexcept;

struct GuardFinding {
    RuleId rule = RuleId::marker_removed;
    Verdict verdict = Verdict::refused;
    std::string reference;
    std::string file;      // empty where it is about commits
    std::size_t line = 0;  // in the new file; 0 is unknown
    /// Subject and text read as one sentence, without its final dot; the subject may be empty.
    std::string subject;  // "Deployment shop/web, containers[web].image", or "merge 3f2a91c"
    std::string text;     // "lost its marker for flux-system:web, so nothing will update it"
    std::string was;      // the old line and the new one, as they stand; empty where they do not help
    std::string is;
    std::string setter;      // of the marker it is about: "flux-system:web"
    std::string value;       // the value that stands there now
    std::string allowed_by;  // with Verdict::allowed: the override's reason
};

struct Judgement {
    std::vector<GuardFinding> findings;  // at most k_max_findings; refusals first
    std::size_t findings_left_out = 0;
    bool refused = false;
    /// An override was asked for by somebody who may not, or for a rule that found nothing: one sentence each.
    std::vector<std::string> notes;
};
inline constexpr std::size_t k_max_findings = 200;

/// A push asks for more than Limits allows to look at, so that there is no judgement: the hook's rule "on-error"
/// answers. The message is a sentence without its dot.
class LimitReached : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// `now` is for warn_until. Throws LimitReached, and what `view` throws.
Judgement judge(const Push& push, const RepositoryRules& rules, RepositoryView& view, std::chrono::sys_seconds now,
                const Limits& limits);

}  // namespace tidemark::policy::guard
