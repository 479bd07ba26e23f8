// The lines of the export: one change each, as JSON with a checksum, so that a damaged line is known from a whole one.
// A later line goes before an earlier one about the same thing. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "mirror/store/store.h"

namespace tidemark::mirror::store {

std::string decision_line(const ObjectKey& policy, const Decision& decision);
/// `pin` null: it was taken out.
std::string pin_line(const ObjectKey& policy, const Pin* pin);
std::string suspension_line(policy::ObjectKind kind, const ObjectKey& object, const Suspension& suspension);
std::string push_line(const ObjectKey& automation, const std::string& branch, const Push& push);
std::string write_line(const ObjectKey& automation, const Written& written);
/// What is new and what is gone; all of it where `before` is of another image or null. Empty: nothing to tell.
std::string tags_line(const ObjectKey& repository, const TagList* before, const TagList& after);

/// The members of a line, without its line end. nullopt: it is not as it was written. The parser holds them.
std::optional<simdjson::dom::object> read_line(simdjson::dom::parser& parser, std::string_view line);

/// What tags_line told, put on top of `list`.
void apply_tags(const simdjson::dom::object& line, TagList& list);

}  // namespace tidemark::mirror::store
