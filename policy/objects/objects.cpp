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

}  // namespace tidemark::policy
