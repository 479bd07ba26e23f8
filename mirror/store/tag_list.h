// The tags of one ImageRepository as its last whole scan saw them, each with the time it was first seen.
// A tag that went away and came back counts as seen anew. Plain value.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror::store {

struct TagList {
    std::string canonical_name;  // of the image the tags are of; another image makes the list worthless
    std::string exclusion;       // the exclusion list in force, so that a changed one asks for a new scan
    std::string body_hash;       // of the registry's answer: an equal one need not be read again
    std::chrono::sys_seconds scanned{};
    /// One line a tag, "tag TAB seconds-since-1970", in stored order (descending bytes).
    std::string lines;

    /// Views into `lines`.
    std::vector<std::string_view> tags() const;
    /// When each of them was first seen, in the same order.
    std::vector<std::chrono::sys_seconds> times() const;
    /// When `tag` was first seen; the epoch if it is not in the list.
    std::chrono::sys_seconds first_seen(std::string_view tag) const;
};

/// The lines for `tags` (stored order), first-seen times taken over from `before` where it has the tag.
std::string make_lines(std::span<const std::string_view> tags, const TagList& before, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::store
