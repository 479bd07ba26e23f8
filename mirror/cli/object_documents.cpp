#include "mirror/cli/object_documents.h"

#include <charconv>

#include "policy/yaml/document.h"
#include "policy/yaml/places.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Document;
using policy::yaml::Node;
using policy::yaml::ScalarType;
using policy::yaml::Value;

Value value_of_scalar(const Node& node) {
    switch (policy::yaml::scalar_type(node)) {
        case ScalarType::boolean:
            return policy::yaml::boolean_value(node);
        case ScalarType::number: {
            std::int64_t number = 0;
            const char* const end = node.value.data() + node.value.size();
            const auto [stop, error] = std::from_chars(node.value.data(), end, number);
            if (error == std::errc() && stop == end) return number;
            break;  // no field of ours holds another number; as text nothing of it is lost
        }
        case ScalarType::null:
        case ScalarType::text:
            break;
    }
    return node.value;
}

Value value_of(const Node& node) {
    if (node.is_scalar()) return value_of_scalar(node);
    if (node.is_sequence()) {
        Value::Sequence items;
        for (const Node* item : node.children)
            items.push_back(value_of(*item));
        return items;
    }
    Value mapping;
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
        const Node& member = *node.children[i + 1];
        if (node.children[i]->is_scalar() && !policy::yaml::is_null(member))
            mapping.set(node.children[i]->value, value_of(member));
    }
    return mapping;
}

/// The object that stands at `place`: the document itself or an item of a List in it.
const Node* find_node(const Node& root, const policy::yaml::Places& places, const policy::Place& place) {
    const policy::Place here = places.place(root);
    if (root.is_mapping() && here.line == place.line && here.column == place.column) {
        // A List in flow style begins where its first item could: the object is the one that names its spec.
        if (!root.find("items")) return &root;
    }
    const Node* items = root.find("items");
    if (!items || !items->is_sequence()) return nullptr;
    for (const Node* item : items->children) {
        if (const Node* found = find_node(*item, places, place)) return found;
    }
    return nullptr;
}

Value labels_value(const policy::Labels& labels) {
    Value value;
    for (const auto& [key, text] : labels)
        value.set(key, text);
    return value;
}

Value object_value(const Node* spec, const policy::Metadata& metadata, policy::ObjectKind kind) {
    Value head;
    head.set("name", metadata.key.name).set("namespace", metadata.key.object_namespace);
    if (!metadata.annotations.empty()) head.set("annotations", labels_value(metadata.annotations));
    if (!metadata.labels.empty()) head.set("labels", labels_value(metadata.labels));
    Value value;
    value.set("apiVersion", metadata.api_version).set("kind", policy::kind_name(kind)).set("metadata", std::move(head));
    if (spec) value.set("spec", value_of(*spec));
    return value;
}

}  // namespace

std::optional<Value> find_document(const std::vector<policy::SourceText>& texts, const policy::Metadata& metadata,
                                   policy::ObjectKind kind) {
    for (const policy::SourceText& text : texts) {
        if (text.file != metadata.place.file) continue;
        const policy::yaml::Places places(text.file, text.bytes);
        policy::yaml::DocumentReader reader(text.bytes);
        while (const auto answer = reader.next()) {
            const auto* document = std::get_if<Document>(&*answer);
            const Node* object = document ? find_node(document->root(), places, metadata.place) : nullptr;
            if (object) return object_value(object->find("spec"), metadata, kind);
        }
    }
    return std::nullopt;
}

}  // namespace tidemark::mirror::cli
