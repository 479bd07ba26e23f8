#include "policy/proposal/proposal.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "policy/image/reference.h"
#include "policy/proposal/proposed_objects.h"
#include "policy/proposal/tag_rule.h"
#include "policy/version/version.h"

namespace tidemark::policy::proposal {
namespace {

/// A policy that is there or is proposed, as far as it matters here.
struct Keeper {
    ObjectKey policy;
    SelectionSpec selection;
    bool with_digest = false;
    std::string rule;  // empty: it was there before
};

/// One image name and everything that uses it.
struct Group {
    std::string image;
    std::optional<ObjectKey> repository;
    std::string file;  // where its new objects go
    std::vector<Keeper> keepers;
    std::vector<const ImageUse*> uses;
};

std::string place_of(const ImageUse& use) {
    return fmt::format("{}:{}", use.file, use.line);
}

std::string canonical(const std::string& image) {
    const auto name = parse_repository_name(image);
    return name ? name->canonical() : image;
}

/// Lower versions first, so that the first rule of a major version begins at the lowest one in use.
bool is_before(const ImageUse* one, const ImageUse* other) {
    const auto left = parse_version(one->tag);
    const auto right = parse_version(other->tag);
    if (left && right) {
        const auto order = compare(*left, *right);
        if (order != std::strong_ordering::equal) return order == std::strong_ordering::less;
    }
    if (left.has_value() != right.has_value()) return left.has_value();
    return one->tag < other->tag;
}

class Proposer {
public:
    Proposer(const ObjectSet& there, const Wish& wish) : m_there(there), m_wish(wish) {
        for (const auto& [key, repository] : there.image_repositories) {
            m_repository_names.insert(key.name);
            m_repositories[canonical(repository.image)].push_back(&repository);
        }
        for (const auto& [key, policy] : there.image_policies) {
            m_policy_names.insert(key.name);
            m_policies[policy.image_repository].push_back(&policy);
        }
    }

    Proposal propose(const std::vector<ImageUse>& uses) {
        for (Group& group : groups_of(uses)) {
            take_what_is_there(group);
            std::stable_sort(group.uses.begin(), group.uses.end(), is_before);
            for (const ImageUse* use : group.uses)
                place(group, *use);
        }
        add_git_objects();
        for (auto& [file, markers] : m_proposal.markers)
            std::sort(markers.begin(), markers.end(),
                      [](const NewMarker& one, const NewMarker& other) { return one.use.line < other.use.line; });
        std::stable_sort(m_proposal.left_alone.begin(), m_proposal.left_alone.end(),
                         [](const LeftAlone& one, const LeftAlone& other) {
                             return std::tie(one.file, one.line) < std::tie(other.file, other.line);
                         });
        return std::move(m_proposal);
    }

private:
    std::vector<Group> groups_of(const std::vector<ImageUse>& uses) {
        std::set<std::string> renamed;
        for (const ImageUse& use : uses)
            if (!use.renamed.empty()) renamed.insert(use.renamed);
        std::map<std::string, Group> groups;
        for (const ImageUse& use : uses) {
            if (!use.setter.empty()) {
                ++m_proposal.marked_already;
            } else if (use.tag.empty()) {
                // Kustomize gives it a tag elsewhere.
                if (!renamed.contains(use.image)) leave(use, why_without_tag(use));
            } else if (!use.obstacle.empty()) {
                leave(use, use.obstacle);
            } else {
                Group& group = groups[use.image];
                group.image = use.image;
                group.uses.push_back(&use);
            }
        }
        std::vector<Group> list;
        for (auto& [image, group] : groups)
            list.push_back(std::move(group));
        return list;
    }

    static std::string why_without_tag(const ImageUse& use) {
        return use.digest.empty() ? "it names no tag, so whatever is latest runs: write the version"
                                  : "it names a digest alone: write the version before it, as in NAME:TAG@DIGEST";
    }

    /// The repository that scans this image, by its very name if there is one of that, and its policies.
    void take_what_is_there(Group& group) const {
        const auto repositories = m_repositories.find(canonical(group.image));
        if (repositories == m_repositories.end()) return;
        for (const ImageRepository* repository : repositories->second) {
            if (!group.repository || repository->image == group.image) group.repository = repository->metadata.key;
        }
        const auto policies = m_policies.find(*group.repository);
        if (policies == m_policies.end()) return;
        for (const ImagePolicy* policy : policies->second)
            group.keepers.push_back(
                {policy->metadata.key, policy->selection, policy->digest_reflection != DigestReflection::never, ""});
    }

