// An image's tags over time as a picture: a row a tag, when it was seen, chosen, written, and how long it was in Git.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "mirror/service/view.h"
#include "mirror/web/html.h"

namespace tidemark::mirror::web {

struct TagRow {
    std::string tag;
    std::optional<std::chrono::sys_seconds> seen, chosen, written;
    std::optional<std::chrono::sys_seconds> left;  // another tag was written; unset while it is the last
    std::string commit;

    std::chrono::sys_seconds first() const;
};

/// At most k_most_rows: what was chosen or written last, then what was seen last. The newest first.
std::vector<TagRow> tag_rows(const service::ImageDetail& detail);

constexpr std::size_t k_most_rows = 16;

/// What the marks mean. Apart from the picture, which on a narrow screen is wider than what is seen of it.
void write_tag_legend(Html& html);

/// Precondition: `rows` is not empty.
void write_tag_picture(Html& html, const std::vector<TagRow>& rows, const std::string& image,
                       std::chrono::sys_seconds now);

/// Times between the two that are easy to read, at most seven.
std::vector<std::chrono::sys_seconds> tick_times(std::chrono::sys_seconds first, std::chrono::sys_seconds last);

}  // namespace tidemark::mirror::web
