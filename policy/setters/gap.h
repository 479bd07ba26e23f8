// What stands between two texts of a document (scalars, aliases, brackets): blanks, indicators, anchors, tags
// and comments. libyaml does not report comments, so this is where they are found.
// Pure; not for several threads at once.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tidemark::policy::setters {

struct Comment {
    std::size_t begin = 0;  // of its first "#"
    std::size_t end = 0;    // before the line end
    bool own_line = false;
    bool after_properties = false;  // an anchor or a tag of the next text stands before it on its line
    bool blank_below = false;       // an empty line follows before anything else
};

/// The comments of a gap around its last structural character, the one that the next text belongs to.
struct Gap {
    std::vector<Comment> before;  // since the structural character before the last one
    std::vector<Comment> after;
    char last = 0;  // '-', ':', ',', '[', '{', '?', ... or 0 without any
    void clear() noexcept;
};

/// Reads bytes [begin, end). Every comment is also appended to `all`.
void read_gap(std::string_view bytes, std::size_t begin, std::size_t end, Gap& gap, std::vector<Comment>& all);

}  // namespace tidemark::policy::setters
