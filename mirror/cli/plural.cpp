#include "mirror/cli/plural.h"

#include <fmt/format.h>

namespace tidemark::mirror::cli {

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::size_t count_objects(const policy::ObjectSet& objects) noexcept {
    return objects.image_repositories.size() + objects.image_policies.size() + objects.image_update_automations.size() +
           objects.git_repositories.size();
}

std::string describe_workspace(const service::Workspace& workspace) {
    const policy::ObjectSet& objects = workspace.objects;
    std::string from = plural(workspace.folders, "folder", "folders");
    if (workspace.repositories > 0) {
        const std::string repositories = plural(workspace.repositories, "Git repository", "Git repositories");
        from = workspace.folders > 0 ? from + " and " + repositories : repositories;
    }
    std::string text = fmt::format("{} from {}: {}, {}, {}, {}", plural(count_objects(objects), "object", "objects"),
                                   from, plural(objects.image_repositories.size(), "repository", "repositories"),
                                   plural(objects.image_policies.size(), "policy", "policies"),
                                   plural(objects.image_update_automations.size(), "automation", "automations"),
                                   plural(objects.git_repositories.size(), "source", "sources"));
    if (objects.skipped > 0) text += fmt::format(" ({} of other kinds skipped)", objects.skipped);
    return text;
}

}  // namespace tidemark::mirror::cli
