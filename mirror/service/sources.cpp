#include "mirror/service/sources.h"

#include <cctype>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/git/remote_environment.h"
#include "mirror/git/remote_mirror.h"
#include "mirror/service/digest.h"

namespace tidemark::mirror::service {
namespace {

constexpr std::chrono::minutes k_packing_time{5};

}  // namespace

Source::Source(std::filesystem::path mirror, git::RemoteAccess access, const std::stop_token& stop, Turn* turn)
    : m_mirror(std::move(mirror)),
      m_turn(turn),
      m_remote(m_mirror, std::move(access), git::find_private_root()),
      m_stop_asked(stop, [this] { m_stop.request_stop(); }) {
    m_remote.set_stop(m_stop.get_token());
}

Source::~Source() {
    m_stop.request_stop();
}

void Source::ask() {
    if (m_fetched || m_answer.valid()) return;
    m_asked = m_branches;
    m_answer = std::async(std::launch::async,
                          [this] { return m_remote.list(std::vector<std::string>(m_asked.begin(), m_asked.end())); });
}

git::BranchTips Source::list() {
    const LeavesTurn waiting(m_turn);
    return m_remote.list(std::vector<std::string>(m_branches.begin(), m_branches.end()));
}

const git::BranchTips& Source::tips() {
    if (m_fetched && !m_answer.valid()) return m_tips;
    const LeavesTurn waiting(m_turn);
    std::optional<git::BranchTips> listed;
    if (m_answer.valid()) {
        listed = m_answer.get();
        if (m_asked != m_branches) listed.reset();
    }
    if (!m_fetched) {
        const std::vector<std::string> branches(m_branches.begin(), m_branches.end());
        m_tips = m_remote.fetch(branches, git::Likely::unmoved, std::move(listed)).tips;
        m_fetched = true;
    }
    return m_tips;
}

git::Repository& Source::repository() {
    if (!m_repository) m_repository = std::make_unique<git::Repository>(m_mirror);
    return *m_repository;
}

bool Source::renew() {
    if (m_renewed) return false;
    m_renewed = true;
    m_repository.reset();
    m_fetched = false;
    git::discard_mirror(m_mirror);
    git::ensure_bare(m_mirror);
    return true;
}

void Source::pack() {
    if (!m_repository) return;
    const LeavesTurn waiting(m_turn);
    git::compact(m_mirror, k_packing_time, m_stop.get_token());
}

git::PushResult Source::push(const git::PushUpdate& update, const git::PushOptions& options) {
    const LeavesTurn waiting(m_turn);
    git::PushResult result = m_remote.push(std::span(&update, 1), options);
    if (result.ok()) m_tips[update.branch] = update.commit;
    return result;
}

git::PushResult Source::push_reference(const git::ObjectId& commit, const std::string& reference, git::PushMode mode,
                                       const git::PushOptions& options) {
    const LeavesTurn waiting(m_turn);
    return m_remote.push_reference(commit, reference, mode, options);
}

Sources::Sources(std::filesystem::path state, const SecretStore& secrets, MirrorUse use, std::stop_token stop,
                 Turn* turn)
    : m_state(std::move(state)), m_secrets(secrets), m_use(use), m_stop(std::move(stop)), m_turn(turn) {}

Source& Sources::open(const policy::GitRepository& repository) {
    const std::string& object_namespace = repository.metadata.key.object_namespace;
    const std::string identity =
        fmt::format("{}\n{}\n{}\n{}", repository.url, object_namespace, repository.secret_ref.value_or(""),
                    repository.proxy_secret_ref.value_or(""));
    std::unique_ptr<Source>& source = m_sources[identity];
    if (source) return *source;

    git::SecretKeys keys;
    std::string secret_name;
    if (repository.secret_ref) {
        const policy::ObjectKey key{object_namespace, *repository.secret_ref};
        keys = m_secrets.get(key);
        secret_name = key.to_string();
    }
    git::RemoteAccess access = git::make_remote_access(repository.url, keys, secret_name);
    if (repository.proxy_secret_ref) {
        const policy::ObjectKey key{object_namespace, *repository.proxy_secret_ref};
        git::set_proxy(access, m_secrets.get(key), key.to_string());
    }
    if (repository.timeout) access.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(*repository.timeout);

    const std::filesystem::path mirror = mirror_path(m_state, repository.url);
    if (m_use == MirrorUse::read) {
        if (!std::filesystem::exists(mirror))
            throw Error(ErrorKind::not_found, access.shown_url + " was not fetched yet; tidemark run does that");
    } else {
        create_folder(mirror.parent_path(), 0700);
        git::ensure_bare(mirror);
        git::sweep_leftovers(mirror);
    }
    source = std::make_unique<Source>(mirror, std::move(access), m_stop, m_turn);
    return *source;
}

std::filesystem::path mirror_path(const std::filesystem::path& state, const std::string& url) {
    return state / "mirrors" / mirror_name(url);
}

std::string mirror_name(const std::string& url) {
    std::string path = url.substr(0, url.find_first_of("?#"));
    while (path.ends_with('/'))
        path.pop_back();
    if (path.ends_with(".git")) path.resize(path.size() - 4);
    std::string slug = path.substr(path.find_last_of("/:") + 1);
    for (char& c : slug)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '-';
    return fmt::format("{}-{}.git", slug.substr(0, 40), hex_digest(url).substr(0, 12));
}

}  // namespace tidemark::mirror::service
