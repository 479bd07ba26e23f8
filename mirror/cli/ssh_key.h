// SSH deploy keys and host keys for `create secret git`, by the programs of OpenSSH.
#pragma once

#include <chrono>
#include <string>

#include "mirror/cli/flags.h"

namespace tidemark::mirror::cli {

/// --ssh-key-algorithm and its companions: the words that `flux` takes.
struct SshKeyOptions {
    std::string algorithm = "ecdsa";
    std::string curve = "p384";
    std::string bits = "2048";
};

void add_ssh_key_flags(FlagSet& flags, SshKeyOptions& options);

struct SshKey {
    std::string private_key;
    std::string public_key;
};

/// A new key without a passphrase. Throws Error.
SshKey generate_ssh_key(const SshKeyOptions& options);

/// A key from its file; the public one from FILE.pub, else from the private one, which then has no passphrase.
SshKey read_ssh_key(const std::string& path);

/// The known_hosts lines for the host of an ssh:// address, as that host tells them.
std::string scan_host_keys(const std::string& url, std::chrono::milliseconds timeout);

}  // namespace tidemark::mirror::cli
