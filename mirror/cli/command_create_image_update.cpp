#include <memory>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/create.h"
#include "mirror/cli/names.h"
#include "policy/base/duration.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

struct Options {
    CreateOptions create;
    std::string repository;
    std::string repository_namespace;
    std::string path;
    std::string checkout_branch;
    std::string push_branch;
    std::string commit_template;
    std::string author_name;
    std::string author_email;
    std::string signing_secret;
    std::string signing_type;
};

void require(const std::string& value, const char* message) {
    if (value.empty()) throw Error(ErrorKind::usage, message);
}

void check(const Options& options) {
    require(options.repository, "a reference to a GitRepository is required (--git-repo-ref)");
    require(options.checkout_branch, "the Git repository branch is required (--checkout-branch)");
    require(options.author_name, "the author name is required (--author-name)");
    require(options.author_email, "the author email is required (--author-email)");
    if (options.signing_type.empty()) return;
    require(options.signing_secret, "--signing-key-type requires --signing-key-secret");
    if (options.signing_type != "gpg" && options.signing_type != "ssh") {
        throw Error(ErrorKind::usage, "--signing-key-type must be one of: gpg, ssh");
    }
}

Value commit_of(const Options& options) {
    Value commit;
    commit.set("author", Value().set("email", options.author_email).set("name", options.author_name));
    commit.set_text("messageTemplate", options.commit_template);
    if (!options.signing_secret.empty()) {
        Value key;
        key.set("secretRef", name_reference(options.signing_secret)).set_text("type", options.signing_type);
        commit.set("signingKey", std::move(key));
    }
    return commit;
}

Value spec_of(const Options& options) {
    Value git;
    git.set("checkout", Value().set("ref", Value().set("branch", options.checkout_branch)));
    git.set("commit", commit_of(options));
    if (!options.push_branch.empty()) git.set("push", Value().set("branch", options.push_branch));

    Value source;
    source.set("kind", "GitRepository").set("name", options.repository);
    source.set_text("namespace", options.repository_namespace);

    Value spec;
    spec.set("git", std::move(git)).set("interval", policy::format_duration(options.create.interval));
    spec.set("sourceRef", std::move(source));
    if (!options.path.empty()) spec.set("update", Value().set("path", options.path).set("strategy", "Setters"));
    return spec;
}

int run_create(const Options& options, const Call& call) {
    const std::string& name = object_name(call.arguments);
    check(options);
    const policy::Labels labels = parse_labels(options.create.labels);
    auto object =
        make_object("image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation", name, call.global.name_space, labels);
    object.set("spec", spec_of(options));
    return deliver(object, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("git-repo-ref", options->repository, "GitRepository to read and to push to");
    flags.text("git-repo-namespace", options->repository_namespace, "namespace of that GitRepository");
    flags.text("git-repo-path", options->path, "folder to rewrite (default: the whole tree)");
    flags.text("checkout-branch", options->checkout_branch, "branch to start from");
    flags.text("push-branch", options->push_branch, "branch to push to (default: the checkout branch)");
    flags.text("commit-template", options->commit_template, "Go template of the commit message");
    flags.text("author-name", options->author_name, "name of the commits' author");
    flags.text("author-email", options->author_email, "e-mail address of the commits' author");
    flags.text("signing-key-secret", options->signing_secret, "Secret with the key that signs commits");
    flags.text("signing-key-type", options->signing_type, "gpg or ssh; only with --signing-key-secret (default gpg)");
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_image_update = {
    "create image update",
    "NAME",
    "an ImageUpdateAutomation: what is written where",
    "Makes an ImageUpdateAutomation: which repository's marked values are rewritten, and how they are committed.\n\n"
    "  # Straight to main\n"
    "  tidemark create image update apps --git-repo-ref=fleet --git-repo-path=./apps --checkout-branch=main \\\n"
    "    --author-name=tidemark --author-email=tidemark@example.com --export\n\n"
    "  # To a branch of its own, with a message that lists the images\n"
    "  tidemark create image update apps --git-repo-ref=fleet --checkout-branch=main --push-branch=flux-imageupdates "
    "\\\n"
    "    --author-name=tidemark --author-email=tidemark@example.com \\\n"
    "    --commit-template='{{range .Changed.Changes}}{{println .OldValue \"->\" .NewValue}}{{end}}' --export",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
