#include "mirror/cli/table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tidemark::mirror::cli {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// East Asian wide and fullwidth characters and emoji (Unicode's EastAsianWidth, rounded to blocks).
constexpr std::array<Range, 12> k_wide = {{{0x1100, 0x115F},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0x33FF},
                                           {0x3400, 0x4DBF},
                                           {0x4E00, 0x9FFF},
                                           {0xA000, 0xA4CF},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 4> k_narrowless = {{{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t Size>
bool is_in(char32_t character, const std::array<Range, Size>& ranges) noexcept {
    return std::any_of(ranges.begin(), ranges.end(),
                       [character](Range range) { return character >= range.first && character <= range.last; });
}

std::size_t width_of(char32_t character) noexcept {
    if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return 0;
    if (character < 0x300) return 1;
    if (is_in(character, k_narrowless)) return 0;
    return is_in(character, k_wide) ? 2 : 1;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

using Widths = std::vector<std::size_t>;

void widen(Widths& widths, const Row& row) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        for (const std::string_view line : lines_of(row[i]))
            widths[i] = std::max(widths[i], display_width(line));
    }
}

void append_cell(std::string& table, std::string_view text, std::size_t width) {
    table += text;
    const std::size_t taken = display_width(text);
    if (taken < width) table.append(width - taken, ' ');
}

void append_row(std::string& table, const Row& row, const Widths& widths) {
    std::vector<std::vector<std::string_view>> cells;
    std::size_t height = 1;
    for (const std::string& cell : row) {
        cells.push_back(lines_of(cell));
        height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            append_cell(table, line < cells[i].size() ? cells[i][line] : std::string_view(), widths[i]);
            table += '\t';
        }
        table += '\n';
    }
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t character = length == 1 ? first : first & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
            character = (character << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        }
        width += width_of(character);
        i += length;
    }
    return width;
}

std::string format_table(const Row& header, const std::vector<Row>& rows) {
    Widths widths;
    widen(widths, header);
    for (const Row& row : rows)
        widen(widths, row);
    std::string table;
    for (std::size_t i = 0; i < header.size(); ++i) {
        append_cell(table, header[i], widths[i]);
        table += i + 1 < header.size() ? "\t" : " \n";
    }
    for (const Row& row : rows)
        append_row(table, row, widths);
    return table;
}

std::string format_loose_row(const Row& row) {
    // Of a cell of several lines the lines are filled to the longest.
    Widths widths;
    widen(widths, row);
    std::string text;
    append_row(text, row, widths);
    return text;
}

}  // namespace tidemark::mirror::cli
