#include "mirror/store/tag_list.h"

#include <charconv>

#include <fmt/format.h>

namespace tidemark::mirror::store {
namespace {

struct Line {
    std::string_view tag;
    std::string_view seconds;
};

/// Cuts the first line off `rest`. A line without a tab has no time.
Line next_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return {line, {}};
    return {line.substr(0, tab), line.substr(tab + 1)};
}

std::chrono::sys_seconds time_of(std::string_view seconds) {
    long long count = 0;
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), count);
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

}  // namespace

std::vector<std::string_view> TagList::tags() const {
    std::vector<std::string_view> list;
    for (std::string_view rest = lines; !rest.empty();)
        list.push_back(next_line(rest).tag);
    return list;
}

std::vector<std::chrono::sys_seconds> TagList::times() const {
    std::vector<std::chrono::sys_seconds> list;
    for (std::string_view rest = lines; !rest.empty();)
        list.push_back(time_of(next_line(rest).seconds));
    return list;
}

std::chrono::sys_seconds TagList::first_seen(std::string_view tag) const {
    for (std::string_view rest = lines; !rest.empty();) {
        const Line line = next_line(rest);
        if (line.tag == tag) return time_of(line.seconds);
    }
    return {};
}

std::string make_lines(std::span<const std::string_view> tags, const TagList& before, std::chrono::sys_seconds now) {
    std::string lines;
    lines.reserve(before.lines.size() + 64);
    const fmt::format_int seen_now(now.time_since_epoch().count());
    // Both lists are in descending order, so one walk side by side finds what was there before.
    std::string_view rest = before.lines;
    Line old = rest.empty() ? Line{} : next_line(rest);
    for (const std::string_view tag : tags) {
        while (!old.tag.empty() && old.tag > tag)
            old = rest.empty() ? Line{} : next_line(rest);
        lines += tag;
        lines += '\t';
        // What a clock that was ahead wrote is not believed once it is set right.
        if (old.tag == tag && !old.seconds.empty() && time_of(old.seconds) <= now) {
            lines += old.seconds;
        } else {
            lines.append(seen_now.data(), seen_now.size());
        }
        lines += '\n';
    }
    return lines;
}

}  // namespace tidemark::mirror::store
