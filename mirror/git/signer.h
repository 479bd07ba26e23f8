// Signs commits the way git does: OpenPGP by the gpg program, SSH by ssh-keygen, whose signatures forges know.
// The key and its passphrase stand in a private folder as long as the Signer lives, never in an argument.
// Belongs to one thread. Throws mirror::Error.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/access.h"
#include "mirror/git/remote_environment.h"

namespace tidemark::mirror::git {

enum class SigningFormat { openpgp, ssh };

struct SigningKey {
    SigningFormat format = SigningFormat::openpgp;
    SecretString private_key;
    SecretString passphrase;  // may be empty
    std::string secret_name;  // "flux-system/signing", for messages
};

/// Takes the key from a secret as Flux names its parts: `git.asc` and `passphrase` for OpenPGP, `identity` and
/// `password` for SSH. Error{authentication} if there is none.
SigningKey read_signing_key(SigningFormat format, const SecretKeys& secret, std::string_view secret_name);

class Signer {
public:
    /// Error{not_found} if the program is not installed, Error{authentication} if the key cannot be used.
    Signer(const SigningKey& key, const std::filesystem::path& private_root);
    ~Signer();
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;

    /// The armored signature of a commit's bytes. An OpenPGP signature is dated `time`, or when the key was made if
    /// that is later, so that the same commit gets the same signature.
    std::string sign(std::string_view commit, std::chrono::sys_seconds time) const;

private:
    void import_openpgp_key(const SigningKey& key);
    void write_ssh_key(const SigningKey& key);
    std::string run(std::vector<std::string> arguments, std::string_view input, std::string_view doing) const;

    SigningFormat m_format;
    std::string m_secret_name;
    PrivateFolder m_folder;
    std::string m_program;
    std::vector<std::string> m_environment;
    std::chrono::sys_seconds m_key_made{};
};

}  // namespace tidemark::mirror::git
