// Objects with their status, as `get` shows them: filtered, and turned into rows.
#pragma once

#include <optional>
#include <string>

#include "mirror/cli/table.h"
#include "mirror/service/known_object.h"

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

enum class Columns { usual, wide };
enum class NameStyle { plain, with_kind };

Row header_of(policy::ObjectKind kind, Columns columns);
Row row_of(const service::KnownObject& object, Columns columns, NameStyle style);

}  // namespace tidemark::mirror::cli
