#include "hooks/install/installation.h"

#include <algorithm>
#include <set>

#include "hooks/install/gitolite.h"

namespace tidemark::hooks {
namespace {

void append(Steps& steps, Steps more) {
    std::move(more.begin(), more.end(), std::back_inserter(steps));
}

/// Calls `add` for each folder of hooks once, and has gitolite link what changed there.
template <class Add>
Steps for_each_folder(const std::vector<Site>& sites, Add add) {
    Steps steps;
    std::set<HookFolder> seen;
    for (const Site& site : sites) {
        if (!seen.insert(site.folder).second) continue;
        Steps own = add(site);
        if (own.empty()) continue;
        append(steps, std::move(own));
        if (!site.linked_below.empty()) {
            steps.push_back({"run gitolite setup --hooks-only", {}, [site] {
                                 link_gitolite_hooks(site.account, site.folder.path, site.linked_below);
                             }});
        }
    }
    return steps;
}

}  // namespace

Steps steps_to_install(const Installation& installation, const std::vector<Site>& sites) {
    return for_each_folder(sites, [&installation](const Site& site) {
        Steps steps;
        for (const std::string_view hook : {k_pre_receive, k_post_receive}) {
            if (hook == k_post_receive && !installation.notify) continue;
            append(steps, site.gitaly ? steps_to_set_hooks(*site.gitaly, site.repository, hook, installation.program,
                                                           site.account)
                                      : steps_to_install(site.folder, hook, installation.program));
        }
        return steps;
    });
}

Steps steps_to_remove(const std::vector<Site>& sites) {
    return for_each_folder(sites, [](const Site& site) {
        Steps steps;
        for (const std::string_view hook : {k_pre_receive, k_post_receive}) {
            append(steps, site.gitaly ? steps_to_unset_hooks(*site.gitaly, site.repository, hook, site.account)
                                      : steps_to_remove(site.folder, hook));
        }
        return steps;
    });
}

}  // namespace tidemark::hooks
