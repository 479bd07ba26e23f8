// What a Git host's post-receive hook says (hooks/post_receive.cpp): one line of JSON for each push. Anybody on the
// host can write it, so it is believed nothing but that somebody should look. Pure functions; safe for any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// Which repository was pushed to, as the host knows it.
struct PushNotice {
    std::string name;  // "acme/fleet", as the host calls it; empty: it has no names
    std::string path;  // of its folder
};

/// Null for anything but such a line.
std::optional<PushNotice> read_push_notice(std::string_view line);

/// Whether the URL may be that repository's: host and folder have little in common with a URL but how they end, so the
/// last two parts count, or as many as there are.
bool is_about(const PushNotice& notice, std::string_view url);

/// The automations, not suspended, of GitRepositories that it may be about.
std::set<policy::ObjectKey> find_automations(const PushNotice& notice, const policy::ObjectSet& objects);

}  // namespace tidemark::mirror::service
