// Copies of the state: made beside a running service, looked through, put in its place.
// All functions throw Error{storage}.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tidemark::mirror::store {

/// Writes the state of `folder`, as it is at one moment, to `target`: whole or not at all. Needs no lock.
/// Error{not_found} if there is no state, Error{invalid} if `target` exists.
void back_up(const std::filesystem::path& folder, const std::filesystem::path& target);

struct Restored {
    std::vector<std::filesystem::path> kept;  // what was there before, under its new names
};

/// Puts a backup in the place of the state. Refuses one that is damaged, of a newer version or no state at all:
/// Error{invalid}. Error{conflict} while another process has the folder.
Restored restore(const std::filesystem::path& folder, const std::filesystem::path& backup);

/// One file that was looked through.
struct Verdict {
    std::filesystem::path file;
    bool whole = false;
    std::string text;  // what it is, or what is wrong with it and what to do
};

/// The state file and the export, read to the end; beside a running service too. Error{not_found} without a state.
std::vector<Verdict> verify(const std::filesystem::path& folder);

}  // namespace tidemark::mirror::store
