// Listening on a Unix socket that has a name in the file system.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include <sys/types.h>

namespace tidemark::mirror {

/// A descriptor until somebody takes it over.
class OpenDescriptor {
public:
    explicit OpenDescriptor(int number = -1) noexcept : m_number(number) {}
    ~OpenDescriptor();
    OpenDescriptor(OpenDescriptor&& other) noexcept : m_number(other.release()) {}
    OpenDescriptor& operator=(OpenDescriptor&& other) noexcept {
        std::swap(m_number, other.m_number);
        return *this;
    }
    int get() const noexcept { return m_number; }
    int release() noexcept { return std::exchange(m_number, -1); }

private:
    int m_number;
};

/// Does not block. What a process that was killed left there is replaced. Throws Error if it cannot be, if another
/// process listens there or the path is too long; the words name `key` of the configuration.
OpenDescriptor listen_locally(const std::filesystem::path& path, std::string_view key, mode_t mode);

}  // namespace tidemark::mirror
