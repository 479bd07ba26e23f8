// Every command's definition, each in its own command_*.cpp. A new command: one line here, one in commands.cpp.
#pragma once

#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

extern const Command k_completion_bash;
extern const Command k_completion_fish;
extern const Command k_completion_zsh;
extern const Command k_create_image_policy;
extern const Command k_create_image_repository;
extern const Command k_create_image_update;
extern const Command k_create_secret_git;
extern const Command k_create_secret_registry;
extern const Command k_create_source_git;
extern const Command k_export_image_policy;
extern const Command k_export_image_repository;
extern const Command k_export_image_update;
extern const Command k_export_source_git;
extern const Command k_get_all;
extern const Command k_get_images_all;
extern const Command k_get_images_policy;
extern const Command k_get_images_repository;
extern const Command k_get_images_update;
extern const Command k_get_sources_all;
extern const Command k_get_sources_git;
extern const Command k_hooks_install;
extern const Command k_hooks_list;
extern const Command k_hooks_remove;
extern const Command k_hooks_verify;
extern const Command k_init;
extern const Command k_notify_test;
extern const Command k_policy_test;
extern const Command k_serve;
extern const Command k_set;
extern const Command k_accept;
extern const Command k_branch_reset;
extern const Command k_check;
extern const Command k_delete_image_policy;
extern const Command k_delete_image_repository;
extern const Command k_delete_image_update;
extern const Command k_events;
extern const Command k_logs;
extern const Command k_pin;
extern const Command k_reconcile_image_policy;
extern const Command k_reconcile_image_repository;
extern const Command k_reconcile_image_update;
extern const Command k_resume_image_policy;
extern const Command k_resume_image_repository;
extern const Command k_resume_image_update;
extern const Command k_status;
extern const Command k_state_backup;
extern const Command k_state_restore;
extern const Command k_state_verify;
extern const Command k_suspend_image_policy;
extern const Command k_suspend_image_repository;
extern const Command k_suspend_image_update;
extern const Command k_unpin;
extern const Command k_plan;
extern const Command k_run;
extern const Command k_version;

}  // namespace tidemark::mirror::cli
