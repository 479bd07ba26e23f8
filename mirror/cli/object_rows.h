// Objects with their status, as `get` shows them: filtered, in order, and turned into rows or data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cli/streams.h"
#include "mirror/cli/table.h"
#include "policy/base/labels.h"
#include "policy/yaml/emitter.h"

namespace tidemark::mirror::cli {

/// A `type=status` or `type!=status` selector over conditions; compared without case.
struct StatusSelector {
    std::string type;
    std::string status;
    bool equal = true;

    bool matches(const store::ObjectStatus& status_of_object) const;
};

/// nullopt for an empty text. Throws Error{usage}.
std::optional<StatusSelector> parse_status_selector(const std::string& text);

/// One object of any kind with what is known about it. Points into the ObjectSet it was taken from.
struct KnownObject {
    policy::ObjectKind kind = policy::ObjectKind::image_repository;
    const policy::Metadata* metadata = nullptr;
    const void* object = nullptr;  // of the kind's type
    store::ObjectStatus status;
};

struct ObjectFilter {
    std::optional<std::string> name_space;  // nullopt: all
    std::string name;                       // empty: all
    policy::LabelSelector labels;
};

/// In order of namespace, then name. An object with mistakes has them as its Ready condition.
std::vector<KnownObject> find_objects(const policy::ObjectSet& objects, policy::ObjectKind kind,
                                      const ObjectFilter& filter, const StatusLookup& status);

enum class Columns { usual, wide };
enum class NameStyle { plain, with_kind };

Row header_of(policy::ObjectKind kind, Columns columns);
Row row_of(const KnownObject& object, Columns columns, NameStyle style);

/// apiVersion, kind, metadata, the settings that matter and the status, as the objects themselves write them.
policy::yaml::Value data_of(const KnownObject& object);

}  // namespace tidemark::mirror::cli
