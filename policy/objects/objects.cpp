#include "policy/objects/objects.h"

namespace tidemark::policy {

std::string_view kind_name(ObjectKind kind) noexcept {
    switch (kind) {
        case ObjectKind::image_repository:
            return "ImageRepository";
        case ObjectKind::image_policy:
            return "ImagePolicy";
        case ObjectKind::image_update_automation:
            return "ImageUpdateAutomation";
        case ObjectKind::git_repository:
            return "GitRepository";
        case ObjectKind::secret:
            return "Secret";
    }
    return "";
}

std::optional<ObjectKind> find_kind_named(std::string_view name) noexcept {
    for (const ObjectKind kind : {ObjectKind::image_repository, ObjectKind::image_policy,
                                  ObjectKind::image_update_automation, ObjectKind::git_repository, ObjectKind::secret})
        if (kind_name(kind) == name) return kind;
    return std::nullopt;
}

}  // namespace tidemark::policy
