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

/// Reads every document of every text; `List` objects are taken apart; other kinds are skipped and counted (in a text
/// that names none of our kinds by its `kind:` lines alone, which is no parse and no word about broken YAML).
/// An object with a mistake stands in the set with its findings (valid() is false), so that others can name it.
ObjectSet read_objects(const std::vector<SourceText>& texts);

/// Why the objects do not fit together: a policy without its repository, access not granted, an automation
/// without its source, and the like. Errors are also added to the findings of the object they concern.
void check_references(ObjectSet& objects);

/// The policies whose candidates an automation writes: those of its namespace that match its selector, in order of
/// name. A suspended policy keeps its last candidate (as in Flux); one that is not valid has none.
std::vector<const ImagePolicy*> policies_of(const ImageUpdateAutomation& automation, const ObjectSet& objects);

/// Whether a registry could have a tag of that name.
bool is_tag(std::string_view text);

}  // namespace tidemark::policy
