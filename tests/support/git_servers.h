// Real Git servers on loopback for tests: bare repositories, sshd with deploy keys, and git http-backend over http
// or https with its ways of login. Each takes a free port, is ready when the constructor returns, and ends with
// the object. Needs git, and per server sshd or python3; skip_without tells.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/servers.h"

namespace tidemark::tests {

/// A bare repository, and commits made in it without a work tree.
class GitRepository {
public:
    explicit GitRepository(std::filesystem::path folder);
    enum Existing { existing };
    /// One that is there already, such as a mirror.
    GitRepository(std::filesystem::path folder, Existing) : m_folder(std::move(folder)) {}

    const std::filesystem::path& folder() const noexcept { return m_folder; }
    std::string url() const { return "file://" + m_folder.string(); }

    /// Commits `files` (path to text) on top of the branch, which is made if there is none; gives the commit's id.
    std::string commit(std::string_view branch, const std::map<std::string, std::string>& files,
                       std::string_view message = "Change");
    /// The same commit, but on top of `parent` ("" for none) and on no branch.
    std::string loose_commit(const std::string& parent, const std::map<std::string, std::string>& files,
                             std::string_view message = "Change");
    std::optional<std::string> tip(std::string_view branch) const;
    void set_branch(std::string_view branch, const std::string& commit);
    void delete_branch(std::string_view branch);
    /// A file's text at a branch's tip.
    std::string read(std::string_view branch, std::string_view path) const;
    /// An executable hook, e.g. "pre-receive".
    void set_hook(std::string_view name, std::string_view script);
    /// Runs git in it and gives the output; throws if it fails.
    std::string git(const std::vector<std::string>& arguments, const std::string& input = {}) const;

private:
    std::filesystem::path m_folder;
};

struct SshKey {
    std::string private_key;
    std::string public_key;  // one line
};

/// `type` as ssh-keygen -t names it: "ed25519", "rsa", "ecdsa".
SshKey make_ssh_key(const std::filesystem::path& folder, std::string_view type, std::string_view passphrase = {});

enum class KeyRight { read, write };

/// sshd with deploy keys: each may run git's own commands only, and a read key only fetches.
class SshGitServer {
public:
    /// Keys and log go to `folder`.
    explicit SshGitServer(const std::filesystem::path& folder);

    void add_key(const SshKey& key, KeyRight right);
    std::string url(const GitRepository& repository) const;
    /// What a secret's known_hosts holds for this server.
    std::string known_hosts() const;
    std::uint16_t port() const noexcept { return m_port; }
    std::string log() const { return m_process->log(); }

private:
    std::filesystem::path m_folder;
    std::uint16_t m_port;
    std::optional<Process> m_process;
};

struct HttpGitOptions {
    std::string user{};  // with a password: Basic login
    std::string password{};
    std::vector<std::string> readers{};  // users with the same password that may not push
    std::string token{};                 // Bearer login
    const Pki* pki = nullptr;            // https, TLS 1.3 only
    bool client_certificates = false;
};

/// git http-backend for all repositories below `root`. Below /stall/, /moved/ and /echo/ it never answers, redirects,
/// and refuses with the credential it was sent.
class HttpGitServer {
public:
    HttpGitServer(const std::filesystem::path& folder, const std::filesystem::path& root,
                  const HttpGitOptions& options = {});

    /// `prefix` such as "/stall".
    std::string url(const GitRepository& repository, std::string_view prefix = {}) const;
    std::uint16_t port() const noexcept { return m_port; }
    /// One line a request: method, path with query, scheme of the Authorization header or "-".
    std::vector<std::string> requests() const;
    void forget_requests() const;

private:
    std::filesystem::path m_folder;
    std::filesystem::path m_root;
    bool m_tls;
    std::uint16_t m_port;
    std::optional<Process> m_process;
};

}  // namespace tidemark::tests
