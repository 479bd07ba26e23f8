// Messages to systemd's journal with their fields, by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): one
// datagram an entry, so that a message of several lines stays one and people can filter by object. As for
// service_manager.h, this saves linking libsystemd. Belongs to one thread.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace tidemark::mirror {

/// Whether what is written to this descriptor goes to the journal: systemd says so in JOURNAL_STREAM, "DEVICE:INODE".
bool is_journal(std::string_view journal_stream, int descriptor) noexcept;

class Journal {
public:
    struct Field {
        std::string_view name;  // capital letters, digits, '_'
        std::string_view value;
    };

    explicit Journal(const std::filesystem::path& socket = "/run/systemd/journal/socket");
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// False where nobody takes it, or where it is too large for a datagram: then it has to be said another way.
    bool send(std::span<const Field> fields) const;

private:
    int m_socket = -1;
};

}  // namespace tidemark::mirror
