// The Go types of Flux's message data, with the names and fields templates can see.
#pragma once

#include <string>
#include <string_view>

#include "policy/image/reference.h"
#include "policy/template/value.h"

namespace tidemark::policy::message {

/// An image of `.Updated`, with the policy that chose it.
struct UpdatedImage {
    std::string_view policy_namespace;
    std::string_view policy_name;
    std::string_view written;
    ImageReference reference;
};

namespace types {

extern const Type namespaced_name;    // types.NamespacedName{Namespace, Name}
extern const Type object_identifier;  // update.ObjectIdentifier, with what it embeds
extern const Type resource_identifier;
extern const Type type_meta;
extern const Type name_meta;
extern const Type change;
extern const Type change_list;
extern const Type object_changes;  // map from object to changes
extern const Type file_changes;    // map from file to object_changes
extern const Type result;          // .Changed
extern const Type image;
extern const Type image_list;
extern const Type object_images;  // map from object to images
extern const Type file_result;    // .Objects of one file
extern const Type file_results;
extern const Type image_result;  // .Updated
extern const Type template_data;

}  // namespace types

}  // namespace tidemark::policy::message