    void place(Group& group, const ImageUse& use) {
        const bool with_digest = !use.digest.empty();
        auto keeper = std::find_if(group.keepers.begin(), group.keepers.end(), [&](const Keeper& one) {
            return one.with_digest == with_digest && takes_tag(one.selection, use.tag);
        });
        if (keeper == group.keepers.end()) {
            const auto rule = rule_for_tag(use.tag);
            if (!rule) return leave(use, rule.message());
            add_policy(group, *rule, with_digest);
            keeper = group.keepers.end() - 1;
        }
        std::string setter = fmt::format("{}:{}", keeper->policy.object_namespace, keeper->policy.name);
        if (use.part == MarkedPart::tag) setter += ":tag";
        m_proposal.markers[use.file].push_back({use, setter});
        add_to_row(group, *keeper, use);
    }

    void add_policy(Group& group, const TagRule& rule, bool with_digest) {
        if (!group.repository) {
            group.repository = {m_wish.name_space, take_name(names_of_image(group.image), m_repository_names)};
            add_object(group, image_repository(*group.repository, group.image));
        }
        const std::string& base = group.repository->name;
        std::vector<std::string> names;
        if (group.keepers.empty()) names.push_back(base);
        names.push_back(proposal::object_name(fmt::format("{}-{}{}", base, rule.kind, with_digest ? "-digest" : "")));
        const ObjectKey key{group.repository->object_namespace, take_name(names, m_policy_names)};
        add_object(group, image_policy(key, base, rule, with_digest));
        group.keepers.push_back({key, rule.selection, with_digest, rule.text});
    }

    void add_object(Group& group, yaml::Value object) {
        if (group.file.empty()) group.file = "image-" + group.repository->name;
        m_proposal.objects[group.file].push_back(std::move(object));
    }

    void add_to_row(const Group& group, const Keeper& keeper, const ImageUse& use) {
        const auto [at, is_new] = m_rows.try_emplace({group.image, keeper.policy}, m_proposal.images.size());
        if (is_new) m_proposal.images.push_back({group.image, {}, keeper.rule, keeper.policy, {}});
        ImageRow* const row = &m_proposal.images[at->second];
        if (std::find(row->tags.begin(), row->tags.end(), use.tag) == row->tags.end()) row->tags.push_back(use.tag);
        row->places.push_back(place_of(use));
    }

    /// Once for a URL: an automation that is there works on all that its path covers.
    void add_git_objects() {
        if (m_wish.url.empty() || (m_proposal.markers.empty() && m_proposal.marked_already == 0)) return;
        std::optional<ObjectKey> source;
        std::set<std::string> taken;
        for (const auto& [key, repository] : m_there.git_repositories) {
            taken.insert(key.name);
            if (repository.url == m_wish.url) source = key;
        }
        for (const auto& [key, automation] : m_there.image_update_automations) {
            taken.insert(key.name);
            if (source && automation.source == *source) return;
        }
        ObjectKey key{m_wish.name_space, ""};
        if (source) {
            key = *source;
        } else {
            key.name = take_name({name_of_url(m_wish.url)}, taken);
        }
        auto& objects = m_proposal.objects["git-" + key.name];
        if (!source) objects.push_back(git_repository(key, m_wish));
        objects.push_back(automation(key, m_wish));
    }

    void leave(const ImageUse& use, std::string why) {
        m_proposal.left_alone.push_back({use.file, use.line, use.value, std::move(why)});
    }

    const ObjectSet& m_there;
    const Wish& m_wish;
    std::map<std::string, std::vector<const ImageRepository*>> m_repositories;  // by canonical name
    std::map<ObjectKey, std::vector<const ImagePolicy*>> m_policies;            // by repository
    std::map<std::pair<std::string, ObjectKey>, std::size_t> m_rows;            // of the proposal, by image and policy
    std::set<std::string> m_repository_names;
    std::set<std::string> m_policy_names;
    Proposal m_proposal;
};

}  // namespace

std::size_t Proposal::object_count() const noexcept {
    std::size_t count = 0;
    for (const auto& [file, list] : objects)
        count += list.size();
    return count;
}

std::size_t Proposal::marker_count() const noexcept {
    std::size_t count = 0;
    for (const auto& [file, list] : markers)
        count += list.size();
    return count;
}

Proposal propose(const std::vector<ImageUse>& uses, const ObjectSet& there, const Wish& wish) {
    return Proposer(there, wish).propose(uses);
}

}  // namespace tidemark::policy::proposal
