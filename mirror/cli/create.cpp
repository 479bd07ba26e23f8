#include "mirror/cli/create.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

std::string text_at(const Value& object, std::string_view key) {
    const Value* value = object.find(key);
    const auto* text = value ? std::get_if<std::string>(&value->content()) : nullptr;
    return text ? *text : std::string();
}

std::string small_letters(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// FOLDER/NAMESPACE/KIND-NAME.yaml: one object a file, found again by its name.
std::filesystem::path path_of(const Value& object, const std::filesystem::path& folder) {
    const Value* metadata = object.find("metadata");
    const std::string name_space = text_at(*metadata, "namespace");
    // The name was checked; the namespace is taken as given, but not as a way out of the folder.
    if (!name_space.empty() && !is_dns_label(name_space)) {
        throw Error(ErrorKind::usage, fmt::format("namespace must be a valid DNS label: \"{}\"", name_space));
    }
    const std::string file =
        fmt::format("{}-{}.yaml", small_letters(text_at(object, "kind")), text_at(*metadata, "name"));
    return name_space.empty() ? folder / file : folder / name_space / file;
}

}  // namespace

void add_create_flags(FlagSet& flags, CreateOptions& options) {
    flags.truth("export", options.export_yaml, "print the YAML instead of writing it");
    flags.duration("interval", options.interval, "how often to look (default 1m0s)");
    flags.list("label", options.labels, "labels KEY=VALUE, comma list, repeatable");
}

Value make_object(std::string_view api_version, std::string_view kind, const std::string& name,
                  const std::string& name_space, const policy::Labels& labels) {
    Value metadata;
    metadata.set("name", name).set_text("namespace", name_space);
    if (!labels.empty()) {
        Value written;
        for (const auto& [key, value] : labels)
            written.set(key, value);
        metadata.set("labels", std::move(written));
    }
    Value object;
    object.set("apiVersion", api_version).set("kind", kind).set("metadata", std::move(metadata));
    return object;
}

Value name_reference(std::string_view name) {
    Value reference;
    reference.set("name", name);
    return reference;
}

std::filesystem::path objects_folder(const Call& call) {
    for (const std::filesystem::path& folder : configuration_of(call).object_folders) {
        if (!std::filesystem::is_regular_file(folder)) return folder;
    }
    throw Error(ErrorKind::usage, "no objects folder to write to: give --objects, or --export to print the YAML");
}

int deliver(const Value& object, const CreateOptions& options, const Call& call) {
    auto yaml = policy::yaml::emit(object);
    if (!yaml) throw Error(ErrorKind::usage, yaml.message());
    const std::string kind = text_at(object, "kind");
    const std::string text = "---\n" + *yaml;
    if (options.export_yaml) {
        print(call.streams, text);
        return 0;
    }
    const std::filesystem::path path = path_of(object, objects_folder(call));
    say_generating(call.streams, "generating " + kind);
    create_folder(path.parent_path(), 0755);
    AtomicFile file(path, 0644);
    file.write(text);
    file.commit();
    say_done(call.streams, "wrote " + path.string());
    return 0;
}

}  // namespace tidemark::mirror::cli
