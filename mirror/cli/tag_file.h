// A list of tags from a file or standard input, as text (one a line) or as a registry's tags/list answer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/large_pages.h"
#include "mirror/cli/streams.h"

namespace tidemark::mirror::cli {

using TagBytes = std::vector<char, LargePages<char>>;

/// Owns the bytes that the tags point into. Moves keep them in place; it is not copied.
class TagFile {
public:
    explicit TagFile(TagBytes bytes);
    TagFile(TagFile&&) noexcept = default;
    TagFile& operator=(TagFile&&) noexcept = default;
    TagFile(const TagFile&) = delete;
    TagFile& operator=(const TagFile&) = delete;

    std::span<const std::string_view> tags() const noexcept { return m_tags; }

private:
    void read_lines(std::string_view text);
    void read_json();

    TagBytes m_bytes;
    std::vector<std::string_view, LargePages<std::string_view>> m_tags;
};

/// `path` "-" reads standard input. Throws Error; more than 64 MiB is Error{invalid}.
TagFile read_tags(const std::string& path, const Streams& streams);

}  // namespace tidemark::mirror::cli
