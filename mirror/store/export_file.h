// The export: a plain file of lines beside the state, to which changes are appended and which is written anew when most
// of it is outdated. Belongs to the thread of its Store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::mirror::store {

class ExportFile {
public:
    /// Opens nothing yet.
    explicit ExportFile(std::filesystem::path path);
    ~ExportFile();
    ExportFile(const ExportFile&) = delete;
    ExportFile& operator=(const ExportFile&) = delete;

    const std::filesystem::path& path() const noexcept { return m_path; }

    bool exists() const;
    /// Bytes on disk now; 0 where there is no such file.
    std::int64_t size() const;

    /// Whole lines, all of them or none. Answers why not, in words; empty: they are there.
    std::string append(std::string_view lines);

    /// Replaces it by what `write` puts out, whole or not at all. Answers as append(); what `write` throws goes
    /// through.
    std::string replace(const std::function<void(const std::function<void(std::string_view lines)>& put)>& write);

private:
    void close();

    std::filesystem::path m_path;
    int m_descriptor = -1;
};

/// Calls `take` with each line of the file (without its end) and its number from 1; blank ones are passed over, one
/// that is longer than k_longest_line or has no end is nullopt. Throws Error{storage} if the file cannot be read.
void read_lines(const std::filesystem::path& path,
                const std::function<void(std::optional<std::string_view> line, std::size_t number)>& take);

inline constexpr std::size_t k_longest_line = std::size_t{256} << 20U;

}  // namespace tidemark::mirror::store
