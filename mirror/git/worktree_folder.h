// Writing below a folder without ever leaving it: each part of a path is opened by itself and no link is
// followed, so that a link put there by somebody leads nowhere. Internal to worktree.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace tidemark::mirror::git {

class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : m_number(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_number, other.m_number);
        return *this;
    }
    int number() const noexcept { return m_number; }
    bool is_open() const noexcept { return m_number >= 0; }

private:
    int m_number;
};

/// Paths are relative, their parts safe names (is_safe_name). Failures throw Error; a "false" means that something
/// else stands in the way (a link or a file where a folder belongs, a folder where a file belongs).
class WorktreeFolder {
public:
    explicit WorktreeFolder(std::filesystem::path folder);

    /// A file that is not there yet.
    void create(const std::string& path, std::string_view bytes, unsigned mode);
    /// A file that appears whole, in place of an old one if there is one.
    bool replace(const std::string& path, std::string_view bytes, unsigned mode);
    /// A file, and the folders that become empty by that. One that is not there counts as removed.
    bool remove(const std::string& path);

private:
    enum class Missing { make, accept };
    bool enter(std::string_view parent, Missing missing);
    void write_new(int folder, const std::string& name, std::string_view bytes, unsigned mode, const std::string& path);
    [[noreturn]] void fail(std::string_view action, const std::string& path, int error_number) const;

    std::filesystem::path m_folder;
    Descriptor m_root;
    // The folder of the last file: files come in order, so most have the same one.
    std::string m_parent_path;
    Descriptor m_parent;
};

}  // namespace tidemark::mirror::git
