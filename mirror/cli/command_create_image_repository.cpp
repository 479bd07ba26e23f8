#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/create.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"
#include "policy/base/duration.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::cli {
namespace {

struct Options {
    CreateOptions create;
    std::string image;
    std::string secret_ref;
    std::string cert_ref;
    std::chrono::nanoseconds scan_timeout{};
};

void check_image(const std::string& image, const Streams& streams) {
    if (image.empty()) throw Error(ErrorKind::usage, "an image repository (--image) is required");
    if (const auto name = policy::parse_bare_repository(image); !name) {
        throw Error(ErrorKind::usage, "unable to parse image value: " + name.message());
    }
    // `flux` writes the object all the same and it never becomes ready; so do we, but say so at once.
    if (const auto name = policy::parse_repository_name(image); !name) say_warning(streams, name.message());
}

int run_create(const Options& options, const Call& call) {
    const std::string& name = object_name(call.arguments);
    check_image(options.image, call.streams);
    const policy::Labels labels = parse_labels(options.create.labels);

    policy::yaml::Value spec;
    spec.set("image", options.image).set("interval", policy::format_duration(options.create.interval));
    if (options.scan_timeout != std::chrono::nanoseconds::zero()) {
        spec.set("timeout", policy::format_duration(options.scan_timeout));
    }
    if (!options.secret_ref.empty()) spec.set("secretRef", name_reference(options.secret_ref));
    if (!options.cert_ref.empty()) spec.set("certSecretRef", name_reference(options.cert_ref));
    auto object = make_object("image.toolkit.fluxcd.io/v1", "ImageRepository", name, call.global.name_space, labels);
    object.set("spec", std::move(spec));
    return deliver(object, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("image", options->image, "repository to scan, without tag or digest");
    flags.text("secret-ref", options->secret_ref, "Secret with a docker config for the registry");
    flags.text("cert-ref", options->cert_ref, "Secret with a CA and/or a client certificate");
    flags.duration("scan-timeout", options->scan_timeout, "limit for one scan (default: 60s)");
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_image_repository = {
    "create image repository",
    "NAME",
    "an ImageRepository: where tags are read",
    "Makes an ImageRepository: a repository on a registry whose tags are read.\n\n"
    "  # A public image, looked at every ten minutes\n"
    "  tidemark create image repository podinfo --image=ghcr.io/stefanprodan/podinfo --interval=10m --export\n\n"
    "  # A private registry: see also \"tidemark create secret registry\"\n"
    "  tidemark create image repository app --image=registry.example/acme/app --secret-ref=regcred --export",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
