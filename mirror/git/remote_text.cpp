#include "mirror/git/remote_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace tidemark::mirror::git {
namespace {

constexpr std::size_t k_max_line_bytes = 500;
constexpr std::size_t k_max_lines = 100;

/// Shorter ones would also hide ordinary words.
constexpr std::size_t k_min_secret_bytes = 4;

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return contains(text, part); });
}

/// The end of a terminal sequence (ESC [ ... letter, ESC ] ... BEL, ESC x) that begins at `start`.
std::size_t end_of_sequence(std::string_view line, std::size_t start) {
    std::size_t at = start + 1;
    if (at >= line.size()) return line.size();
    if (line[at] == '[') {
        ++at;
        while (at < line.size() && !(line[at] >= '@' && line[at] <= '~'))
            ++at;
    } else if (line[at] == ']') {
        while (at < line.size() && line[at] != '\a')
            ++at;
    }
    return std::min(at + 1, line.size());
}

/// Lines that git and ssh write themselves.
bool is_own_line(std::string_view line) {
    constexpr std::array<std::string_view, 23> k_beginnings = {"fatal: ",
                                                               "error: ",
                                                               "hint: ",
                                                               "warning: ",
                                                               "usage: ",
                                                               "ssh: ",
                                                               "To ",
                                                               "From ",
                                                               "Everything up-to-date",
                                                               "Please make sure you have",
                                                               "and the repository exists",
                                                               "Host key verification failed",
                                                               "Load key ",
                                                               "Connection closed by",
                                                               "Connection reset by",
                                                               "Connection to ",
                                                               "kex_exchange_identification",
                                                               "ssh_exchange_identification",
                                                               "Warning: ",
                                                               "client_loop: ",
                                                               "Timeout, server ",
                                                               "@@@",
                                                               "ssh_dispatch_run_fatal"};
    return std::any_of(k_beginnings.begin(), k_beginnings.end(),
                       [&](std::string_view b) { return line.starts_with(b); }) ||
           contains(line, ": Permission denied (") || contains(line, " host key is known for ");
}

struct Pattern {
    std::string_view text;  // lower case
    ErrorKind kind;
    Refusal refusal;
    std::string_view sentence;
};

