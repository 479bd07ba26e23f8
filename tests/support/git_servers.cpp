#include "tests/support/git_servers.h"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tidemark::tests {
namespace {

namespace fs = std::filesystem;

const Environment k_git_environment = {
    {"GIT_CONFIG_NOSYSTEM", "1"},       {"GIT_CONFIG_GLOBAL", "/dev/null"},
    {"GIT_AUTHOR_NAME", "Somebody"},    {"GIT_AUTHOR_EMAIL", "somebody@example.com"},
    {"GIT_COMMITTER_NAME", "Somebody"}, {"GIT_COMMITTER_EMAIL", "somebody@example.com"},
};

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::string user_name() {
    const passwd* user = ::getpwuid(::geteuid());
    if (user == nullptr) throw std::runtime_error("the user has no name");
    return user->pw_name;
}

std::string json_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

GitRepository::GitRepository(fs::path folder) : m_folder(std::move(folder)) {
    fs::create_directories(m_folder);
    git({"init", "--quiet", "--bare", "--initial-branch=main"});
}

std::string GitRepository::git(const std::vector<std::string>& arguments, const std::string& input) const {
    std::vector<std::string> command = {"git", "--git-dir=" + m_folder.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_checked(command, {.input = input, .environment = k_git_environment});
}

std::string GitRepository::commit(std::string_view branch, const std::map<std::string, std::string>& files,
                                  std::string_view message) {
    std::string id = loose_commit(tip(branch).value_or(""), files, message);
    set_branch(branch, id);
    return id;
}

std::string GitRepository::loose_commit(const std::string& parent, const std::map<std::string, std::string>& files,
                                        std::string_view message) {
    std::string stream =
        "commit refs/loose/commit\nmark :1\ncommitter Somebody <somebody@example.com> 1700000000 +0000\n";
    stream += fmt::format("data {}\n{}\n", message.size(), message);
    if (!parent.empty()) stream += fmt::format("from {}\n", parent);
    for (const auto& [path, text] : files) {
        stream += fmt::format("M 100644 inline {}\ndata {}\n{}\n", path, text.size(), text);
    }
    git({"fast-import", "--quiet", "--force"}, stream + "done\n");
    std::string id = trimmed(git({"rev-parse", "refs/loose/commit"}));
    git({"update-ref", "-d", "refs/loose/commit"});
    return id;
}

std::optional<std::string> GitRepository::tip(std::string_view branch) const {
    std::string id = trimmed(git({"for-each-ref", "--format=%(objectname)", fmt::format("refs/heads/{}", branch)}));
    return id.empty() ? std::nullopt : std::optional(id);
}

void GitRepository::set_branch(std::string_view branch, const std::string& commit) {
    git({"update-ref", fmt::format("refs/heads/{}", branch), commit});
}

void GitRepository::delete_branch(std::string_view branch) {
    git({"update-ref", "-d", fmt::format("refs/heads/{}", branch)});
}

std::string GitRepository::read(std::string_view branch, std::string_view path) const {
    return git({"cat-file", "blob", fmt::format("refs/heads/{}:{}", branch, path)});
}

void GitRepository::set_hook(std::string_view name, std::string_view script) {
    const fs::path hook = m_folder / "hooks" / name;
    write_text(hook, script);
    ::chmod(hook.c_str(), 0755);
}

SshKey make_ssh_key(const fs::path& folder, std::string_view type, std::string_view passphrase) {
    fs::create_directories(folder);
    const fs::path file = folder / fmt::format("key-{}{}", type, passphrase.empty() ? "" : "-locked");
    fs::remove(file);
    run_checked(
        {"ssh-keygen", "-q", "-t", std::string(type), "-N", std::string(passphrase), "-C", "deploy", "-f", file});
    return {read_text(file), trimmed(read_text(file.string() + ".pub"))};
}

SshGitServer::SshGitServer(const fs::path& folder) : m_folder(folder), m_port(free_port()) {
    fs::create_directories(folder);
    // sshd started by root wants its empty folder.
    if (::geteuid() == 0) fs::create_directories("/run/sshd");
    for (const char* type : {"ed25519", "rsa"}) {
        run_checked({"ssh-keygen", "-q", "-t", type, "-N", "", "-f", folder / fmt::format("host_{}", type)});
    }
    write_text(folder / "authorized_keys", "");
    const fs::path reader = folder / "read-only";
    write_text(reader,
               "#!/bin/sh\ncase \"$SSH_ORIGINAL_COMMAND\" in\n"
               "git-upload-pack\\ *) exec git-shell -c \"$SSH_ORIGINAL_COMMAND\" ;;\n"
               "esac\n"
               "echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2\nexit 1\n");
    ::chmod(reader.c_str(), 0755);
    write_text(folder / "sshd_config",
               fmt::format("ListenAddress 127.0.0.1\nPort {0}\nHostKey {1}/host_ed25519\nHostKey {1}/host_rsa\n"
                           "AuthorizedKeysFile {1}/authorized_keys\nPidFile none\nUsePAM no\nStrictModes no\n"
                           "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
                           "PermitTTY no\nAcceptEnv GIT_PROTOCOL\nExposeAuthInfo yes\nLogLevel VERBOSE\n",
                           m_port, folder.string()));
    m_process.emplace(std::vector<std::string>{find_program("sshd").value(), "-D", "-e", "-f", folder / "sshd_config"},
                      folder / "sshd.log");
    m_process->wait_for_port(m_port);
}

void SshGitServer::add_key(const SshKey& key, KeyRight right) {
    const std::string command =
        right == KeyRight::read ? (m_folder / "read-only").string() : "git-shell -c \\\"$SSH_ORIGINAL_COMMAND\\\"";
    write_text(m_folder / "authorized_keys", read_text(m_folder / "authorized_keys") +
                                                 fmt::format("restrict,command=\"{}\" {}\n", command, key.public_key));
}

std::string SshGitServer::url(const GitRepository& repository) const {
    return fmt::format("ssh://{}@127.0.0.1:{}{}", user_name(), m_port, repository.folder().string());
}

std::string SshGitServer::known_hosts() const {
    return fmt::format("[127.0.0.1]:{} {}\n", m_port, trimmed(read_text(m_folder / "host_ed25519.pub")));
}

HttpGitServer::HttpGitServer(const fs::path& folder, const fs::path& root, const HttpGitOptions& options)
    : m_folder(folder), m_root(root), m_tls(options.pki != nullptr), m_port(free_port()) {
    fs::create_directories(folder);
    std::string settings = fmt::format(R"({{"port": {}, "root": {}, "log": {})", m_port, json_string(root.string()),
                                       json_string((folder / "requests.log").string()));
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) settings += fmt::format(R"(, "{}": {})", name, json_string(value));
    };
    add("user", options.user);
    add("password", options.password);
    add("token", options.token);
    std::string readers;
    for (const std::string& reader : options.readers)
        readers += (readers.empty() ? "" : ", ") + json_string(reader);
    settings += fmt::format(R"(, "readers": [{}])", readers);
    if (options.pki != nullptr) {
        add("certificate", options.pki->file("server.crt").string());
        add("key", options.pki->file("server.key").string());
        if (options.client_certificates) add("client_ca", options.pki->file("ca.crt").string());
    }
    write_text(folder / "settings.json", settings + "}\n");
    write_text(folder / "requests.log", "");
    m_process.emplace(std::vector<std::string>{"python3", TIDEMARK_SOURCE_DIR "/tests/support/git_http_server.py",
                                               folder / "settings.json"},
                      folder / "server.log", k_git_environment);
    m_process->wait_for_port(m_port);
}

std::string HttpGitServer::url(const GitRepository& repository, std::string_view prefix) const {
    return fmt::format("{}://127.0.0.1:{}{}/{}", m_tls ? "https" : "http", m_port, prefix,
                       fs::relative(repository.folder(), m_root).string());
}

std::vector<std::string> HttpGitServer::requests() const {
    std::istringstream text(read_text(m_folder / "requests.log"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

void HttpGitServer::forget_requests() const {
    write_text(m_folder / "requests.log", "");
}

}  // namespace tidemark::tests
