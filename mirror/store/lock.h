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

private:
    int m_descriptor = -1;
};

}  // namespace tidemark::mirror::store
