#include "policy/setters/gap.h"

#include "policy/setters/documents.h"

namespace tidemark::policy::setters {
namespace {

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool is_structure(char c) noexcept {
    return c == '-' || c == ':' || c == '?' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

}  // namespace

void Gap::clear() noexcept {
    before.clear();
    after.clear();
    last = 0;
}

void read_gap(std::string_view bytes, std::size_t begin, std::size_t end, Gap& gap, std::vector<Comment>& all) {
    gap.clear();
    bool text_on_line = begin > 0 && line_end_size(bytes, begin - 1) == 0;
    bool properties_on_line = false;
    bool line_is_empty = false;
    for (std::size_t at = begin; at < end;) {
        if (const std::size_t size = line_end_size(bytes, at); size > 0) {
            if (line_is_empty && !gap.after.empty()) gap.after.back().blank_below = true;
            at += size;
            text_on_line = properties_on_line = false;
            line_is_empty = true;
        } else if (is_blank(bytes[at])) {
            ++at;
        } else if (bytes[at] == '#') {
            const std::size_t line_end = find_line_end(bytes.substr(0, end), at);
            const Comment comment{at, line_end, !text_on_line, properties_on_line, false};
            gap.after.push_back(comment);
            all.push_back(comment);
            at = line_end;
            line_is_empty = false;
        } else if (is_structure(bytes[at])) {
            gap.last = bytes[at++];
            gap.before.swap(gap.after);
            gap.after.clear();
            text_on_line = true;
            line_is_empty = properties_on_line = false;
        } else {
            // An anchor, a tag, a directive: up to the next blank.
            properties_on_line = bytes[at] == '&' || bytes[at] == '!';
            while (at < end && !is_blank(bytes[at]) && line_end_size(bytes, at) == 0)
                ++at;
            text_on_line = true;
            line_is_empty = false;
        }
    }
}

}  // namespace tidemark::policy::setters
