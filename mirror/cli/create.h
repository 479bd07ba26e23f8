// What the `create` commands share: the inherited flags, the head of an object, and where its YAML goes.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "mirror/cli/command.h"
#include "policy/base/labels.h"
#include "policy/yaml/emitter.h"

namespace tidemark::mirror::cli {

/// Flags of every `create` command.
struct CreateOptions {
    bool export_yaml = false;
    std::chrono::nanoseconds interval = std::chrono::minutes(1);
    std::vector<std::string> labels;
};

void add_create_flags(FlagSet& flags, CreateOptions& options);

/// apiVersion, kind and metadata; the namespace is left out where it is empty.
policy::yaml::Value make_object(std::string_view api_version, std::string_view kind, const std::string& name,
                                const std::string& name_space, const policy::Labels& labels);

/// `{name: NAME}`, as secretRef and the like hold it.
policy::yaml::Value name_reference(std::string_view name);

/// The first folder of objects; Error{usage} if none is named.
std::filesystem::path objects_folder(const Call& call);

/// Prints the object (with --export), or writes it below the first objects folder and says where. Returns the
/// exit code.
int deliver(const policy::yaml::Value& object, const CreateOptions& options, const Call& call);

}  // namespace tidemark::mirror::cli
