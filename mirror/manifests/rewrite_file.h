// One file of a folder: read into a buffer that is used again, screened, and written back whole.
// A FileReader belongs to one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace tidemark::mirror::manifests {

struct Descriptor {
    int number;
    explicit Descriptor(int value) : number(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

/// Reads files into one growing buffer, so that ten thousand files cost one allocation.
class FileReader {
public:
    explicit FileReader(std::size_t limit);

    /// The content, valid until the next call. On failure false, and `error_number()` says why (EFBIG: larger
    /// than the limit). Relative names count from `folder_descriptor` (AT_FDCWD works).
    bool read(int folder_descriptor, const char* name, bool follow_links);

    std::string_view content() const noexcept { return {m_buffer.data(), m_size}; }
    int error_number() const noexcept { return m_error; }

private:
    std::vector<char> m_buffer;
    std::size_t m_limit;
    std::size_t m_size = 0;
    int m_error = 0;
};

/// The file's content from now on, with the mode and owner it has. Answers 0 or an errno.
/// Whole or not at all: a draft beside it is renamed over it, not synced. What fits into the one page that the file
/// occupies already, and is not shorter, is written in place by a single call: no kill comes in between, no space
/// is needed, and a thousand manifests take 10 ms instead of a second (each rename makes ext4 write to the disk).
/// A file with several names (hard links), or whose owner cannot be kept, is written in place too.
int replace_file(int folder_descriptor, const char* name, std::string_view content);

}  // namespace tidemark::mirror::manifests
