#include <array>
#include <memory>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/json.h"
#include "mirror/cli/names.h"
#include "mirror/cli/secret_source.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

struct Options {
    CreateOptions create;
    std::string server;
    std::string username;
    std::string password;
    std::string password_file;
};

/// RFC 4648, section 4.
std::string base64(std::string_view bytes) {
    constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= count ? k_digits[group >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
}

int run_create(const Options& options, const Call& call) {
    SecretContent secret;
    secret.name = object_name(call.arguments);
    if (options.server.empty()) throw Error(ErrorKind::usage, "--url is required: the registry, e.g. ghcr.io");
    if (options.username.empty()) throw Error(ErrorKind::usage, "--username is required");
    const std::string password =
        options.password_file.empty() ? options.password : read_secret_file(options.password_file, call.streams);
    if (password.empty()) throw Error(ErrorKind::usage, "--password or --password-file is required");
    secret.labels = parse_labels(options.create.labels);
    secret.type = "kubernetes.io/dockerconfigjson";

    Value login;
    login.set("username", options.username).set("password", password);
    login.set("auth", base64(options.username + ":" + password));
    const Value config = Value().set("auths", Value().set(options.server, std::move(login)));
    secret.data[".dockerconfigjson"] = to_json(config, JsonLayout::compact);
    return deliver_secret(secret, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("url", options->server, "the registry, e.g. ghcr.io or registry.example:5000");
    flags.text("server", options->server, "the same as --url");
    flags.text("docker-server", options->server, "the same as --url, as kubectl names it");
    flags.text("username", options->username, "user at the registry", 'u');
    flags.text("docker-username", options->username, "the same as --username");
    flags.text("password", options->password, "password or token of the user", 'p');
    flags.text("docker-password", options->password, "the same as --password");
    flags.text("password-file", options->password_file, "file with the password; - reads standard input");
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_secret_registry = {
    "create secret registry",
    "NAME",
    "a credential for a registry",
    "Makes a Secret of type kubernetes.io/dockerconfigjson, which an ImageRepository names as its secretRef.\n\n"
    "  tidemark create secret registry regcred --url=registry.example --username=bot --password-file=token.txt\n"
    "  pass registry/bot | tidemark create secret registry regcred --url=ghcr.io --username=bot --password-file=-",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
