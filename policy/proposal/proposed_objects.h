// The objects of a proposal as YAML values, and names for them. Used by proposal.cpp.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "policy/objects/objects.h"
#include "policy/proposal/proposal.h"
#include "policy/proposal/tag_rule.h"
#include "policy/yaml/emitter.h"

namespace tidemark::policy::proposal {

yaml::Value image_repository(const ObjectKey& key, const std::string& image);
yaml::Value image_policy(const ObjectKey& key, const std::string& repository, const TagRule& rule, bool with_digest);
yaml::Value git_repository(const ObjectKey& key, const Wish& wish);
yaml::Value automation(const ObjectKey& key, const Wish& wish);

/// Any text as a name that Kubernetes takes: small letters, digits, '-', at most 63; "image" where nothing is left.
std::string object_name(std::string_view text);

/// Names for an image, best first: "web", "acme-web", "ghcr-io-acme-web".
std::vector<std::string> names_of_image(std::string_view image);

/// "fleet" of "https://git.example/acme/fleet.git".
std::string name_of_url(std::string_view url);

/// The first of the names that is free, else the last one with a number; it is then taken.
std::string take_name(const std::vector<std::string>& names, std::set<std::string>& taken);

}  // namespace tidemark::policy::proposal