// The first that occurs decides; special ones stand before general ones.
constexpr Pattern k_patterns[] = {
    {"remote host identification has changed", ErrorKind::authentication, Refusal::authentication,
     "the host's key is not the one in known_hosts: somebody may be in between; compare the keys before you replace "
     "it"},
    {"host key verification failed", ErrorKind::authentication, Refusal::authentication,
     "the host's key is not in the secret's known_hosts: compare it with what its owner publishes, then add the line "
     "that ssh-keyscan prints"},
    {"incorrect passphrase", ErrorKind::authentication, Refusal::authentication,
     "the passphrase (the secret's password) does not open the key"},
    {"error in libcrypto", ErrorKind::authentication, Refusal::authentication,
     "the key in the secret's identity cannot be read; if it has a passphrase, add it as password"},
    {"invalid format", ErrorKind::authentication, Refusal::authentication,
     "the key in the secret's identity cannot be read"},
    {"marked as read only", ErrorKind::permission, Refusal::authentication, "the key may only read: allow it to write"},
    {"is read-only", ErrorKind::permission, Refusal::authentication, "the key may only read: allow it to write"},
    {"write access", ErrorKind::permission, Refusal::authentication, "the credential may not write there"},
    {"not authorized to write", ErrorKind::permission, Refusal::authentication, "the credential may not write there"},
    {"returned error: 403", ErrorKind::permission, Refusal::authentication,
     "the credential may not do that there (403)"},
    {"denied by", ErrorKind::permission, Refusal::authentication, "the credential may not do that there"},
    {"permission denied (", ErrorKind::authentication, Refusal::authentication,
     "the server does not accept the key: add its public part there as a deploy key"},
    {"authentication failed", ErrorKind::authentication, Refusal::authentication,
     "the server does not accept the credential"},
    {"could not read username", ErrorKind::authentication, Refusal::authentication,
     "the server wants a credential, or does not accept the one in the secret"},
    {"could not read password", ErrorKind::authentication, Refusal::authentication,
     "the server does not accept the credential"},
    {"returned error: 401", ErrorKind::authentication, Refusal::authentication,
     "the server does not accept the credential"},
    {"alert certificate required", ErrorKind::authentication, Refusal::authentication,
     "the server wants a client certificate: add tls.crt and tls.key to the secret"},
    {"no required ssl certificate", ErrorKind::authentication, Refusal::authentication,
     "the server wants a client certificate: add tls.crt and tls.key to the secret"},
    {"certificate verification failed", ErrorKind::network, Refusal::network,
     "the server's certificate is not trusted: add its authority to the secret as ca.crt"},
    {"ssl certificate problem", ErrorKind::network, Refusal::network,
     "the server's certificate is not trusted: add its authority to the secret as ca.crt"},
    {"does not match target host name", ErrorKind::network, Refusal::network,
     "the server's certificate is for another name"},
    {"unable to update url base from redirection", ErrorKind::invalid, Refusal::network,
     "the server redirects elsewhere, and a credential is not sent there: write the new address"},
    {"returned error: 30", ErrorKind::invalid, Refusal::network,
     "the server redirects elsewhere, and a credential is not sent there: write the new address"},
    {"does not support push options", ErrorKind::refused, Refusal::rule, "the server takes no push options"},
    {"does not support --atomic", ErrorKind::refused, Refusal::rule, "the server takes no atomic push"},
    {"dubious ownership", ErrorKind::permission, Refusal::authentication,
     "the repository's folder belongs to another user"},
    {"' not allowed", ErrorKind::invalid, Refusal::network, "the server leads to a protocol that is not allowed"},
    {"mismatched algorithms", ErrorKind::invalid, Refusal::network,
     "the repository uses SHA-256, which is not supported"},
    {"fsck error", ErrorKind::invalid, Refusal::network, "the repository holds an object that is not safe to take"},
    {"no space left on device", ErrorKind::storage, Refusal::network, "the disk is full"},
    {".lock': file exists", ErrorKind::conflict, Refusal::network, "another git works on the same repository"},
    {"repository not found", ErrorKind::not_found, Refusal::authentication,
     "there is no such repository, or the credential may not see it"},
    {"does not appear to be a git repository", ErrorKind::not_found, Refusal::authentication,
     "there is no such repository, or the credential may not see it"},
    {"returned error: 404", ErrorKind::not_found, Refusal::authentication,
     "there is no such repository, or the credential may not see it"},
    {"could not be found", ErrorKind::not_found, Refusal::authentication,
     "there is no such repository, or the credential may not see it"},
    {"' not found", ErrorKind::not_found, Refusal::authentication,
     "there is no such repository, or the credential may not see it"},
    {"could not resolve host", ErrorKind::network, Refusal::network, "the host's name cannot be resolved"},
    {"connection refused", ErrorKind::network, Refusal::network, "nothing listens there (connection refused)"},
    {"failed to connect", ErrorKind::network, Refusal::network, "nothing listens there (failed to connect)"},
    {"couldn't connect to server", ErrorKind::network, Refusal::network, "nothing listens there (failed to connect)"},
    {"timed out", ErrorKind::network, Refusal::network, "the connection timed out"},
    {"too slow", ErrorKind::network, Refusal::network, "the server stopped sending"},
    {"no route to host", ErrorKind::network, Refusal::network, "there is no way to the host"},
    {"network is unreachable", ErrorKind::network, Refusal::network, "there is no way to the host"},
    {"early eof", ErrorKind::network, Refusal::network, "the connection was cut off"},
    {"hung up", ErrorKind::network, Refusal::network, "the connection was cut off"},
    {"disconnect", ErrorKind::network, Refusal::network, "the connection was cut off"},
    {"connection reset", ErrorKind::network, Refusal::network, "the connection was cut off"},
    {"returned error: 5", ErrorKind::network, Refusal::network, "the server failed"},
};

