#include "policy/template/message_types.h"

#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

const UpdatedImage& receiver(const Call& call) {
    return call.value(0).as_native<UpdatedImage>();
}

std::string full_name(const ImageReference& reference) {
    return reference.name.canonical() + (reference.kind == IdentifierKind::digest ? "@" : ":") + reference.identifier;
}

std::string scope_of(const RepositoryName& name, std::string_view action) {
    return "repository:" + name.repository + ":" + std::string(action);
}

std::string namespaced_text(std::string_view name_space, std::string_view name) {
    return std::string(name_space) + "/" + std::string(name);
}

Result<Value> image_string(Call& call) {
    return Context::view(receiver(call).written);
}
Result<Value> identifier(Call& call) {
    return Context::view(receiver(call).reference.identifier);
}
Result<Value> repository(Call& call) {
    return Context::view(receiver(call).reference.name.repository);
}
Result<Value> registry(Call& call) {
    return Context::view(receiver(call).reference.name.registry);
}
Result<Value> image_name(Call& call) {
    return call.context.text(full_name(receiver(call).reference));
}
Result<Value> scope(Call& call) {
    return call.context.text(scope_of(receiver(call).reference.name, call.text(1)));
}

Result<Value> policy(Call& call) {
    return call.context.structure(
        {Context::view(receiver(call).policy_namespace), Context::view(receiver(call).policy_name)},
        types::namespaced_name);
}

// name.Repository, which `.Context` gives

const RepositoryName& repository_of(const Call& call) {
    return call.value(0).as_native<RepositoryName>();
}

Result<Value> repository_text(Call& call) {
    return call.context.text(repository_of(call).canonical());
}
Result<Value> registry_part(Call& call) {
    return Context::view(repository_of(call).registry);
}
Result<Value> repository_part(Call& call) {
    return Context::view(repository_of(call).repository);
}
Result<Value> repository_scope(Call& call) {
    return call.context.text(scope_of(repository_of(call), call.text(1)));
}

constexpr Function k_repository_methods[] = {
    {"String", "", repository_text},        {"Name", "", repository_text},    {"RegistryStr", "", registry_part},
    {"RepositoryStr", "", repository_part}, {"Scope", "s", repository_scope},
};

std::string repository_to_text(const Value& value) {
    return value.as_native<RepositoryName>().canonical();
}

const Type k_repository{.kind = Kind::native,
                        .name = "name.Repository",
                        .go_kind = "struct",
                        .methods = k_repository_methods,
                        .to_text = repository_to_text,
                        .to_json = repository_to_text};

Result<Value> context(Call& call) {
    return Value::native(&receiver(call).reference.name, k_repository);
}

constexpr Function k_image_methods[] = {
    {"String", "", image_string}, {"Identifier", "", identifier}, {"Repository", "", repository},
    {"Registry", "", registry},   {"Name", "", image_name},       {"Policy", "", policy},
    {"Context", "", context},     {"Scope", "s", scope},
};

std::string image_to_text(const Value& value) {
    return std::string(value.as_native<UpdatedImage>().written);
}

std::string namespaced_name_to_text(const Value& value) {
    return namespaced_text(value.fields()[0].as_text(), value.fields()[1].as_text());
}

Result<Value> namespaced_name_string(Call& call) {
    return call.context.text(namespaced_name_to_text(call.value(0)));
}

constexpr Function k_namespaced_name_methods[] = {{"String", "", namespaced_name_string}};

constexpr Field k_namespaced_name_fields[] = {{.name = "Namespace"}, {.name = "Name"}};
constexpr Field k_type_meta_fields[] = {{.name = "APIVersion", .json_name = "apiVersion"},
                                        {.name = "Kind", .json_name = "kind"}};
constexpr Field k_name_meta_fields[] = {{.name = "Name", .json_name = "name"},
                                        {.name = "Namespace", .json_name = "namespace"}};
constexpr Field k_resource_fields[] = {{.name = "TypeMeta", .embedded = true}, {.name = "NameMeta", .embedded = true}};
constexpr Field k_object_fields[] = {{.name = "ResourceIdentifier", .embedded = true}};
constexpr Field k_change_fields[] = {{.name = "OldValue"}, {.name = "NewValue"}, {.name = "Setter"}};
// Objects, Changes and Images are methods in Go; ImageResult and Updated are gone from Flux: neither is printed.
constexpr Field k_result_fields[] = {{.name = "FileChanges"},
                                     {.name = "Objects", .hidden = true},
                                     {.name = "Changes", .hidden = true},
                                     {.name = "ImageResult", .hidden = true}};
constexpr Field k_file_result_fields[] = {{.name = "Objects"}};
constexpr Field k_image_result_fields[] = {
    {.name = "Files"}, {.name = "Objects", .hidden = true}, {.name = "Images", .hidden = true}};
constexpr Field k_template_fields[] = {
    {.name = "AutomationObject"}, {.name = "Updated", .hidden = true}, {.name = "Changed"}, {.name = "Values"}};

Type structure_type(std::string_view name, std::span<const Field> fields) {
    return {.kind = Kind::structure, .name = name, .go_kind = "struct", .fields = fields};
}

Type list_type(std::string_view name, const Type& element) {
    return {.kind = Kind::list, .name = name, .go_kind = "slice", .element = &element};
}

Type map_type(std::string_view name, const Type& key, const Type& element) {
    return {.kind = Kind::map, .name = name, .go_kind = "map", .element = &element, .key = &key};
}

}  // namespace

namespace types {

const Type namespaced_name{.kind = Kind::structure,
                           .name = "types.NamespacedName",
                           .go_kind = "struct",
                           .fields = k_namespaced_name_fields,
                           .methods = k_namespaced_name_methods,
                           .to_text = namespaced_name_to_text};
const Type type_meta = structure_type("yaml.TypeMeta", k_type_meta_fields);
const Type name_meta = structure_type("yaml.NameMeta", k_name_meta_fields);
const Type resource_identifier = structure_type("yaml.ResourceIdentifier", k_resource_fields);
const Type object_identifier = structure_type("update.ObjectIdentifier", k_object_fields);
const Type change = structure_type("update.Change", k_change_fields);
const Type change_list = list_type("[]update.Change", change);
const Type object_changes = map_type("update.ObjectChanges", object_identifier, change_list);
const Type file_changes = map_type("map[string]update.ObjectChanges", text, object_changes);
const Type result = structure_type("update.Result", k_result_fields);
const Type image{.kind = Kind::native,
                 .name = "update.imageRef",
                 .go_kind = "struct",
                 .methods = k_image_methods,
                 .to_text = image_to_text,
                 .to_json = image_to_text};
const Type image_list = list_type("[]update.ImageRef", image);
const Type object_images = map_type("map[update.ObjectIdentifier][]update.ImageRef", object_identifier, image_list);
const Type file_result = structure_type("update.FileResult", k_file_result_fields);
const Type file_results = map_type("map[string]update.FileResult", text, file_result);
const Type image_result = structure_type("update.Result", k_image_result_fields);
const Type template_data = structure_type("source.TemplateData", k_template_fields);

}  // namespace types

}  // namespace tidemark::policy::message
