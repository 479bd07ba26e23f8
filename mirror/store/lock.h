// Keeps two processes off one state folder: an advisory lock on `<folder>/lock`, which the kernel drops
// when the process ends, however it ends.
#pragma once

#include <filesystem>

namespace tidemark::mirror::store {

class FolderLock {
public:
    /// Root is refused a folder of another account. Throws Error{conflict} naming the process that holds the lock,
    /// Error{permission|storage} otherwise.
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// The process that held it last was killed: it did not come to tidy up.
    bool was_left() const noexcept { return m_was_left; }

private:
    int m_descriptor = -1;
    bool m_was_left = false;
};

}  // namespace tidemark::mirror::store
