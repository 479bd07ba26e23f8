#include "policy/objects/selections.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tidemark::policy {
namespace {

/// Equal for selectors that are written the same.
std::string text_of(const LabelSelector& selector) {
    std::string text;
    for (const LabelRequirement& requirement : selector.requirements) {
        text += requirement.key + '\n' + static_cast<char>('0' + static_cast<int>(requirement.operation));
        for (const std::string& value : requirement.values)
            text += '\n' + value;
        text += "\n\n";
    }
    return text;
}

/// Tries on a selector that asks for the value of a label only the policies that have it.
class Finder {
public:
    explicit Finder(const ObjectSet& objects) : m_objects(objects) {}

    std::shared_ptr<const SelectedPolicies> find(const ImageUpdateAutomation& automation) {
        const std::string& space = automation.metadata.key.object_namespace;
        const LabelSelector& selector = automation.policy_selector;
        std::shared_ptr<const SelectedPolicies>& list = m_found[{space, text_of(selector)}];
        if (!list) list = std::make_shared<const SelectedPolicies>(select(space, selector));
        return list;
    }

private:
    SelectedPolicies select(const std::string& space, const LabelSelector& selector) {
        SelectedPolicies selected;
        const auto take_from = [&](const SelectedPolicies& policies) {
            for (const ImagePolicy* policy : policies)
                if (selector.matches(policy->metadata.labels)) selected.push_back(policy);
        };
        const auto narrow = std::find_if(selector.requirements.begin(), selector.requirements.end(),
                                         [](const auto& one) { return one.operation == LabelOperator::in; });
        if (narrow == selector.requirements.end()) {
            take_from(of_namespace(space));
        } else {
            for (const std::string& value : narrow->values)
                take_from(with_label(space, narrow->key, value));
        }
        // The values may stand in any order, and twice.
        const auto key_of = [](const ImagePolicy* policy) -> const ObjectKey& { return policy->metadata.key; };
        std::ranges::sort(selected, {}, key_of);
        // Not std::ranges::unique: clang 14, which builds the fuzz targets, does not compile what libstdc++ 12 returns.
        selected.erase(std::unique(selected.begin(), selected.end()), selected.end());
        selected.shrink_to_fit();
        return selected;
    }

    const SelectedPolicies& of_namespace(const std::string& space) {
        const auto [found, is_new] = m_by_namespace.try_emplace(space);
        if (!is_new) return found->second;
        for (auto it = m_objects.image_policies.lower_bound({space, ""}); it != m_objects.image_policies.end(); ++it) {
            if (it->first.object_namespace != space) break;
            found->second.push_back(&it->second);
        }
        return found->second;
    }

    const SelectedPolicies& with_label(const std::string& space, const std::string& label, const std::string& value) {
        const auto [found, is_new] = m_by_label.try_emplace({space, label});
        if (is_new)
            for (const ImagePolicy* policy : of_namespace(space))
                if (const auto has = policy->metadata.labels.find(label); has != policy->metadata.labels.end())
                    found->second[has->second].push_back(policy);
        return found->second[value];
    }

    const ObjectSet& m_objects;
    std::map<std::pair<std::string, std::string>, std::shared_ptr<const SelectedPolicies>> m_found;  // by selector
    std::map<std::string, SelectedPolicies> m_by_namespace;
    std::map<std::pair<std::string, std::string>, std::map<std::string, SelectedPolicies>> m_by_label;
};

}  // namespace

Selections::Selections(const ObjectSet& objects) {
    Finder finder(objects);
    for (const auto& [key, automation] : objects.image_update_automations) {
        const auto& list = m_lists.emplace(key, finder.find(automation)).first->second;
        m_automations[list.get()].push_back(key);
    }
}

}  // namespace tidemark::policy
