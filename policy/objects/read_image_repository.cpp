// ImageRepository: image.toolkit.fluxcd.io v1beta1 (no proxy, provider, insecure), v1beta2, v1.
#include <fmt/format.h>

#include "policy/image/reference.h"
#include "policy/objects/field_types.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

constexpr std::size_t k_exclusions_limit = 25;  // the schema's maxItems

// "robot:password@registry.example/app". A digest, which is refused too but may be shown, has no slash.
bool holds_login(std::string_view image) noexcept {
    const std::size_t at = image.find('@');
    return at != std::string_view::npos && image.find('/', at) != std::string_view::npos;
}

void read_image(ImageRepository& repository, yaml::Fields& spec) {
    const auto image = spec.required_text("image", "ghcr.io/org/app");
    if (!image) return;
    if (holds_login(*image)) {
        // Not kept: others print the image of an object.
        spec.report().error(*spec.node().find("image"), "spec.image: a login stands before the '@'",
                            "put user name and password into a Secret and name that in spec.secretRef");
        return;
    }
    repository.image = *image;
    const Result<RepositoryName> name = parse_repository_name(*image);
    if (!name)
        spec.report().error_in(*spec.node().find("image"), name.problem().position,
                               fmt::format("spec.image: {}", name.message()));
}

void read_exclusion_list(ImageRepository& repository, yaml::Fields& spec, CompileCache& cache) {
    const yaml::Node* list = spec.find("exclusionList");
    if (!list) return;
    repository.exclusion_list = read_text_list(spec, "exclusionList");
    if (repository.exclusion_list.size() > k_exclusions_limit) {
        spec.report().error(*list, fmt::format("spec.exclusionList has {} patterns, {} are allowed",
                                               repository.exclusion_list.size(), k_exclusions_limit));
        return;
    }
    for (std::size_t i = 0; i < repository.exclusion_list.size(); ++i) {
        const std::optional<Problem>& problem = cache.find_exclusion_problem(repository.exclusion_list[i]);
        // An item of the wrong type was left out above; then only the list's place is certain.
        const bool aligned = list->children.size() == repository.exclusion_list.size();
        if (problem)
            spec.report().error_in(aligned ? *list->children[i] : *list, problem->position,
                                   fmt::format("spec.exclusionList[{}]: {}", i, problem->message));
    }
}

}  // namespace

void refuse_cloud_login(yaml::Fields& spec, std::initializer_list<std::string_view> providers) {
    const auto provider = spec.word("provider", providers);
    if (provider && *provider != "generic")
        spec.report().error(*spec.node().find("provider"),
                            fmt::format("spec.provider: {} is not supported yet", *provider),
                            "use a credential: put it into a Secret and name that in spec.secretRef");
    const auto account = spec.text("serviceAccountName");
    if (account && !account->empty())
        spec.report().error(*spec.node().find("serviceAccountName"),
                            "spec.serviceAccountName needs a cluster and is not supported",
                            "use a credential: put it into a Secret and name that in spec.secretRef");
}

void read_spec(ImageRepository& repository, yaml::Fields& spec, SpecContext& context) {
    read_image(repository, spec);
    if (const auto interval = read_required_interval(spec, "interval")) repository.interval = *interval;
    repository.timeout = read_timeout(spec, "timeout");
    repository.secret_ref = read_local_reference(spec, "secretRef");
    repository.cert_secret_ref = read_local_reference(spec, "certSecretRef");
    if (has_field(spec, "proxySecretRef", context.version, ApiVersion::v1beta2))
        repository.proxy_secret_ref = read_local_reference(spec, "proxySecretRef");
    repository.suspend = spec.boolean("suspend");
    repository.access_from = read_access_from(spec, "accessFrom");
    read_exclusion_list(repository, spec, context.cache);
    if (has_field(spec, "provider", context.version, ApiVersion::v1beta2)) {
        refuse_cloud_login(spec, {"generic", "aws", "azure", "gcp"});
    } else if (const auto account = spec.text("serviceAccountName"); account && !account->empty()) {
        spec.report().error(*spec.node().find("serviceAccountName"),
                            "spec.serviceAccountName needs a cluster and is not supported",
                            "use a credential: put it into a Secret and name that in spec.secretRef");
    }
    if (has_field(spec, "insecure", context.version, ApiVersion::v1beta2))
        repository.insecure = spec.boolean("insecure");
}

}  // namespace tidemark::policy
