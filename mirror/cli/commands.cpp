// The table of commands, in the order of the help.
#include <vector>

#include "mirror/cli/command_list.h"

namespace tidemark::mirror::cli {

std::span<const Command> commands() noexcept {
    // clang-format off
    static const Command k_commands[] = {
        k_init,
        k_create_image_repository,
        k_create_image_policy,
        k_create_image_update,
        k_create_source_git,
        k_create_secret_git,
        k_create_secret_registry,
        k_run,
        k_serve,
        k_plan,
        k_check,
        k_status,
        k_events,
        k_logs,
        k_get_images_all,
        k_get_images_repository,
        k_get_images_policy,
        k_get_images_update,
        k_get_sources_git,
        k_get_sources_all,
        k_get_all,
        k_reconcile_image_repository,
        k_reconcile_image_policy,
        k_reconcile_image_update,
        k_suspend_image_repository,
        k_suspend_image_policy,
        k_suspend_image_update,
        k_resume_image_repository,
        k_resume_image_policy,
        k_resume_image_update,
        k_pin,
        k_unpin,
        k_accept,
        k_branch_reset,
        k_delete_image_repository,
        k_delete_image_policy,
        k_delete_image_update,
        k_export_image_repository,
        k_export_image_policy,
        k_export_image_update,
        k_export_source_git,
        k_hooks_install,
        k_hooks_verify,
        k_hooks_list,
        k_hooks_remove,
        k_state_backup,
        k_state_restore,
        k_state_verify,
        k_set,
        k_notify_test,
        k_policy_test,
        k_completion_bash,
        k_completion_zsh,
        k_completion_fish,
        k_version,
    };
    // clang-format on
    return k_commands;
}

}  // namespace tidemark::mirror::cli
