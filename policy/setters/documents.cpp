#include "policy/setters/documents.h"

#include <cstring>

namespace tidemark::policy::setters {
namespace {

constexpr std::string_view k_separator = "\n---";

/// What stands behind the dashes of a separator line, without the blanks before it.
std::string_view content_behind(std::string_view rest) noexcept {
    while (!rest.empty()) {
        if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r')) {
            rest.remove_prefix(1);
        } else if (rest.substr(0, 2) == "\u0085" || rest.substr(0, 2) == "\u00a0") {
            rest.remove_prefix(2);
        } else if (rest.substr(0, 3) == "\u2028" || rest.substr(0, 3) == "\u2029") {
            rest.remove_prefix(3);
        } else {
            break;
        }
    }
    return rest;
}

}  // namespace

Result<std::vector<DocumentSpan>> split_documents(std::string_view bytes) {
    std::vector<DocumentSpan> documents;
    std::size_t begin = 0;
    std::size_t search = 0;
    for (;;) {
        const std::size_t found = bytes.find(k_separator, search);
        if (found == std::string_view::npos) break;
        const std::size_t line = found + k_separator.size();
        const std::size_t end = bytes.find('\n', line);
        if (end == std::string_view::npos) break;  // without a line end it is left to the YAML parser
        const std::string_view content = content_behind(bytes.substr(line, end - line));
        if (!content.empty() && content[0] != '#')
            return Problem{"a line that begins with --- separates documents and can hold nothing but a comment",
                           found + 1};
        documents.push_back({begin, found + 1});
        begin = end + 1;
        // The line end is used up: a separator right below belongs to the next document, as in Flux.
        search = begin;
    }
    documents.push_back({begin, bytes.size()});
    return documents;
}

std::size_t find_line_end(std::string_view text, std::size_t at) noexcept {
    for (; at < text.size(); ++at) {
        if (line_end_size(text, at) > 0) return at;
    }
    return text.size();
}

std::size_t line_end_size(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return 0;
    switch (text[at]) {
        case '\n':
            return 1;
        case '\r':
            return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
        case '\xc2':
            return text.substr(at, 2) == "\u0085" ? 2 : 0;
        case '\xe2': {
            const std::string_view three = text.substr(at, 3);
            return three == "\u2028" || three == "\u2029" ? 3 : 0;
        }
        default:
            return 0;
    }
}

}  // namespace tidemark::policy::setters
