#include "mirror/cli/line_diff.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_context = 3;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (lines.back().ends_with('\r')) lines.back().remove_suffix(1);
    }
    return lines;
}

std::string line(char sign, std::string_view text) {
    return fmt::format("{}{}\n", sign, visible(text));
}

using Lines = std::vector<std::string_view>;

/// Lines [begin, end): those that differ as - and +, a run of them together.
std::string hunk(const Lines& before, const Lines& after, std::size_t begin, std::size_t end) {
    std::string text = fmt::format("@@ -{0},{1} +{0},{1} @@\n", begin + 1, end - begin);
    std::string added;
    for (std::size_t i = begin; i < end; ++i) {
        if (before[i] != after[i]) {
            text += line('-', before[i]);
            added += line('+', after[i]);
        } else {
            text += std::exchange(added, {}) + line(' ', before[i]);
        }
    }
    return text + added;
}

}  // namespace

std::string diff_of_lines(std::string_view path, std::string_view before, std::string_view after) {
    const Lines old_lines = lines_of(before);
    const Lines new_lines = lines_of(after);
    const std::size_t count = std::min(old_lines.size(), new_lines.size());
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (old_lines[i] == new_lines[i]) continue;
        const std::size_t begin = i - std::min(i, k_context);
        std::size_t last = i;
        for (std::size_t next = i + 1; next < count && next <= last + 2 * k_context; ++next)
            if (old_lines[next] != new_lines[next]) last = next;
        const std::size_t end = std::min(count, last + 1 + k_context);
        text += hunk(old_lines, new_lines, begin, end);
        i = last;
    }
    return text.empty() ? text : fmt::format("--- a/{0}\n+++ b/{0}\n", visible(path)) + text;
}

std::string diff_of_new_file(std::string_view path, std::string_view content) {
    const Lines lines = lines_of(content);
    std::string text = fmt::format("--- /dev/null\n+++ {}\n@@ -0,0 +1,{} @@\n", visible(path), lines.size());
    for (const std::string_view one : lines)
        text += line('+', one);
    return text;
}

}  // namespace tidemark::mirror::cli
