// Tables as `flux` prints them (conformance/flux-get.md "Layout"): cells filled to their column's width, a tab
// behind each. Pure.
#pragma once

#include <string>
#include <vector>

namespace tidemark::mirror::cli {

using Row = std::vector<std::string>;

/// `header` may be empty: then its titles count for no width. A cell of several lines makes several lines.
std::string format_table(const Row& header, const std::vector<Row>& rows);

/// A row that follows a table printed before: filled to no width but its own.
std::string format_loose_row(const Row& row);

/// Columns a terminal takes for `text`: wide characters count 2, control and combining characters 0.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace tidemark::mirror::cli
