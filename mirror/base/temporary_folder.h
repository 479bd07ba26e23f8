// A folder in the system's temporary folder that only we can read (mode 0700), gone with its content at the end.
// One thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace tidemark::mirror {

class TemporaryFolder {
public:
    /// `purpose` is a part of its name ("key"). Error{storage} where none can be made.
    explicit TemporaryFolder(std::string_view purpose);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return m_path; }
    std::filesystem::path operator/(std::string_view name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

}  // namespace tidemark::mirror
