#include "mirror/git/remote_environment.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/git/remote_text.h"

namespace tidemark::mirror::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_folder_prefix = "tidemark-git-";

[[noreturn]] void fail(std::string_view what, const fs::path& path, int error_number) {
    const ErrorKind kind = error_number == EACCES || error_number == EPERM ? ErrorKind::permission : ErrorKind::storage;
    throw Error(kind, fmt::format("{} {}: {}", what, path.string(), describe_errno(error_number)));
}

/// Settings by GIT_CONFIG_COUNT: they reach git and its own helpers, not the other side of a file:// remote.
class Settings {
public:
    void add(std::string_view key, std::string_view value) {
        m_variables.push_back(fmt::format("GIT_CONFIG_KEY_{}={}", m_count, key));
        m_variables.push_back(fmt::format("GIT_CONFIG_VALUE_{}={}", m_count, value));
        ++m_count;
    }
    void move_into(std::vector<std::string>& environment) {
        environment.push_back(fmt::format("GIT_CONFIG_COUNT={}", m_count));
        std::move(m_variables.begin(), m_variables.end(), std::back_inserter(environment));
    }

private:
    std::vector<std::string> m_variables;
    int m_count = 0;
};

std::string_view allowed_protocols(Transport transport) {
    switch (transport) {
        case Transport::ssh:
            return "ssh";
        case Transport::https:
            return "https";
        case Transport::http:
            return "http:https";
        case Transport::file:
            return "file";
    }
    return "";
}

/// An ssh setting's value; the file's quotes know no escape.
std::string quote(const fs::path& path) {
    if (path.string().find('"') != std::string::npos) {
        throw Error(ErrorKind::invalid, fmt::format("the folder for key files, {}, cannot hold '\"'", path.string()));
    }
    return fmt::format("\"{}\"", path.string());
}

/// For GIT_SSH_COMMAND, which git gives to a shell.
std::string quote_for_shell(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

std::string make_ssh_settings(const RemoteAccess& access, const fs::path& identity, const fs::path& known_hosts) {
    const auto seconds = std::clamp<long>(access.timeout.count() / 1000, 1, 30);
    return fmt::format(
        "Host *\n"
        "BatchMode {}\n"
        "StrictHostKeyChecking yes\n"
        "UserKnownHostsFile {}\n"
        "GlobalKnownHostsFile /dev/null\n"
        "UpdateHostKeys no\n"
        "IdentityFile {}\n"
        "IdentitiesOnly yes\n"
        "IdentityAgent none\n"
        "PreferredAuthentications publickey\n"
        "NumberOfPasswordPrompts 1\n"
        "ConnectTimeout {}\n"
        "ServerAliveInterval 10\n"
        "ServerAliveCountMax 3\n"
        "ForwardAgent no\n"
        "ClearAllForwardings yes\n"
        "PermitLocalCommand no\n"
        "ControlMaster no\n"
        "ControlPath none\n"
        "LogLevel ERROR\n",
        access.passphrase.empty() ? "yes" : "no", quote(known_hosts), quote(identity), seconds);
}

void add_ssh(std::vector<std::string>& environment, const RemoteAccess& access, const PrivateFolder& folder) {
    // ssh refuses a key whose last line has no end.
    std::string key = access.identity.reveal();
    if (!key.ends_with('\n')) key += '\n';
    const fs::path identity = folder.write("identity", key);
    const fs::path known_hosts = folder.write("known_hosts", access.known_hosts + "\n");
    const fs::path settings = folder.write("ssh_config", make_ssh_settings(access, identity, known_hosts));
    environment.push_back("GIT_SSH_COMMAND=ssh -F " + quote_for_shell(settings.string()));
    environment.push_back("GIT_SSH_VARIANT=ssh");  // spares git a trial run of ssh
    add_passphrase(environment, access.passphrase, folder, "the key for " + access.shown_url);
}

/// A value of git's settings file, where '"' and the backslash are escaped. Line ends were refused with the credential.
std::string quote_setting(std::string_view value) {
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

/// What others must not see is in a file: an environment is open to every process of our user, and to what dumps it.
void add_http_secrets(Settings& settings, const RemoteAccess& access, const PrivateFolder& folder) {
    std::string text = "[http]\n";
    if (!access.bearer_token.empty()) {
        text += "extraHeader = " + quote_setting("Authorization: Bearer " + access.bearer_token.reveal()) + "\n";
    } else if (!access.username.empty()) {
        text += "extraHeader = " + quote_setting("Authorization: Basic " + basic_credential(access).reveal()) + "\n";
    }
    // Empty: none, whatever the mirror's settings say.
    text += "proxy = " + quote_setting(access.proxy.reveal()) + "\n";
    settings.add("include.path", folder.write("http_config", text).string());
}

void add_http(Settings& settings, const RemoteAccess& access, const PrivateFolder& folder) {
    add_http_secrets(settings, access, folder);
    // A header of ours would go wherever a redirect leads.
    const bool secret = access.has_http_credentials() || !access.client_key.empty();
    settings.add("http.followRedirects", secret ? "false" : "initial");
    if (!access.ca_certificates.empty()) {
        settings.add("http.sslCAInfo", folder.write("ca.pem", access.ca_certificates).string());
    }
    if (!access.client_key.empty()) {
        settings.add("http.sslCert", folder.write("client.pem", access.client_certificate).string());
        settings.add("http.sslKey", folder.write("client.key", access.client_key.reveal()).string());
    }
    settings.add("http.sslVerify", "true");
    settings.add("http.lowSpeedLimit", "100");
    settings.add("http.lowSpeedTime", "30");
}

std::vector<std::string> make_base_environment(const fs::path& mirror, const fs::path& home) {
    const char* path = std::getenv("PATH");
    return {
        std::string("PATH=") + (path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path),
        "HOME=" + home.string(),
        "LC_ALL=C",  // messages are read
        "TERM=dumb",
        "GIT_DIR=" + mirror.string(),
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_TERMINAL_PROMPT=0",
        "GIT_ASKPASS=/bin/false",
        "GIT_ATTR_NOSYSTEM=1",
        "GIT_OPTIONAL_LOCKS=0",
    };
}

bool is_private_folder_name(std::string_view name) {
    return name.starts_with(k_folder_prefix);
}

/// Whether another process that runs has the number in the folder's name, and so may be about to lock it.
bool may_be_anothers(std::string_view name) {
    name.remove_prefix(k_folder_prefix.size());
    pid_t owner = 0;
    std::from_chars(name.data(), name.data() + name.size(), owner);
    return owner > 0 && owner != ::getpid() && (::kill(owner, 0) == 0 || errno == EPERM);
}

}  // namespace

PrivateFolder::PrivateFolder(const fs::path& parent) {
    std::string name = (parent / fmt::format("{}{}-XXXXXX", k_folder_prefix, ::getpid())).string();
    if (::mkdtemp(name.data()) == nullptr) fail("cannot make a private folder in", parent, errno);  // mode 0700
    m_path = name;
    m_descriptor = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (m_descriptor < 0 || ::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int cause = errno;
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
        if (m_descriptor >= 0) ::close(m_descriptor);
        fail("cannot lock the private folder", m_path, cause);
    }
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    ::close(m_descriptor);
}

fs::path PrivateFolder::write(std::string_view name, std::string_view content, unsigned mode) const {
    fs::path path = m_path / name;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0) fail("cannot write", path, errno);
    int cause = 0;
    while (!content.empty() && cause == 0) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && errno != EINTR) cause = errno;
    }
    ::close(descriptor);
    if (cause != 0) fail("cannot write", path, cause);
    return path;
}

