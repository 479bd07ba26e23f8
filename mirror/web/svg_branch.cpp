#include "mirror/web/svg_branch.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::mirror::web {
namespace {

constexpr std::size_t k_most_commits = 6;
constexpr std::size_t k_step = 11;
constexpr std::size_t k_fork = 14;  // where the branch leaves
constexpr std::size_t k_upper = 6, k_lower = 20;

void write_dot(Html& html, std::size_t x, std::size_t y, std::string_view look) {
    html.element("circle", {{"cx", std::to_string(x)}, {"cy", std::to_string(y)}, {"r", "3.2"}, {"class", look}}, "");
}

}  // namespace

void write_branch_picture(Html& html, std::size_t ahead, std::size_t behind, std::size_t foreign) {
    const std::size_t lower = std::min(ahead, k_most_commits);
    const std::size_t upper = std::min(behind, k_most_commits);
    const std::size_t longest = std::max<std::size_t>({upper, lower, 1});
    const std::size_t width = k_fork + longest * k_step + 6;
    html.open("svg", {{"class", "branch"},
                      {"aria-hidden", "true"},
                      {"focusable", "false"},
                      {"width", std::to_string(width)},
                      {"height", "26"},
                      {"viewBox", fmt::format("0 0 {} 26", width)}});
    html.element("path", {{"class", "line"}, {"d", fmt::format("M3 {}H{}", k_upper, width - 3)}}, "");
    if (lower > 0)
        html.element("path",
                     {{"class", "line own"},
                      {"d", fmt::format("M{0} {1}c4 0 3 {2} 8 {2}H{3}", k_fork - 6, k_upper, k_lower - k_upper,
                                        k_fork + lower * k_step + 3)}},
                     "");
    write_dot(html, 3, k_upper, "commit");
    for (std::size_t i = 1; i <= upper; ++i)
        write_dot(html, k_fork + i * k_step, k_upper, "commit");
    for (std::size_t i = 1; i <= lower; ++i)
        write_dot(html, k_fork + i * k_step, k_lower,
                  i + std::min(foreign, lower) > lower ? "commit other" : "commit own");
    html.close();
}

}  // namespace tidemark::mirror::web