std::string join_lower(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += to_lower(line) + '\n';
    return text;
}

}  // namespace

SecretString basic_credential(const RemoteAccess& access) {
    const std::string bytes = access.username + ":" + access.password.reveal();
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return SecretString(std::move(text));
}

Redactor::Redactor(const RemoteAccess& access) {
    const auto add = [this](const std::string& secret) {
        if (secret.size() >= k_min_secret_bytes) m_secrets.emplace_back(secret);
    };
    add(access.password.reveal());
    add(access.passphrase.reveal());
    add(access.bearer_token.reveal());
    // An ssh user is no secret: it is part of the address that people are shown.
    if (access.transport != Transport::ssh && access.has_http_credentials() && access.bearer_token.empty()) {
        add(basic_credential(access).reveal());
        if (access.password.empty()) add(access.username);  // a token in the user's place
    }
    const std::string& proxy = access.proxy.reveal();
    const std::size_t at = proxy.rfind('@');
    if (at != std::string::npos) add(proxy.substr(0, at));
    std::sort(m_secrets.begin(), m_secrets.end(),
              [](const SecretString& a, const SecretString& b) { return a.reveal().size() > b.reveal().size(); });
}

std::string Redactor::apply(std::string text) const {
    for (const SecretString& secret : m_secrets) {
        for (std::size_t at = 0; (at = text.find(secret.reveal(), at)) != std::string::npos;) {
            text.replace(at, secret.reveal().size(), "***");
        }
    }
    return text;
}

std::string clean_line(std::string_view line) {
    std::string cleaned;
    for (std::size_t i = 0; i < line.size() && cleaned.size() < k_max_line_bytes;) {
        const auto byte = static_cast<unsigned char>(line[i]);
        if (byte == 0x1b) {
            i = end_of_sequence(line, i);
        } else if (byte == '\t') {
            cleaned += ' ';
            ++i;
        } else if (byte < 0x20 || byte == 0x7f) {
            ++i;
        } else if (byte == 0xc2 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) < 0xa0) {
            i += 2;  // U+0080 to U+009F: control characters in UTF-8
        } else {
            cleaned += line[i++];
        }
    }
    while (!cleaned.empty() && cleaned.back() == ' ')
        cleaned.pop_back();
    return cleaned;
}

GitMessages split_messages(std::string_view standard_error) {
    GitMessages messages;
    bool in_ssh_warning = false;  // a block of unmarked lines, begun by "@@@@"
    for_each_line(standard_error, [&](std::string_view line) {
        const bool remote = line.starts_with("remote:");
        if (remote) line.remove_prefix(std::min<std::size_t>(line.starts_with("remote: ") ? 8 : 7, line.size()));
        std::string cleaned = clean_line(line);
        if (cleaned.empty()) return;
        if (!remote && cleaned.starts_with("@@@@")) in_ssh_warning = true;
        // Over ssh the other side's program writes to our standard error directly.
        std::vector<std::string>& into =
            remote || (!in_ssh_warning && !is_own_line(cleaned)) ? messages.server : messages.local;
        if (into.size() < k_max_lines) into.push_back(std::move(cleaned));
    });
    return messages;
}

FailureCause find_cause(const GitMessages& messages) {
    for (const std::vector<std::string>* lines : {&messages.local, &messages.server}) {
        const std::string text = join_lower(*lines);
        // "Could not read from remote repository" goes with every failure over ssh and tells nothing.
        for (const Pattern& pattern : k_patterns) {
            if (contains(text, pattern.text)) return {pattern.kind, pattern.refusal, std::string(pattern.sentence)};
        }
    }
    FailureCause cause;
    cause.sentence = messages.local.empty() ? "git failed" : messages.local.front();
    return cause;
}

