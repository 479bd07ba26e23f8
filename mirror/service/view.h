// What people are shown of the service: objects, state and the facts of the running service joined into plain values,
// ready to be printed by `tidemark status`, the API and the page. Reads only; each table of the state once, whatever
// the number of objects, but for one image's own view. Any thread, with a store of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/service/live.h"
#include "mirror/service/pins.h"
#include "mirror/store/store.h"
#include "policy/objects/objects.h"
#include "policy/objects/selections.h"
#include "policy/selection/selection.h"

namespace tidemark::mirror::service {

/// The Ready condition. `status` is "Unknown" for what was never looked at.
struct ReadyView {
    std::string status = "Unknown";
    std::string reason;
    std::string message;
    std::chrono::sys_seconds since{};

    bool failed() const noexcept { return status == "False"; }
};

/// How an image stands, the worst that holds first.
enum class ImageState {
    failing,    // not ready
    stale,      // no success for too long
    suspended,  // its policy or repository
    held,       // a choice is not written, and why is known
    behind,     // Git has another tag than the candidate
    unmarked,   // there is a candidate, and no value in Git that it could be written to
    waiting,    // nothing is known of it yet
    current,
};
/// "failing", "stale", ...
std::string_view to_string(ImageState state) noexcept;

struct ImageView {
    policy::ObjectKey policy;
    policy::ObjectKey repository;
    std::string image;
    ImageState state = ImageState::waiting;
    std::vector<std::string> in_git;  // different tags, in order
    std::string candidate;            // tag
    std::string digest;               // of the candidate, where the policy asks for one
    std::string newest;               // tag of the repository, in or out of the policy's range
    std::string held;                 // why
    std::optional<std::chrono::sys_seconds> held_until;
    std::optional<PinInForce> pin;
    bool suspended = false;
    std::optional<std::chrono::sys_seconds> scanned;
    ReadyView ready;    // of the policy; of the repository where that is what fails
    std::string stale;  // why
    std::string needs;  // what a person should do; empty: nothing
};

struct RepositoryView {
    policy::ObjectKey key;
    std::string image;
    bool suspended = false;
    std::optional<std::chrono::sys_seconds> scanned;
    std::size_t tags = 0;
    ReadyView ready;
    std::string stale;
    std::string needs;
};

struct AutomationView {
    policy::ObjectKey key;
    policy::ObjectKey source;
    std::string url;
    bool suspended = false;
    std::optional<store::BranchFacts> branch;
    std::optional<store::RequestFacts> request;  // unset: no forge is asked, or nothing is proposed
    std::optional<std::chrono::sys_seconds> last_run;
    std::optional<std::chrono::sys_seconds> last_push;
    std::string last_commit;
    const policy::SelectedPolicies* policies = nullptr;  // of Views::selections
    ReadyView ready;
    std::string stale;
    std::string needs;
};

struct HookView {
    std::string repository;
    std::string host;
    bool armed = false;
    std::string why;
};

/// What `tidemark hooks verify --report` wrote.
struct HooksView {
    bool reported = false;  // false: there is no such file, or it cannot be read (`problem`)
    std::string problem;
    std::string time;
    std::vector<HookView> hooks;
};

/// Something that a person has to see to.
struct Need {
    std::optional<policy::ObjectKind> kind;  // unset: a file, a hook, the service itself
    std::string name;                        // "flux-system/web", a repository's name; may be empty
    std::string what;
    std::string next;
    std::optional<std::chrono::sys_seconds> since;
};

struct Counts {
    std::size_t images = 0, current = 0, behind = 0, held = 0, suspended = 0, failing = 0, stale = 0, waiting = 0;
    std::size_t unmarked = 0;
    std::size_t repositories = 0, automations = 0, objects = 0;
};

/// Refers into the objects that it was read from.
struct Views {
    std::chrono::sys_seconds now{};
    std::shared_ptr<const policy::Selections> selections;
    Counts counts;
    std::vector<Need> needs;  // all of them, objects by kind and name
    std::vector<ImageView> images;
    std::vector<RepositoryView> repositories;
    std::vector<AutomationView> automations;
    std::vector<store::MirrorFacts> mirrors;
    HooksView hooks;
};

struct ViewInput {
    const policy::ObjectSet& objects;  // with the suspends that count (suspensions.h)
    store::Store& store;
    std::chrono::sys_seconds now{};
    /// Of the running service; null: none runs, and what is stale is told by the times in the state.
    const LiveFacts* live = nullptr;
    /// Where the hooks' report is; empty: do not look.
    std::filesystem::path hooks_report = {};
};

/// Throws Error{storage}.
Views read_views(const ViewInput& input);

/// Throws nothing: what cannot be read is told in it.
HooksView read_hooks_report(const std::filesystem::path& file);

/// Among the newest a person wants to see.
struct TagView {
    std::string tag;
    std::chrono::sys_seconds seen{};
};

/// One image with all that explains it.
struct ImageDetail {
    ImageView image;
    policy::SelectionTrace trace;  // of the stored tags
    std::string selection;         // "semver 1.x", "numerical asc", "alphabetical asc, of tags like ^main-"
    std::vector<TagView> tags;     // seen last first, up to k_tags_shown
    std::vector<store::HistoryEntry> history;
    std::vector<store::ValueInGit> values;
    std::vector<policy::ObjectKey> automations;

    static constexpr std::size_t k_tags_shown = 60;
};

/// nullopt: there is no such policy. `image` is taken from the views.
std::optional<ImageDetail> read_image(const ViewInput& input, const Views& views, const policy::ObjectKey& policy);

/// What a person can do about an object that is not ready: one sentence.
std::string next_step(policy::ObjectKind kind, const std::string& reason, const std::string& message);

}  // namespace tidemark::mirror::service
