#include "mirror/git/signer.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/subprocess.h"
#include "mirror/git/remote_text.h"

namespace tidemark::mirror::git {
namespace {

constexpr std::chrono::seconds k_timeout{30};

std::string find_signing_program(SigningFormat format) {
    const bool openpgp = format == SigningFormat::openpgp;
    const std::string_view name = openpgp ? "gpg" : "ssh-keygen";
    const auto program = find_program(name);
    if (!program)
        throw Error(ErrorKind::not_found, fmt::format("signing commits needs {}: install the package {}", name,
                                                      openpgp ? "gnupg" : "openssh-client"));
    return program->string();
}

std::vector<std::string> make_environment(const PrivateFolder& folder) {
    const char* path = std::getenv("PATH");
    return {std::string("PATH=") + (path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path),
            "HOME=" + folder.path().string(), "GNUPGHOME=" + folder.path().string(), "LC_ALL=C", "TERM=dumb"};
}

/// What gpg --list-secret-keys --with-colons says of a key that can sign.
struct OpenPgpKey {
    bool usable = false;
    std::chrono::sys_seconds made{};  // the newest part that may sign
};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(separator, start), text.size());
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

/// gnupg's doc/DETAILS, "Format of the colon listings": field 2 validity, 6 creation, 12 capabilities.
OpenPgpKey parse_key_listing(std::string_view listing) {
    OpenPgpKey key;
    for (const std::string_view line : split(listing, '\n')) {
        const std::vector<std::string_view> fields = split(line, ':');
        if (fields.size() < 12 || (fields[0] != "sec" && fields[0] != "ssb")) continue;
        const bool bad = fields[1].find_first_of("eridn") != std::string_view::npos;
        if (bad || fields[11].find('s') == std::string_view::npos) continue;
        long long seconds = 0;
        std::from_chars(fields[5].data(), fields[5].data() + fields[5].size(), seconds);
        key.usable = true;
        key.made = std::max(key.made, std::chrono::sys_seconds(std::chrono::seconds(seconds)));
    }
    return key;
}

/// The last thing a program said, without control characters.
std::string last_words(std::string_view error) {
    std::string words;
    for (const std::string_view line : split(error, '\n')) {
        if (std::string clean = clean_line(line); !clean.empty()) words = std::move(clean);
    }
    return words;
}

}  // namespace

SigningKey read_signing_key(SigningFormat format, const SecretKeys& secret, std::string_view secret_name) {
    const bool openpgp = format == SigningFormat::openpgp;
    const auto value_of = [&](std::string_view name) {
        const auto found = secret.find(name);
        return found == secret.end() ? SecretString() : found->second;
    };
    SigningKey key{format, value_of(openpgp ? "git.asc" : "identity"), value_of(openpgp ? "passphrase" : "password"),
                   std::string(secret_name)};
    if (key.private_key.empty())
        throw Error(ErrorKind::authentication,
                    fmt::format("the secret {} has no key {}: {} is expected there to sign commits with", secret_name,
                                openpgp ? "git.asc" : "identity",
                                openpgp ? "an ASCII-armored OpenPGP private key" : "an SSH private key"));
    return key;
}

Signer::Signer(const SigningKey& key, const std::filesystem::path& private_root)
    : m_format(key.format),
      m_secret_name(key.secret_name),
      m_folder(private_root),
      m_program(find_signing_program(key.format)),
      m_environment(make_environment(m_folder)) {
    if (m_format == SigningFormat::openpgp) {
        import_openpgp_key(key);
    } else {
        write_ssh_key(key);
    }
}

void Signer::write_ssh_key(const SigningKey& key) {
    std::string text = key.private_key.reveal();
    if (!text.ends_with('\n')) text += '\n';
    m_folder.write("identity", text);
    add_passphrase(m_environment, key.passphrase, m_folder,
                   fmt::format("the signing key of the secret {}", m_secret_name));
}

Signer::~Signer() {
    if (m_format != SigningFormat::openpgp) return;
    // gpg started an agent in a session of its own; it would end by itself a minute after its folder is gone.
    try {
        if (const auto program = find_program("gpgconf")) {
            Command command;
            command.arguments = {program->string(), "--kill", "gpg-agent"};
            command.environment = m_environment;
            command.timeout = k_timeout;
            run_process(command);
        }
    } catch (const Error&) {  // it goes with its folder then
    }
}

void Signer::import_openpgp_key(const SigningKey& key) {
    m_folder.write("passphrase", key.passphrase.reveal() + "\n");
    run({"--import"}, key.private_key.reveal(), "reading the OpenPGP key");
    const OpenPgpKey found = parse_key_listing(run({"--list-secret-keys", "--with-colons"}, {}, "listing the key"));
    if (!found.usable)
        throw Error(ErrorKind::authentication,
                    fmt::format("git.asc of the secret {} holds no private key that may sign: it is a public key, or "
                                "expired, revoked or for other uses",
                                m_secret_name));
    m_key_made = found.made;
}

std::string Signer::run(std::vector<std::string> arguments, std::string_view input, std::string_view doing) const {
    Command command;
    command.arguments = {m_program};
    if (m_format == SigningFormat::openpgp) {
        for (const char* option : {"--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback"})
            command.arguments.emplace_back(option);
        command.arguments.push_back("--passphrase-file=" + (m_folder.path() / "passphrase").string());
    }
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = m_environment;
    command.input = input;
    command.timeout = k_timeout;
    ProcessResult result = run_process(command);
    if (!result.ok())
        throw Error(ErrorKind::authentication, fmt::format("{} of the secret {}: {} {}: {}", doing, m_secret_name,
                                                           m_format == SigningFormat::openpgp ? "gpg" : "ssh-keygen",
                                                           describe(result, k_timeout), last_words(result.error)));
    return std::move(result.output);
}

std::string Signer::sign(std::string_view commit, std::chrono::sys_seconds time) const {
    constexpr std::string_view k_doing = "signing a commit with the key";
    std::string signature;
    if (m_format == SigningFormat::ssh) {
        signature = run({"-Y", "sign", "-n", "git", "-f", (m_folder.path() / "identity").string()}, commit, k_doing);
    } else {
        const auto dated = std::max(time, m_key_made).time_since_epoch().count();
        signature = run({fmt::format("--faked-system-time={}!", dated), "--armor", "--detach-sign"}, commit, k_doing);
    }
    if (!signature.starts_with("-----BEGIN "))
        throw Error(ErrorKind::authentication,
                    fmt::format("{} of the secret {}: no signature came out", k_doing, m_secret_name));
    return signature;
}

}  // namespace tidemark::mirror::git