std::optional<std::string> find_damage(const GitMessages& messages, const std::filesystem::path& mirror) {
    // Only the mirror has such references, only what takes objects in compares them with its own, and git names the
    // file of a corrupt one: a server beside us on the same disk (file://) complains on the same stream.
    const std::string tracked = "refs/remotes/origin/";
    const std::string stored = "(stored in " + mirror.string() + "/";
    for (const std::string& line : messages.local) {
        const bool reference = contains(line, tracked) &&
                               (contains(line, "bad object") || contains(line, "does not point to a valid object") ||
                                contains(line, "unable to resolve reference"));
        const bool compared = line.starts_with("fatal: cannot read existing object");
        if (reference || compared || (contains(line, stored) && contains(line, "is corrupt"))) return line;
    }
    return std::nullopt;
}

std::vector<PushLine> parse_push_lines(std::string_view standard_output) {
    std::vector<PushLine> lines;
    for_each_line(standard_output, [&](std::string_view line) {
        const std::size_t first = line.find('\t');
        if (first != 1) return;
        const std::size_t second = line.find('\t', 2);
        if (second == std::string_view::npos) return;
        const std::string_view references = line.substr(2, second - 2);
        const std::size_t colon = references.find(':');
        if (colon == std::string_view::npos) return;
        lines.push_back({line[0], std::string(references.substr(colon + 1)), clean_line(line.substr(second + 1))});
    });
    return lines;
}

Refusal classify_refusal(const PushLine& line, const std::vector<std::string>& server_lines) {
    const std::string summary = to_lower(line.summary);
    constexpr std::array<std::string_view, 6> k_lease = {"stale info",      "fetch first",
                                                         "cannot lock ref", "reference already exists",
                                                         "failed to lock",  "remote ref updated since checkout"};
    if (contains_any(summary, k_lease)) return Refusal::lease_lost;
    if (contains(summary, "non-fast-forward")) return Refusal::not_fast_forward;

    const std::string said = join_lower(server_lines);
    // Somebody moved the ref while the hooks ran: the server's compare-and-swap tells it in its own error line only.
    if (contains(said, "cannot lock ref") && contains(said, "but expected")) return Refusal::lease_lost;
    constexpr std::array<std::string_view, 7> k_protected = {"protected branch",
                                                             "protected branches",
                                                             "gh006",
                                                             "protected ref",
                                                             "branch is protected",
                                                             "can only be modified through pull requests",
                                                             "changes must be made through a pull request"};
    if (contains(summary, "protected branch") || contains_any(said, k_protected)) return Refusal::protected_branch;
    constexpr std::array<std::string_view, 9> k_rule = {"rule violation",
                                                        "push rule",
                                                        "deletion prohibited",
                                                        "deletion of the current branch",
                                                        "is currently checked out",
                                                        "shallow update",
                                                        "gh001",
                                                        "gh009",
                                                        "does not follow the pattern"};
    if (contains_any(summary, k_rule) || contains_any(said, k_rule)) return Refusal::rule;
    constexpr std::array<std::string_view, 4> k_login = {"write access", "not authorized to write",
                                                         "marked as read only", "is read-only"};
    if (contains_any(said, k_login)) return Refusal::authentication;
    if (contains(summary, "hook declined")) return Refusal::hook;
    if (contains(summary, "atomic")) return Refusal::rule;
    constexpr std::array<std::string_view, 4> k_broken = {"remote failed to report", "unpacker error",
                                                          "failed to update ref", "remote does not support"};
    if (contains_any(summary, k_broken)) return Refusal::network;
    return Refusal::rule;
}

bool is_branch_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 240 || name.front() == '/' || name.back() == '/' || name.front() == '-')
        return false;
    if (name.ends_with('.') || contains(name, "..") || contains(name, "@{") || contains(name, "//")) return false;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f || contains("~^:?*[\\", std::string_view(&c, 1))) return false;
    }
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('/'), name.size());
        const std::string_view part = name.substr(0, end);
        if (part.front() == '.' || part.ends_with(".lock")) return false;
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return true;
}

}  // namespace tidemark::mirror::git
