#include "mirror/cli/extract.h"

#include <algorithm>

namespace tidemark::mirror::cli {
namespace {

// Bytes of other scripts count as letters: a name of theirs is then one that no group has.
bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Numbers name groups by position: no leading zero, below 10^8. Anything else is looked for by name.
bool is_group_number(std::string_view name) noexcept {
    if (name.size() > 8 || (name.size() > 1 && name.front() == '0')) return false;
    return name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The name behind a `$`, taken off the front of `text`; nothing if there is none.
std::optional<std::string_view> take_name(std::string_view& text) noexcept {
    const bool braced = text.starts_with('{');
    if (braced) text.remove_prefix(1);
    std::size_t size = 0;
    while (size < text.size() && is_name_character(text[size]))
        ++size;
    if (size == 0) return std::nullopt;
    const std::string_view name = text.substr(0, size);
    text.remove_prefix(size);
    if (!braced) return name;
    if (!text.starts_with('}')) return std::nullopt;
    text.remove_prefix(1);
    return name;
}

/// Skips a `[...]` class that begins at `i`; the index of its last character.
std::size_t end_of_class(std::string_view pattern, std::size_t i) noexcept {
    ++i;
    if (i < pattern.size() && pattern[i] == '^') ++i;
    if (i < pattern.size() && pattern[i] == ']') ++i;
    for (; i < pattern.size() && pattern[i] != ']'; ++i) {
        if (pattern[i] == '\\') ++i;
        if (pattern.substr(i).starts_with("[:")) {
            const std::size_t end = pattern.find(":]", i);
            if (end != std::string_view::npos) i = end + 1;
        }
    }
    return i;
}

}  // namespace

std::optional<std::vector<std::string>> groups_of_extract(std::string_view extract) {
    std::vector<std::string> groups;
    for (std::size_t dollar = extract.find('$'); dollar != std::string_view::npos; dollar = extract.find('$')) {
        extract.remove_prefix(dollar + 1);
        if (extract.starts_with('$')) {
            extract.remove_prefix(1);
            continue;
        }
        const auto name = take_name(extract);
        if (!name) return std::nullopt;
        if (!is_group_number(*name)) groups.emplace_back(*name);
    }
    return groups;
}

bool has_group(std::string_view pattern, std::string_view name) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '[') i = end_of_class(pattern, i);
        if (i >= pattern.size()) break;
        if (pattern[i] == '\\') {
            // \Q...\E is plain text.
            if (pattern.substr(i).starts_with("\\Q")) i = std::min(pattern.find("\\E", i), pattern.size());
            ++i;
            continue;
        }
        std::string_view rest = pattern.substr(i);
        if (!rest.starts_with("(?P<") && !rest.starts_with("(?<")) continue;
        rest.remove_prefix(rest.find('<') + 1);
        if (rest.substr(0, rest.find('>')) == name) return true;
    }
    return false;
}

}  // namespace tidemark::mirror::cli
