// The network half of mirror/git: lists, fetches and pushes branches between a bare mirror and one remote with
// the `git` program, each call within the access's deadline. Objects are repository.h's.
// Credentials live in the environment of the processes or in files of a private folder that goes with the
// Remote, never in an argument. A Remote belongs to one thread; two writers on one mirror must exclude each other.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/access.h"
#include "mirror/git/object_id.h"

namespace tidemark::mirror::git {

/// Branch (short name) to the commit at its tip; nullopt: the remote has no such branch.
using BranchTips = std::map<std::string, std::optional<ObjectId>>;

struct FetchResult {
    BranchTips tips;
    /// Branches whose tip is not the one that the mirror had, the new and the deleted among them.
    std::vector<std::string> moved;
};

/// What the caller of a fetch expects: it only decides which way costs less.
enum class Likely { unmoved, moved };

/// Why a remote took no update. The order is that of ARCHITECTURE's rule 5, plus the lease.
enum class Refusal {
    none,
    authentication,    // credential missing, wrong or read-only
    protected_branch,  // the host's branch protection
    rule,              // another rule of the host: deletion, size, naming, secrets scan ...
    not_fast_forward,  // the remote has commits that the pushed one lacks
    hook,              // a hook of the server declined
    lease_lost,        // the ref is not where it was expected: fetch and redo
    network,           // unreachable, timed out, cut off, or the server broke
};
/// "protected branch" and the like.
std::string_view to_string(Refusal refusal) noexcept;

enum class PushMode {
    fast_forward,  // the expected tip must be an ancestor of what is pushed
    replace,       // whatever is at the expected tip
};

struct PushUpdate {
    /// The commit to push; nullopt deletes the branch.
    std::optional<ObjectId> commit;
    std::string branch;  // short name
    /// The lease: where the remote's branch must be now; nullopt: it must not exist.
    std::optional<ObjectId> expected;
    PushMode mode = PushMode::fast_forward;
};

struct PushedBranch {
    std::string branch;
    Refusal refusal = Refusal::none;
    /// For people, one sentence: what happened and, if refused, why. Empty if all is well.
    std::string message;

    bool ok() const noexcept { return refusal == Refusal::none; }
};

struct PushResult {
    /// In the order of the updates.
    std::vector<PushedBranch> branches;
    /// What the server said, its own lines without padding and control characters.
    std::vector<std::string> server_lines;

    bool ok() const noexcept;
};

struct PushOptions {
    /// Sent with --push-option; error `rule` where the server takes none.
    std::vector<std::string> server_options;
    /// All updates or none.
    bool atomic = false;
};

struct RemoteState;

class Remote {
public:
    /// `mirror` was made by ensure_bare. `private_folder`: where a folder for key files is made, best in memory
    /// (find_private_root). Error{not_found} if git, or for ssh ssh, is not installed.
    Remote(std::filesystem::path mirror, RemoteAccess access, const std::filesystem::path& private_folder);
    ~Remote();
    Remote(Remote&&) noexcept;
    Remote& operator=(Remote&&) noexcept;

    /// A stop ends the running git within a second; the call then throws Error{network}.
    void set_stop(std::stop_token stop);

    /// Where the remote's branches are now: one `git ls-remote`. The mirror is not touched.
    BranchTips list(std::span<const std::string> branches);

    /// Brings refs/remotes/origin/<branch> of the mirror to the remote's branches, with the whole history.
    /// `Likely::unmoved` lists first and fetches only what moved; `Likely::moved` (after a webhook or a lost lease)
    /// fetches at once where the mirror has all branches, which saves the listing. `listed`, what list() said of the
    /// same branches a moment ago, saves it too.
    FetchResult fetch(std::span<const std::string> branches, Likely likely = Likely::unmoved,
                      std::optional<BranchTips> listed = std::nullopt);

    /// Pushes, then reads the pushed refs back and moves the mirror's refs/remotes/origin/<branch> along.
    /// What the remote answers is in the result, a network or login failure too; Error is for our own side.
    PushResult push(std::span<const PushUpdate> updates, const PushOptions& options = {});

    /// Pushes a commit to any reference, such as refs/for/main: without a lease, and without reading back, as what is
    /// pushed there need not become a reference of that name. `replace` forces. Answers as push() does.
    PushResult push_reference(const ObjectId& commit, const std::string& reference, PushMode mode,
                              const PushOptions& options = {});

    const RemoteAccess& access() const noexcept;

private:
    std::unique_ptr<RemoteState> m_state;
};

}  // namespace tidemark::mirror::git