fs::path find_private_root() {
    for (const char* variable : {"RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"}) {
        const char* value = std::getenv(variable);
        if (value == nullptr) continue;
        // systemd gives several folders with ':' between them.
        const std::string_view all(value);
        const fs::path folder(all.substr(0, all.find(':')));
        if (folder.is_absolute() && ::access(folder.c_str(), W_OK | X_OK) == 0) return folder;
    }
    if (::access("/dev/shm", W_OK | X_OK) == 0) return "/dev/shm";
    return fs::temp_directory_path();
}

std::size_t sweep_private_folders(const fs::path& parent) {
    std::size_t swept = 0;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(parent, failed)) {
        const fs::path& path = entry.path();
        if (!is_private_folder_name(path.filename().string())) continue;
        struct stat status {};
        if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) continue;
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) continue;
        // Only the folder of a living process is locked. One that was made a moment ago and is not locked yet is
        // spared; one of our own number is locked, or of a process that had it before us.
        const bool old = std::abs(::time(nullptr) - status.st_mtime) > 10;
        const bool left = old || !may_be_anothers(path.filename().string());
        if (left && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
            std::error_code ignored;
            fs::remove_all(path, ignored);
            if (!ignored) ++swept;
        }
        ::close(descriptor);
    }
    return swept;
}

std::vector<std::string> make_git_environment(const fs::path& mirror, const RemoteAccess& access,
                                              const PrivateFolder& folder) {
    std::vector<std::string> environment = make_base_environment(mirror, folder.path());
    environment.push_back(fmt::format("GIT_ALLOW_PROTOCOL={}", allowed_protocols(access.transport)));
    Settings settings;
    settings.add("remote.origin.url", access.url);
    settings.add("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    settings.add("core.hooksPath", "/dev/null");
    settings.add("credential.helper", "");
    switch (access.transport) {
        case Transport::ssh:
            add_ssh(environment, access, folder);
            break;
        case Transport::https:
        case Transport::http:
            add_http(settings, access, folder);
            break;
        case Transport::file:
            break;
    }
    settings.move_into(environment);
    return environment;
}

std::vector<std::string> make_local_git_environment(const fs::path& mirror) {
    return make_base_environment(mirror, "/nonexistent");
}

// ssh asks for a passphrase only by a program. It holds no secret itself: that is in a file beside it.
void add_passphrase(std::vector<std::string>& environment, const SecretString& passphrase, const PrivateFolder& folder,
                    std::string_view what) {
    if (passphrase.empty()) return;
    struct statvfs volume {};
    if (::statvfs(folder.path().c_str(), &volume) == 0 && (volume.f_flag & ST_NOEXEC) != 0) {
        throw Error(ErrorKind::invalid,
                    fmt::format("{} has a passphrase, and no program can be run in {}: use a key without a passphrase, "
                                "or a folder on a volume that is not mounted noexec",
                                what, folder.path().parent_path().string()));
    }
    const fs::path file = folder.write("passphrase", passphrase.reveal() + "\n");
    environment.push_back(
        "SSH_ASKPASS=" + folder.write("askpass", "#!/bin/sh\nexec cat \"$TIDEMARK_PASSPHRASE_FILE\"\n", 0700).string());
    environment.push_back("SSH_ASKPASS_REQUIRE=force");
    environment.push_back("TIDEMARK_PASSPHRASE_FILE=" + file.string());
}

}  // namespace tidemark::mirror::git
