#include <memory>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"
#include "mirror/cli/secret_source.h"
#include "mirror/cli/ssh_key.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_certificate_limit = std::size_t{1} << 20;

struct Options {
    CreateOptions create;
    SshKeyOptions key;
    std::string url;
    std::string username;
    std::string password;
    std::string password_file;
    std::string bearer_token;
    std::string bearer_token_file;
    std::string ca_file;
    std::string private_key_file;
    std::string known_hosts_file;
};

using Data = std::map<std::string, std::string>;

Data http_data(const Options& options, const Streams& streams) {
    const std::string password =
        options.password_file.empty() ? options.password : read_secret_file(options.password_file, streams);
    const std::string token =
        options.bearer_token_file.empty() ? options.bearer_token : read_secret_file(options.bearer_token_file, streams);
    const bool basic = !options.username.empty() && !password.empty();
    if (basic && !token.empty()) {
        throw Error(ErrorKind::usage, "user credentials and bearer token cannot be used together");
    }
    if (!basic && token.empty()) {
        throw Error(ErrorKind::usage, "for Git over HTTP/S the username and password, or a bearer token is required");
    }
    Data data;
    if (basic) {
        data["username"] = options.username;
        data["password"] = password;
    } else {
        data["bearerToken"] = token;
    }
    if (!options.ca_file.empty()) {
        try {
            data["ca.crt"] = read_file(options.ca_file, k_certificate_limit);
        } catch (const Error& error) {
            throw Error(error.kind(), std::string("unable to read TLS CA file: ") + error.what());
        }
    }
    return data;
}

Data ssh_data(const Options& options, const Call& call) {
    const bool generated = options.private_key_file.empty();
    const SshKey key = generated ? generate_ssh_key(options.key) : read_ssh_key(options.private_key_file);
    Data data = {{"identity", key.private_key}, {"identity.pub", key.public_key}};
    const std::string passphrase =
        options.password_file.empty() ? options.password : read_secret_file(options.password_file, call.streams);
    if (!passphrase.empty()) data["password"] = passphrase;
    if (!options.known_hosts_file.empty()) {
        data["known_hosts"] = read_file(options.known_hosts_file, k_certificate_limit);
    } else {
        data["known_hosts"] =
            scan_host_keys(options.url, std::chrono::duration_cast<std::chrono::milliseconds>(call.global.timeout));
        say_warning(call.streams,
                    "the host's keys are taken as it gave them: compare them with what its owner publishes");
    }
    if (generated) say_generating(call.streams, "deploy key: " + key.public_key.substr(0, key.public_key.find('\n')));
    return data;
}

int run_create(const Options& options, const Call& call) {
    SecretContent secret;
    secret.name = object_name(call.arguments);
    if (options.url.empty()) throw Error(ErrorKind::usage, "url is required");
    secret.labels = parse_labels(options.create.labels);
    const bool ssh = git_url_scheme(options.url) == "ssh";
    secret.data = ssh ? ssh_data(options, call) : http_data(options, call.streams);
    return deliver_secret(secret, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("url", options->url, "address of the repository: http, https or ssh");
    flags.text("username", options->username, "user for http and https", 'u');
    flags.text("password", options->password, "password for http and https, or the key's passphrase", 'p');
    flags.text("password-file", options->password_file, "file with the password; - reads standard input");
    flags.text("bearer-token", options->bearer_token, "bearer token instead of user and password");
    flags.text("bearer-token-file", options->bearer_token_file, "file with the token; - reads standard input");
    flags.text("ca-crt-file", options->ca_file, "certificate authority of the server, for https");
    flags.text("private-key-file", options->private_key_file, "ssh key to use (default: a new one)");
    flags.text("known-hosts-file", options->known_hosts_file, "host keys to trust (default: ask the host)");
    add_ssh_key_flags(flags, options->key);
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_secret_git = {
    "create secret git",
    "NAME",
    "a credential for a Git repository",
    "Makes a Secret with the credential for a Git repository.\n\n"
    "  # A token, without showing it to everybody who lists processes\n"
    "  tidemark create secret git fleet --url=https://git.example/acme/fleet --username=bot "
    "--password-file=token.txt\n\n"
    "  # A new deploy key: add the printed line to the repository's deploy keys\n"
    "  tidemark create secret git fleet --url=ssh://git@git.example/acme/fleet",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
