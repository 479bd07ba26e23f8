#include "policy/setters/scalar_text.h"

#include <fmt/format.h>

#include "policy/setters/documents.h"
#include "policy/setters/scalar_type.h"

namespace tidemark::policy::setters {
namespace {

constexpr std::string_view k_core_tag = "tag:yaml.org,2002:";

/// One line of characters that every YAML reader takes as they are.
bool is_writable(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f) return false;
        if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
        const std::string_view three = text.substr(i, 3);
        if (three == "\u2028" || three == "\u2029" || three == "\ufeff") return false;
    }
    return !text.empty();
}

/// A narrow choice: what is left out is merely quoted.
bool may_be_plain(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                          c == '.' || c == '/';
        const bool inside = c == '-' || c == '+' || c == '@' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
        if (!word && !(inside && (i > 0 || c == '-'))) return false;
    }
    return text.back() != ':' && text != "-" && text.substr(0, 3) != "---" && text.substr(0, 3) != "...";
}

std::string single_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c;
        if (c == '\'') quoted += c;
    }
    return quoted + "'";
}

std::string double_quoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string plain_or_quoted(std::string_view text) {
    return reads_as_string(text) && may_be_plain(text) ? std::string(text) : double_quoted(text);
}

/// A literal or folded scalar: its header becomes "|-" or ">-" so that the value has no line end, its lines
/// become one; what follows the header on its line and the blank lines at the end stay.
std::vector<Edit> write_block(std::string_view bytes, const ScalarPlace& place, std::string_view text) {
    const BlockParts parts = find_block_parts(bytes, place);
    // Without a line to take the indentation from, the text goes where the header was.
    if (parts.last == 0) return {{place.begin, parts.header_end, plain_or_quoted(text)}};
    return {{place.begin, parts.header_end, std::string(1, bytes[place.begin]) + "-"},
            {parts.content, parts.last, parts.indentation + std::string(text)}};
}

/// An explicit tag decides the type, whatever the text looks like.
bool fits_tag(std::string_view tag, std::string_view text) noexcept {
    if (tag.substr(0, k_core_tag.size()) != k_core_tag) return true;
    tag.remove_prefix(k_core_tag.size());
    switch (plain_type(text)) {
        case PlainType::integer:
            return tag == "str" || tag == "int" || tag == "float";
        case PlainType::floating:
            return tag == "str" || tag == "float";
        case PlainType::boolean:
            return tag == "str" || tag == "bool";
        case PlainType::date:
            return tag == "str" || tag == "timestamp";
        case PlainType::null:
        case PlainType::text:
            return tag == "str";
    }
    return false;
}

}  // namespace

BlockParts find_block_parts(std::string_view bytes, const ScalarPlace& place) {
    BlockParts parts;
    parts.header_end = place.begin + 1;
    while (parts.header_end < place.end &&
           std::string_view("+-0123456789").find(bytes[parts.header_end]) != std::string_view::npos)
        ++parts.header_end;
    const std::size_t line_end = find_line_end(bytes, parts.header_end);
    parts.content = line_end + line_end_size(bytes, line_end);
    for (std::size_t line = parts.content; line < place.end;) {
        const std::size_t end = find_line_end(bytes.substr(0, place.end), line);
        std::size_t first = line;
        while (first < end && bytes[first] == ' ')
            ++first;
        if (first < end) {
            if (parts.last == 0) parts.indentation = bytes.substr(line, first - line);
            parts.last = end;
        }
        line = end + line_end_size(bytes, end);
        if (line == end) break;
    }
    return parts;
}

bool reads_as_string(std::string_view text) noexcept {
    return plain_type(text) == PlainType::text && text != "-" && text != "---" && text != "...";
}

Result<std::vector<Edit>> write_scalar(std::string_view bytes, const ScalarPlace& place, std::string_view text) {
    if (!is_writable(text)) return Problem{"the new value is empty, or holds a line end or a control character", {}};
    if (!place.tag.empty() && !fits_tag(place.tag, text))
        return Problem{fmt::format("the explicit tag {} does not fit \"{}\"", place.tag, text), {}};
    switch (place.style) {
        case yaml::ScalarStyle::single_quoted:
            return std::vector<Edit>{{place.begin, place.end, single_quoted(text)}};
        case yaml::ScalarStyle::double_quoted:
            return std::vector<Edit>{{place.begin, place.end, double_quoted(text)}};
        case yaml::ScalarStyle::literal:
        case yaml::ScalarStyle::folded:
            return write_block(bytes, place, text);
        case yaml::ScalarStyle::plain:
            break;
    }
    // Behind a tag the text is of the tag's type already: quotes would say no more.
    const bool plain = place.tag.empty() ? reads_as_string(text) : true;
    return std::vector<Edit>{
        {place.begin, place.end, plain && may_be_plain(text) ? std::string(text) : double_quoted(text)}};
}

}  // namespace tidemark::policy::setters
