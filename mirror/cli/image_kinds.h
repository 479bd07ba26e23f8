// The three image kinds in the words of flux's messages, and what the commands that act on them share.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cli/command.h"
#include "mirror/cli/control.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::cli {

struct ImageKind {
    policy::ObjectKind kind = policy::ObjectKind::image_repository;
    std::string_view human;     // "image repository"
    std::string_view resource;  // "imagerepositories", as an API server calls them
    std::string_view name() const noexcept { return policy::kind_name(kind); }
};

inline constexpr ImageKind k_repository_kind{policy::ObjectKind::image_repository, "image repository",
                                             "imagerepositories"};
inline constexpr ImageKind k_policy_kind{policy::ObjectKind::image_policy, "image policy", "imagepolicies"};
inline constexpr ImageKind k_update_kind{policy::ObjectKind::image_update_automation, "image update automation",
                                         "imageupdateautomations"};

/// Error{not_found} as an API server words it.
[[noreturn]] void throw_not_found(const ImageKind& kind, const std::string& name);

/// The command for an object of the namespace that -n names, by whoever runs this program.
service::Command make_command(service::Verb verb, const ImageKind& kind, const std::string& name, const Call& call);

/// A policy as people write it: "ns/name", "ns:name" as in a marker, or "name" with -n.
policy::ObjectKey policy_key(const std::string& text, const GlobalOptions& global);

/// When the command's --timeout is over.
std::chrono::steady_clock::time_point deadline_of(const Call& call);

}  // namespace tidemark::mirror::cli
