// Reading objects out of YAML (or JSON) texts. Pure: the caller reads the files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/objects/objects.h"

namespace tidemark::policy {

struct SourceText {
    std::string file;  // for places in findings
    std::string bytes;
};

/// Reads every document of every text; `List` objects are taken apart; other kinds are skipped and counted.
/// An object with a mistake stands in the set with its findings (valid() is false), so that others can name it.
ObjectSet read_objects(const std::vector<SourceText>& texts);

/// Why the objects do not fit together: a policy without its repository, access not granted, an automation
/// without its source, and the like. Errors are also added to the findings of the object they concern.
void check_references(ObjectSet& objects);

/// The policies whose candidates an automation writes: those of its namespace that match its selector.
std::vector<const ImagePolicy*> policies_of(const ImageUpdateAutomation& automation, const ObjectSet& objects);

}  // namespace tidemark::policy
