// Reads loose objects in libgit2's place: libgit2 1.5 never returns from one whose file was cut short (a full disk,
// a power cut), so those are told apart here, at no more than libgit2's own one reading of the file.
// As thread-safe as the git_odb it was added to.
#pragma once

#include <filesystem>

struct git_odb;

namespace tidemark::mirror::git {

/// Adds the reader of an objects folder, before libgit2's own for loose objects and behind that for packs. A damaged
/// object is an error of class GIT_ERROR_ZLIB that names the file. Throws mirror::Error.
void add_loose_reader(git_odb* objects, const std::filesystem::path& folder);

}  // namespace tidemark::mirror::git
