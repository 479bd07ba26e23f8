#include "policy/proposal/proposed_objects.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::policy::proposal {
namespace {

using yaml::Value;

constexpr std::size_t k_longest_name = 63;
constexpr std::string_view k_message = R"(Update images

{{ range .Changed.Changes }}{{ println .OldValue "->" .NewValue }}{{ end }})";

Value make_object(std::string_view api_version, std::string_view kind, const ObjectKey& key, Value spec) {
    Value metadata;
    metadata.set("name", key.name).set("namespace", key.object_namespace);
    Value object;
    object.set("apiVersion", api_version).set("kind", kind).set("metadata", std::move(metadata));
    return object.set("spec", std::move(spec));
}

std::string host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return "localhost";
    url.remove_prefix(begin + 3);
    url = url.substr(0, url.find('/'));
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
    url = url.substr(0, url.find(':'));
    return url.empty() ? "localhost" : std::string(url);
}

}  // namespace

Value image_repository(const ObjectKey& key, const std::string& image) {
    Value spec;
    spec.set("image", image).set("interval", "5m");
    return make_object("image.toolkit.fluxcd.io/v1", "ImageRepository", key, std::move(spec));
}

Value image_policy(const ObjectKey& key, const std::string& repository, const TagRule& rule, bool with_digest) {
    Value policy;
    const SelectionSpec& selection = rule.selection;
    if (selection.semver) policy.set("semver", Value().set("range", selection.semver->range));
    if (selection.alphabetical) policy.set("alphabetical", Value().set("order", selection.alphabetical->order));
    if (selection.numerical) policy.set("numerical", Value().set("order", selection.numerical->order));
    Value spec;
    spec.set("imageRepositoryRef", Value().set("name", repository)).set("policy", std::move(policy));
    if (selection.filter) {
        Value filter;
        filter.set("pattern", selection.filter->pattern).set_text("extract", selection.filter->extract);
        spec.set("filterTags", std::move(filter));
    }
    if (with_digest) spec.set("digestReflectionPolicy", "IfNotPresent");
    return make_object("image.toolkit.fluxcd.io/v1", "ImagePolicy", key, std::move(spec));
}

Value git_repository(const ObjectKey& key, const Wish& wish) {
    Value spec;
    spec.set("url", wish.url).set("interval", "1m").set("ref", Value().set("branch", wish.branch));
    if (!wish.secret_ref.empty()) spec.set("secretRef", Value().set("name", wish.secret_ref));
    return make_object("source.toolkit.fluxcd.io/v1", "GitRepository", key, std::move(spec));
}

Value automation(const ObjectKey& key, const Wish& wish) {
    Value commit;
    commit.set("author", Value().set("name", "tidemark").set("email", "tidemark@" + host_of(wish.url)));
    commit.set("messageTemplate", k_message);
    Value git;
    git.set("checkout", Value().set("ref", Value().set("branch", wish.branch))).set("commit", std::move(commit));
    git.set("push", Value().set("branch", wish.push_branch));
    Value spec;
    spec.set("interval", "5m").set("git", std::move(git));
    spec.set("sourceRef", Value().set("kind", "GitRepository").set("name", key.name));
    spec.set("update", Value().set("path", wish.update_path).set("strategy", "Setters"));
    return make_object("image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation", key, std::move(spec));
}

std::string object_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        const bool capital = c >= 'A' && c <= 'Z';
        if (letter || capital) {
            name += capital ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    name.resize(std::min(name.size(), k_longest_name - 4));  // a number may follow
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name.empty() ? "image" : name;
}

std::vector<std::string> names_of_image(std::string_view image) {
    std::vector<std::string> names;
    for (std::size_t slash = image.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = image.rfind('/', slash - 1))
        names.push_back(object_name(image.substr(slash + 1)));
    names.push_back(object_name(image));
    return names;
}

std::string name_of_url(std::string_view url) {
    while (url.ends_with('/'))
        url.remove_suffix(1);
    if (url.ends_with(".git")) url.remove_suffix(4);
    const std::size_t slash = url.rfind('/');
    return object_name(slash == std::string_view::npos ? url : url.substr(slash + 1));
}

std::string take_name(const std::vector<std::string>& names, std::set<std::string>& taken) {
    for (const std::string& name : names) {
        if (taken.insert(name).second) return name;
    }
    for (unsigned number = 2;; ++number) {
        std::string name = fmt::format("{}-{}", names.back(), number);
        if (taken.insert(name).second) return name;
    }
}

}  // namespace tidemark::policy::proposal
