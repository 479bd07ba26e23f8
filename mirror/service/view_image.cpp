#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "mirror/service/view.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {
namespace {

using policy::ImagePolicy;

std::string describe(const policy::SelectionSpec& spec) {
    std::string text;
    if (spec.semver) {
        text = "semver " + spec.semver->range;
    } else if (spec.alphabetical) {
        text = "alphabetical " + (spec.alphabetical->order.empty() ? "asc" : spec.alphabetical->order);
    } else if (spec.numerical) {
        text = "numerical " + (spec.numerical->order.empty() ? "asc" : spec.numerical->order);
    }
    if (spec.filter && !spec.filter->pattern.empty()) text += fmt::format(", of tags like {}", spec.filter->pattern);
    return text;
}

/// Seen last first; of tags seen at once (a first scan) the best by the policy, then in stored order.
std::vector<TagView> newest_tags(const store::TagList& list, const std::vector<std::string_view>& tags,
                                 const policy::SelectionTrace& trace) {
    struct Ranked {
        std::chrono::sys_seconds seen;
        std::ptrdiff_t rank;
        std::size_t place;
    };
    const std::vector<std::chrono::sys_seconds> times = list.times();
    std::vector<Ranked> all;
    for (std::size_t i = 0; i < tags.size(); ++i)
        all.push_back({times[i], std::find(trace.best.begin(), trace.best.end(), tags[i]) - trace.best.begin(), i});
    const std::size_t shown = std::min(all.size(), ImageDetail::k_tags_shown);
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                      [](const Ranked& a, const Ranked& b) {
                          return std::tie(b.seen, a.rank, a.place) < std::tie(a.seen, b.rank, b.place);
                      });
    std::vector<TagView> views;
    for (std::size_t i = 0; i < shown; ++i)
        views.push_back({std::string(tags[all[i].place]), all[i].seen});
    return views;
}

}  // namespace

std::optional<ImageDetail> read_image(const ViewInput& input, const Views& views, const ObjectKey& key) {
    const auto policy = input.objects.image_policies.find(key);
    const auto view =
        std::lower_bound(views.images.begin(), views.images.end(), key,
                         [](const ImageView& image, const ObjectKey& name) { return image.policy < name; });
    if (policy == input.objects.image_policies.end() || view == views.images.end() || view->policy != key)
        return std::nullopt;
    ImageDetail detail;
    detail.image = *view;
    detail.selection = describe(policy->second.selection);
    if (const auto list = input.store.find_tag_list(policy->second.image_repository)) {
        const std::vector<std::string_view> tags = list->tags();
        if (const auto selection = policy::Selection::compile(policy->second.selection))
            selection->choose(tags, detail.trace);
        detail.tags = newest_tags(*list, tags, detail.trace);
    }
    detail.history = input.store.history(key);
    for (const auto& [name, automation] : input.objects.image_update_automations) {
        const std::vector<const ImagePolicy*> policies = policies_of(automation, input.objects);
        if (std::none_of(policies.begin(), policies.end(),
                         [&](const ImagePolicy* other) { return other->metadata.key == key; }))
            continue;
        detail.automations.push_back(name);
        for (store::ValueInGit& value : input.store.values_in_git(name))
            if (value.policy == key) detail.values.push_back(std::move(value));
    }
    return detail;
}

}  // namespace tidemark::mirror::service
