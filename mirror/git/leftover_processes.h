// Ends what a killed process of ours left running. A git lives on when the process that started it is killed: until it
// notices, it may write into a mirror that the next one works on, or wait for a remote that does not answer.
#pragma once

#include <cstddef>
#include <filesystem>

namespace tidemark::mirror::git {

/// Kills every process of our user whose GIT_DIR lies in `mirrors` (git, its helpers, ssh) and waits until they are
/// gone. To be called by the one that holds the state's lock, before any git of its own. Returns how many there were.
std::size_t end_leftover_processes(const std::filesystem::path& mirrors);

}  // namespace tidemark::mirror::git
