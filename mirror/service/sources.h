// The Git remotes of one pass: a bare mirror for each URL, fetched once however many objects use it.
// A Source belongs to one thread at a time; it leaves that thread's turn while it waits for git. Throws mirror::Error.
#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "mirror/base/secrets.h"
#include "mirror/git/remote.h"
#include "mirror/git/repository.h"
#include "mirror/service/workers.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// One remote with one credential.
class Source {
public:
    /// `turn`: what the caller has whenever it calls; null: nobody takes turns.
    Source(std::filesystem::path mirror, git::RemoteAccess access, const std::stop_token& stop, Turn* turn);
    /// Ends what ask() began.
    ~Source();

    const std::filesystem::path& mirror() const noexcept { return m_mirror; }
    const std::string& shown_url() const { return m_remote.access().shown_url; }

    /// Announces branches that will be asked for, so that all come with one fetch.
    void need(const std::string& branch) { m_branches.insert(branch); }
    /// Begins to list the announced branches, so that the remote answers while the caller does something else. What it
    /// answers, a failure among that, comes out of tips().
    void ask();

    /// Where the announced branches are now, without fetching anything.
    git::BranchTips list();

    /// Where the remote's branches are. Fetches at the first call, and again after forget().
    const git::BranchTips& tips();
    /// The next tips() asks the remote again: somebody else was faster.
    void forget() { m_fetched = false; }

    /// Opens the mirror's objects when they are first needed.
    git::Repository& repository();

    /// The mirror's own files are damaged: it is removed, and the next tips() clones anew. Answers false, and does
    /// nothing, if that was done before: then it is the disk or the remote.
    bool renew();

    /// Packs a mirror that this pass worked in, if it has become many small pieces. Throws what git::compact throws.
    void pack();

    git::PushResult push(const git::PushUpdate& update, const git::PushOptions& options);
    /// To a reference that is no branch of ours, as git::Remote::push_reference.
    git::PushResult push_reference(const git::ObjectId& commit, const std::string& reference, git::PushMode mode,
                                   const git::PushOptions& options);

private:
    std::filesystem::path m_mirror;
    Turn* m_turn;
    git::Remote m_remote;
    std::set<std::string> m_branches;
    git::BranchTips m_tips;
    bool m_fetched = false;
    bool m_renewed = false;
    std::unique_ptr<git::Repository> m_repository;
    std::stop_source m_stop;  // ends the running git: at our own end, or when the caller asks for it
    std::stop_callback<std::function<void()>> m_stop_asked;
    // Last: whoever waits for the answer uses m_remote until then.
    std::set<std::string> m_asked;
    std::future<git::BranchTips> m_answer;
};

/// Who may touch the mirrors: whoever holds the state folder's lock; others only look.
enum class MirrorUse { read, write };

class Sources {
public:
    /// Mirrors live in `<state>/mirrors`. `write` needs the lock of the state folder. A stop request ends the git that
    /// runs, and whoever waits for it gets Error{network}.
    Sources(std::filesystem::path state, const SecretStore& secrets, MirrorUse use, std::stop_token stop = {},
            Turn* turn = nullptr);

    /// The remote of a GitRepository. With `write` its mirror is made, and swept of what a killed git left, at the
    /// first use; with `read` a mirror that is not there is Error{not_found}.
    Source& open(const policy::GitRepository& repository);

    const SecretStore& secrets() const noexcept { return m_secrets; }

private:
    std::filesystem::path m_state;
    const SecretStore& m_secrets;
    MirrorUse m_use;
    std::stop_token m_stop;
    Turn* m_turn;
    std::map<std::string, std::unique_ptr<Source>> m_sources;  // by URL and credential
};

/// Where the mirror of a URL lies.
std::filesystem::path mirror_path(const std::filesystem::path& state, const std::string& url);

/// "fleet-1a2b3c4d5e6f.git": readable, and different for different URLs.
std::string mirror_name(const std::string& url);

}  // namespace tidemark::mirror::service
