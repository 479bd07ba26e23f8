// `export image repository|policy|update`, `export source git`: objects as YAML, without what was found about them.
#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/known_objects.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/object_documents.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKind;

struct Options {
    bool all = false;
};

std::string_view resource_of(ObjectKind kind) noexcept {
    switch (kind) {
        case ObjectKind::image_repository:
            return "imagerepositories.image.toolkit.fluxcd.io";
        case ObjectKind::image_policy:
            return "imagepolicies.image.toolkit.fluxcd.io";
        case ObjectKind::image_update_automation:
            return "imageupdateautomations.image.toolkit.fluxcd.io";
        case ObjectKind::git_repository:
            return "gitrepositories.source.toolkit.fluxcd.io";
        case ObjectKind::secret:
            break;  // never exported
    }
    return "objects";
}

/// In order of their names; an empty name is all.
std::vector<const policy::Metadata*> find_metadata(const policy::ObjectSet& objects, ObjectKind kind,
                                                   const std::string& name_space, const std::string& name) {
    std::vector<const policy::Metadata*> found;
    const auto collect = [&](const auto& of_kind) {
        for (const auto& [key, object] : of_kind)
            if (key.object_namespace == name_space && (name.empty() || key.name == name))
                found.push_back(&object.metadata);
    };
    if (kind == ObjectKind::image_repository) collect(objects.image_repositories);
    if (kind == ObjectKind::image_policy) collect(objects.image_policies);
    if (kind == ObjectKind::image_update_automation) collect(objects.image_update_automations);
    if (kind == ObjectKind::git_repository) collect(objects.git_repositories);
    return found;
}

int run_export(ObjectKind kind, const Options& options, const Call& call) {
    if (!options.all && call.arguments.empty()) throw Error(ErrorKind::usage, "name is required");
    const std::vector<policy::SourceText> texts = read_object_texts(call);
    const policy::ObjectSet objects = policy::read_objects(texts);
    const std::string name = options.all ? "" : call.arguments.front();
    const std::vector<const policy::Metadata*> found = find_metadata(objects, kind, call.global.name_space, name);
    if (found.empty() && options.all)
        throw Error(ErrorKind::not_found, fmt::format("no objects found in {} namespace", call.global.name_space));
    if (found.empty()) throw Error(ErrorKind::not_found, fmt::format("{} \"{}\" not found", resource_of(kind), name));
    std::string output;
    for (const policy::Metadata* metadata : found) {
        const auto document = find_document(texts, *metadata, kind);
        if (!document) continue;  // it was found in these texts
        const auto yaml = policy::yaml::emit(*document);
        if (!yaml) throw Error(ErrorKind::invalid, metadata->key.to_string() + ": " + yaml.message());
        output += "---\n" + *yaml;
    }
    print(call.streams, output);
    return 0;
}

template <ObjectKind Kind>
Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.truth("all", options->all, "every object of the kind in the namespace");
    return [options](const Call& call) { return run_export(Kind, *options, call); };
}

constexpr const char* k_help =
    "Prints objects as YAML, each after a line \"---\": as they are written, without comments and status.\n\n"
    "  tidemark export image policy web\n"
    "  tidemark export image repository --all > repositories.yaml\n"
    "  tidemark export source git fleet -n apps";

constexpr NamespaceCheck k_namespace_check = NamespaceCheck::dns_label;

}  // namespace

const Command k_export_image_repository = {"export image repository",
                                           "[NAME]",
                                           "ImageRepository objects as YAML",
                                           k_help,
                                           k_namespace_check,
                                           prepare<ObjectKind::image_repository>};

const Command k_export_image_policy = {"export image policy",
                                       "[NAME]",
                                       "ImagePolicy objects as YAML",
                                       k_help,
                                       k_namespace_check,
                                       prepare<ObjectKind::image_policy>};

const Command k_export_image_update = {"export image update",
                                       "[NAME]",
                                       "ImageUpdateAutomation objects as YAML",
                                       k_help,
                                       k_namespace_check,
                                       prepare<ObjectKind::image_update_automation>};

const Command k_export_source_git = {"export source git",
                                     "[NAME]",
                                     "GitRepository objects as YAML",
                                     k_help,
                                     k_namespace_check,
                                     prepare<ObjectKind::git_repository>};

}  // namespace tidemark::mirror::cli
