// The bare mirror's folder: making it, reading where the remote's branches were at the last fetch, and keeping
// house. One writer at a time: the caller holds the lock of the state folder. Throws mirror::Error.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string_view>

#include "mirror/git/object_id.h"

namespace tidemark::mirror::git {

/// Makes `folder` a bare repository with our own settings (no hooks, no automatic gc, received objects checked);
/// an existing one only gets its settings compared. Two small reads when there is nothing to do.
/// Error{invalid} if there is something else in the folder.
void ensure_bare(const std::filesystem::path& folder);

/// Where the remote's branch was at the last fetch: refs/remotes/origin/<branch>, read without git or libgit2.
std::optional<ObjectId> find_tracked_tip(const std::filesystem::path& folder, std::string_view branch);

/// Removes a damaged mirror; ensure_bare makes the next one. A kill in between leaves nothing that is taken for a
/// mirror: sweep_leftovers takes the rest away.
void discard_mirror(const std::filesystem::path& folder);

/// Removes what a killed git left: lock files, temporary packs and objects. No git may be running there.
/// Returns how many files and folders went.
std::size_t sweep_leftovers(const std::filesystem::path& folder);

/// Packs the mirror if it has become many small pieces (over 40 packs or about 4,000 loose objects); what nothing has
/// referred to for an hour goes. Returns whether it did. Takes seconds on a large mirror: after a pass's last push. A
/// stop request ends it; that is no error, what it left is swept at the mirror's next use.
bool compact(const std::filesystem::path& folder, std::chrono::milliseconds timeout, const std::stop_token& stop = {});

}  // namespace tidemark::mirror::git
