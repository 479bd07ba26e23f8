#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <mbedtls/base64.h>
#include <mbedtls/sha256.h>
#include <unistd.h>

#include "hooks/host.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {
namespace {

using policy::guard::Pusher;

/// A positive number as a host writes it; anything else is none.
bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() < 20 && text != "0" && text.find_first_not_of("0123456789") == text.npos;
}

void add(Pusher& pusher, std::string identity) {
    if (!identity.empty()) pusher.identities.push_back(std::move(identity));
}

/// With a deploy key the host shows the owner of the repository as pusher; only the key's id tells it apart.
Pusher gitea_pusher(const Variables& variables) {
    Pusher pusher;
    if (const std::string key = variables("GITEA_DEPLOY_KEY_ID"); is_id(key)) {
        pusher.name = "deploy key " + key;
        add(pusher, "deploy-key:" + key);
        return pusher;
    }
    pusher.name = variables("GITEA_PUSHER_NAME");
    add(pusher, pusher.name);
    if (const std::string id = variables("GITEA_PUSHER_ID"); is_id(id)) add(pusher, "user-" + id);
    if (const std::string key = variables("GITEA_KEY_ID"); is_id(key)) add(pusher, "key-" + key);
    return pusher;
}

/// Every push by ssh has GL_ID=key-N, and with a deploy key GL_USERNAME is who created it. So a name counts only
/// where GitLab says that a user pushed.
Pusher gitlab_pusher(const Variables& variables) {
    Pusher pusher;
    const std::string id = variables("GL_ID");
    const std::string name = variables("GL_USERNAME");
    add(pusher, id);
    if (id.starts_with("user-")) add(pusher, name);
    pusher.name = name.empty() ? id : id.starts_with("user-") ? name : fmt::format("{} ({})", id, name);
    return pusher;
}

Pusher named_pusher(std::string name) {
    Pusher pusher;
    pusher.name = std::move(name);
    add(pusher, pusher.name);
    return pusher;
}

std::string fingerprint(std::string_view base64) {
    const auto bytes_of = [](auto* text) { return reinterpret_cast<unsigned char*>(text); };
    std::string blob(base64.size(), '\0');
    std::size_t size = 0;
    if (mbedtls_base64_decode(bytes_of(blob.data()), blob.size(), &size,
                              reinterpret_cast<const unsigned char*>(base64.data()), base64.size()) != 0)
        return {};
    std::array<unsigned char, 32> digest{};
    if (mbedtls_sha256_ret(bytes_of(blob.data()), size, digest.data(), 0) != 0) return {};
    std::string text(64, '\0');
    if (mbedtls_base64_encode(bytes_of(text.data()), text.size(), &size, digest.data(), digest.size()) != 0) return {};
    text.resize(size);
    text.erase(text.find_last_not_of('=') + 1);
    return "SHA256:" + text;
}

/// sshd's note of how somebody logged in: lines "publickey ssh-ed25519 AAAA...".
std::vector<std::string> keys_of(const std::string& file) {
    std::vector<std::string> keys;
    std::string text;
    try {
        text = mirror::read_file(file, 1 << 16);
    } catch (const mirror::Error&) {
        return keys;  // then the key is not known, and nothing is granted to it
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t type = line.find(' ');
        const std::size_t blob = type == line.npos ? type : line.find(' ', type + 1);
        if (!line.starts_with("publickey ") || blob == line.npos) continue;
        std::string_view base64 = line.substr(blob + 1);
        base64 = base64.substr(0, base64.find(' '));
        if (std::string key = fingerprint(base64); !key.empty()) keys.push_back(std::move(key));
    }
    return keys;
}

/// From /etc/passwd: the C library would load the machine's name services into a static program.
std::string name_of_user(unsigned id) {
    std::string text;
    try {
        text = mirror::read_file("/etc/passwd", std::size_t{4} << 20);
    } catch (const mirror::Error&) {
        return {};
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t name = line.find(':');
        const std::size_t password = name == line.npos ? name : line.find(':', name + 1);
        if (password == line.npos) continue;
        unsigned found = 0;
        const char* const end = line.data() + line.size();
        const auto read = std::from_chars(line.data() + password + 1, end, found);
        if (read.ec == std::errc{} && read.ptr != end && *read.ptr == ':' && found == id)
            return std::string(line.substr(0, name));
    }
    return {};
}

Pusher plain_pusher(const Variables& variables) {
    Pusher pusher;
    const bool ssh = !variables("SSH_CONNECTION").empty();
    if (ssh) {
        if (const std::string note = variables("SSH_USER_AUTH"); !note.empty())
            pusher.identities = keys_of(note);
    } else if (!variables("GATEWAY_INTERFACE").empty() || !variables("REQUEST_METHOD").empty()) {
        // Behind a web server the system's user is the server's, and says nothing.
        return named_pusher(variables("REMOTE_USER"));
    }
    const unsigned id = ::getuid();
    const std::string user = name_of_user(id);
    add(pusher, user.empty() ? fmt::format("unix:{}", id) : "unix:" + user);
    pusher.name = pusher.identities.front();
    return pusher;
}

}  // namespace

Pusher pusher_of(HostKind kind, const Variables& variables) {
    switch (kind) {
        case HostKind::git:
            return plain_pusher(variables);
        case HostKind::gitea:
            return gitea_pusher(variables);
        case HostKind::gitlab:
            return gitlab_pusher(variables);
        case HostKind::gitolite:
            return named_pusher(variables("GL_USER"));
        case HostKind::soft_serve:
            return named_pusher(variables("SOFT_SERVE_USERNAME"));
    }
    return {};
}

}  // namespace tidemark::hooks
