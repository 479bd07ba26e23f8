// The failure that a mirror is mended of by cloning it anew: the repository's own files are damaged.
#pragma once

#include <filesystem>
#include <string>

#include "mirror/base/error.h"

namespace tidemark::mirror::git {

/// Objects or references in a repository are missing or cannot be read any more, whatever a remote says. The message
/// names the folder; reason() is the part of it that says what was found.
class DamagedRepository : public Error {
public:
    DamagedRepository(ErrorKind kind, const std::filesystem::path& folder, const std::string& reason)
        : Error(kind, "the repository " + folder.string() + " is damaged: " + reason),
          m_folder(folder),
          m_reason(reason) {}
    const std::filesystem::path& folder() const noexcept { return m_folder; }
    const std::string& reason() const noexcept { return m_reason; }

private:
    std::filesystem::path m_folder;
    std::string m_reason;
};

}  // namespace tidemark::mirror::git
