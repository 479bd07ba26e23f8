#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/create.h"
#include "mirror/cli/names.h"
#include "mirror/cli/ssh_key.h"
#include "policy/base/duration.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

struct Options {
    CreateOptions create;
    SshKeyOptions key;
    std::string url;
    std::string branch;
    std::string tag;
    std::string semver;
    std::string ref_name;
    std::string commit;
    std::string provider;
    std::string secret_ref;
    std::string proxy_secret_ref;
    std::string username;
    std::string password;
    std::string ca_file;
    std::string private_key_file;
    std::vector<std::string> ignore_paths;
    std::vector<std::string> sparse_paths;
    std::chrono::nanoseconds fetch_timeout{};
    bool recurse_submodules = false;
    bool silent = false;
};

std::optional<std::string> take_provider(const std::string& value, std::string& target) {
    if (value.empty()) return "no source Git provider given, please specify the Git provider name";
    if (value != "generic" && value != "github" && value != "aws" && value != "azure") {
        return fmt::format("source Git provider '{}' is not supported, must be one of: generic|github|aws|azure",
                           value);
    }
    target = value;
    return std::nullopt;
}

/// Of several refs one is taken: commit (with the branch), ref name, range, tag, branch.
Value ref_of(const Options& options) {
    Value ref;
    if (!options.commit.empty()) {
        ref.set("commit", options.commit).set_text("branch", options.branch);
    } else if (!options.ref_name.empty()) {
        ref.set("name", options.ref_name);
    } else if (!options.semver.empty()) {
        ref.set("semver", options.semver);
    } else if (!options.tag.empty()) {
        ref.set("tag", options.tag);
    } else {
        ref.set_text("branch", options.branch);
    }
    return ref;
}

Value spec_of(const Options& options) {
    Value spec;
    spec.set("url", options.url).set("interval", policy::format_duration(options.create.interval));
    spec.set("ref", ref_of(options)).set_text("provider", options.provider);
    if (options.fetch_timeout != std::chrono::nanoseconds::zero()) {
        spec.set("timeout", policy::format_duration(options.fetch_timeout));
    }
    if (!options.secret_ref.empty()) spec.set("secretRef", name_reference(options.secret_ref));
    if (!options.proxy_secret_ref.empty()) spec.set("proxySecretRef", name_reference(options.proxy_secret_ref));
    if (options.recurse_submodules) spec.set("recurseSubmodules", true);
    spec.set_text("ignore", fmt::format("{}", fmt::join(options.ignore_paths, "\n")));
    if (!options.sparse_paths.empty()) {
        spec.set("sparseCheckout", Value(Value::Sequence(options.sparse_paths.begin(), options.sparse_paths.end())));
    }
    return spec;
}

void check(const Options& options) {
    const std::string scheme = git_url_scheme(options.url);
    if (ref_of(options).empty()) {
        throw Error(ErrorKind::usage,
                    "a Git ref is required, use one of the following: --branch, --tag, --commit, --ref-name or "
                    "--tag-semver");
    }
    if (!options.ca_file.empty() && scheme == "ssh") {
        throw Error(ErrorKind::usage, "specifying a CA file is not supported for Git over SSH");
    }
}

/// `flux` makes a Secret of these besides the source. Here the two are made apart, so that neither hides the other.
void refuse_credentials(const Options& options, const std::string& name) {
    if (options.username.empty() && options.password.empty() && options.ca_file.empty() &&
        options.private_key_file.empty()) {
        return;
    }
    throw Error(ErrorKind::usage,
                fmt::format("credentials are kept apart from the source: run \"tidemark create secret "
                            "git {0} --url=...\" with them, and give --secret-ref={0} here",
                            name));
}

int run_create(const Options& options, const Call& call) {
    const std::string& name = object_name(call.arguments);
    check(options);
    const policy::Labels labels = parse_labels(options.create.labels);
    if (!options.create.export_yaml) refuse_credentials(options, name);
    auto object = make_object("source.toolkit.fluxcd.io/v1", "GitRepository", name, call.global.name_space, labels);
    object.set("spec", spec_of(options));
    return deliver(object, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("url", options->url, "address: http, https or ssh");
    flags.text("branch", options->branch, "branch");
    flags.text("tag", options->tag, "tag");
    flags.text("tag-semver", options->semver, "highest tag in a range of versions");
    flags.text("ref-name", options->ref_name, "full reference, e.g. refs/heads/main");
    flags.text("commit", options->commit, "commit id");
    flags.text("secret-ref", options->secret_ref, "Secret with the credential");
    flags.text("proxy-secret-ref", options->proxy_secret_ref, "Secret with the proxy's address");
    flags.add({"provider", '\0', "generic|github|aws|azure", "who authenticates",
               [target = &options->provider](const std::string& value) { return take_provider(value, *target); }});
    flags.duration("fetch-timeout", options->fetch_timeout, "limit for one fetch (default: 60s)");
    flags.list("ignore-paths", options->ignore_paths, "paths to leave out, comma list");
    flags.list("sparse-checkout-paths", options->sparse_paths, "folders to read alone, comma list");
    flags.truth("recurse-submodules", options->recurse_submodules, "fetch submodules too");
    flags.text("username", options->username, "not written here: see \"create secret git\"", 'u');
    flags.text("password", options->password, "not written here: see \"create secret git\"", 'p');
    flags.text("ca-file", options->ca_file, "not written here: see \"create secret git\"");
    flags.text("private-key-file", options->private_key_file, "not written here: see \"create secret git\"");
    flags.truth("silent", options->silent, "ask nothing (nothing is asked here)", 's');
    add_ssh_key_flags(flags, options->key);
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_source_git = {
    "create source git",
    "NAME",
    "a GitRepository: where manifests are",
    "Makes a GitRepository: where manifests are read and commits are pushed.\n\n"
    "  tidemark create source git fleet --url=https://git.example/acme/fleet --branch=main --export\n\n"
    "  # With a deploy key\n"
    "  tidemark create secret git fleet --url=ssh://git@git.example/acme/fleet\n"
    "  tidemark create source git fleet --url=ssh://git@git.example/acme/fleet --branch=main --secret-ref=fleet",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
