// GitRepository: source.toolkit.fluxcd.io v1beta1 and v1beta2 (gitImplementation, accessFrom), v1 (provider, proxy).
#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/names.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

constexpr nanoseconds k_default_timeout = std::chrono::seconds(60);  // the schema's default
constexpr std::string_view k_branch_prefix = "refs/heads/";

void read_url(GitRepository& repository, yaml::Fields& spec) {
    const auto url = spec.required_text("url", "ssh://git@git.example/fleet.git");
    if (!url) return;
    if (const auto reason = find_git_url_problem(*url)) {
        // Not kept: it may hold a password, and others print the URL of an object.
        spec.report().error(*spec.node().find("url"), fmt::format("spec.url cannot be used: {}", *reason));
        return;
    }
    repository.url = *url;
}

// Fields that shape the artifact source-controller serves. Updates work on the branch itself, in Flux too.
void warn_about_artifact_fields(yaml::Fields& spec, const SpecContext& context) {
    constexpr std::string_view k_why =
        "it shapes the artifact of a cluster's source-controller, updates work on the branch itself";
    spec.text("ignore");
    warn_without_effect(spec, "ignore", k_why);
    if (spec.boolean("recurseSubmodules"))
        warn_without_effect(spec, "recurseSubmodules", "submodules are never updated");
    for (const yaml::Node* item : spec.list("include")) {
        yaml::Fields include(*item, "include[]", spec.report(), &spec);
        include.require("repository");
        read_local_reference(include, "repository");
        include.text("fromPath");
        include.text("toPath");
        include.finish();
    }
    if (!spec.list("include").empty()) warn_without_effect(spec, "include", k_why);
    if (has_field(spec, "sparseCheckout", context.version, ApiVersion::v1)) {
        if (!read_text_list(spec, "sparseCheckout").empty()) warn_without_effect(spec, "sparseCheckout", k_why);
    }
}

void read_old_fields(yaml::Fields& spec, const SpecContext& context) {
    if (context.version == ApiVersion::v1) {
        spec.refuse("gitImplementation", "is no longer a field", "remove it");
        spec.refuse("accessFrom", "is no longer a field", "remove it");
        return;
    }
    spec.word("gitImplementation", {"go-git", "libgit2"});
    read_access_from(spec, "accessFrom");
    warn_without_effect(spec, "accessFrom", "Flux has never implemented it for a GitRepository");
}

void refuse_verification(yaml::Fields& spec) {
    auto verify = spec.mapping("verify");
    if (!verify) return;
    verify->word("mode", {"head", "HEAD", "Tag", "TagAndHEAD"});
    verify->require("secretRef");
    read_local_reference(*verify, "secretRef");
    verify->finish();
    spec.report().error(
        verify->node(), "spec.verify: verification of commits is not supported yet",
        "for updates use a GitRepository of its own without it; Flux does not verify before an update either");
}

}  // namespace

// Precedence as in Flux's GitRepositoryRef: commit, name, semver, tag, branch.
GitReference read_git_reference(yaml::Fields& reference) {
    GitReference result;
    result.branch = read_branch(reference, "branch");
    for (const std::string_view key : {"tag", "semver", "name", "commit"}) {
        const auto value = reference.text(key);
        if (!value || value->empty()) continue;
        if (key == "name" && value->substr(0, k_branch_prefix.size()) == k_branch_prefix) {
            result = GitReference{std::string(value->substr(k_branch_prefix.size())), "", nullptr};
            if (const auto reason = find_branch_problem(result.branch))
                reference.report().error(*reference.node().find(key),
                                         fmt::format("{} is no branch: {}", reference.path(key), *reason));
            continue;
        }
        result = GitReference{"", key == "name" ? std::string(*value) : fmt::format("{} {}", key, *value),
                              reference.node().find(key)};
    }
    reference.finish();
    return result;
}

void read_spec(GitRepository& repository, yaml::Fields& spec, SpecContext& context) {
    read_url(repository, spec);
    if (const auto interval = read_required_interval(spec, "interval")) repository.interval = *interval;
    repository.timeout = read_timeout(spec, "timeout").value_or(k_default_timeout);
    repository.secret_ref = read_local_reference(spec, "secretRef");
    if (has_field(spec, "proxySecretRef", context.version, ApiVersion::v1))
        repository.proxy_secret_ref = read_local_reference(spec, "proxySecretRef");
    if (auto reference = spec.mapping("ref")) {
        GitReference read = read_git_reference(*reference);
        repository.branch = std::move(read.branch);
        repository.other_ref = std::move(read.other);
    }
    if (has_field(spec, "provider", context.version, ApiVersion::v1) &&
        has_field(spec, "serviceAccountName", context.version, ApiVersion::v1))
        refuse_cloud_login(spec, {"generic", "aws", "azure", "github"});
    refuse_verification(spec);
    warn_about_artifact_fields(spec, context);
    read_old_fields(spec, context);
    repository.suspend = spec.boolean("suspend");
}

}  // namespace tidemark::policy
