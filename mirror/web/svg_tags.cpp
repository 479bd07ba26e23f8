#include "mirror/web/svg_tags.h"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/web/page_words.h"

namespace tidemark::mirror::web {
namespace {

using std::chrono::sys_seconds;
using namespace std::chrono_literals;

// The picture's measures.
constexpr double k_width = 880, k_names = 190, k_end = 862;
constexpr double k_row = 24, k_top = 8;
constexpr std::size_t k_most_letters = 24;

constexpr std::array<std::chrono::seconds, 20> k_steps = {10s,  30s,   60s,   300s,  900s,   1800s, 3600s,
                                                          3h,   6h,    12h,   24h,   48h,    168h,  336h,
                                                          720h, 2160h, 4320h, 8760h, 43800h, 87600h};

/// Places a time between the first and the last.
class Scale {
public:
    Scale(sys_seconds first, sys_seconds last)
        : m_first(first), m_span(std::max<double>(1, static_cast<double>((last - first).count()))) {}
    double operator()(sys_seconds time) const {
        const double part = static_cast<double>((time - m_first).count()) / m_span;
        return k_names + std::clamp(part, 0.0, 1.0) * (k_end - k_names);
    }

private:
    sys_seconds m_first;
    double m_span;
};

std::string place(double number) {
    return fmt::format("{:.1f}", number);
}

/// Whole characters only.
std::string cut(const std::string& text) {
    std::size_t letters = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80 && ++letters > k_most_letters)
            return text.substr(0, i) + "…";
    return text;
}

void write_path(Html& html, std::string_view look, const std::string& path) {
    html.element("path", {{"class", look}, {"d", path}}, "");
}

void write_seen(Html& html, double x, double y) {
    html.element("circle", {{"class", "seen"}, {"cx", place(x)}, {"cy", place(y)}, {"r", "4.5"}}, "");
}
void write_chosen(Html& html, double x, double y) {
    write_path(html, "chosen", fmt::format("M{:.1f} {:.1f}l5.5 5.5 -5.5 5.5 -5.5 -5.5z", x, y - 5.5));
}
void write_written(Html& html, double x, double y) {
    write_path(html, "written", fmt::format("M{:.1f} {:.1f}h10v10h-10z", x - 5, y - 5));
}

void write_text(Html& html, double x, double y, std::string_view look, std::string_view text) {
    html.element("text", {{"x", place(x)}, {"y", place(y)}, {"class", look}}, text);
}

/// As exactly as the ticks stand apart, so that no two read the same.
std::string axis_words(sys_seconds tick, std::chrono::seconds apart, std::chrono::seconds span) {
    if (apart >= 24h) return fmt::format("{:%d %b %y}", tick);
    if (span > 20h) return fmt::format("{:%d %b %H:%M}", tick);
    return apart >= 1min ? fmt::format("{:%H:%M}", tick) : fmt::format("{:%H:%M:%S}", tick);
}

void write_axis(Html& html, const Scale& scale, sys_seconds first, sys_seconds last, double bottom) {
    const auto ticks = tick_times(first, last);
    const std::chrono::seconds apart = ticks.size() > 1 ? ticks[1] - ticks[0] : 0s;
    for (const sys_seconds tick : ticks) {
        const double x = scale(tick);
        write_path(html, "grid", fmt::format("M{:.1f} {}V{}", x, k_top - 6, bottom));
        write_text(html, x, bottom + 18, x > k_end - 40 ? "axis end" : "axis", axis_words(tick, apart, last - first));
    }
}

void write_row(Html& html, const TagRow& row, const Scale& scale, sys_seconds now, double y) {
    write_text(html, 0, y + 4.5, row.written && !row.left ? "label strong" : "label", cut(row.tag));
    if (row.written)
        write_path(html, row.left ? "span past" : "span",
                   fmt::format("M{:.1f} {:.1f}H{:.1f}", scale(*row.written), y, scale(row.left.value_or(now))));
    const double begin = scale(row.first());
    const double end = scale(row.written.value_or(row.chosen.value_or(row.first())));
    if (end > begin) write_path(html, "way", fmt::format("M{:.1f} {:.1f}H{:.1f}", begin, y, end));
    // Those that lie on each other stay apart enough to be told.
    double least = 0;
    const auto apart = [&](sys_seconds time) {
        const double x = std::max(scale(time), least);
        least = x + 9;
        return x;
    };
    if (row.seen) write_seen(html, apart(*row.seen), y);
    if (row.chosen) write_chosen(html, apart(*row.chosen), y);
    if (row.written) write_written(html, apart(*row.written), y);
}

std::string describe(const std::vector<TagRow>& rows) {
    const auto in_git =
        std::find_if(rows.begin(), rows.end(), [](const TagRow& row) { return row.written && !row.left; });
    std::string words = fmt::format("{}, the newest first. ", count_text(rows.size(), "tag"));
    words += in_git == rows.end()
                 ? "None of them was written to Git by Tidemark."
                 : fmt::format("{} was written last, at {:%Y-%m-%d %H:%M} UTC.", in_git->tag, *in_git->written);
    return words + " The table below has all times.";
}

}  // namespace

sys_seconds TagRow::first() const {
    sys_seconds first = sys_seconds::max();
    for (const auto& time : {seen, chosen, written})
        if (time) first = std::min(first, *time);
    return first;
}

std::vector<TagRow> tag_rows(const service::ImageDetail& detail) {
    std::vector<TagRow> rows;
    const auto row_of = [&](const std::string& tag) -> TagRow* {
        for (TagRow& row : rows)
            if (row.tag == tag) return &row;
        if (rows.size() == k_most_rows) return nullptr;
        rows.push_back({});
        rows.back().tag = tag;
        return &rows.back();
    };
    std::optional<sys_seconds> left;
    for (auto entry = detail.history.rbegin(); entry != detail.history.rend(); ++entry) {
        TagRow* row = row_of(entry->tag);
        // An older turn of a tag that came back is told by the history beside the picture.
        if (row && !row->chosen) {
            if (entry->chosen.time_since_epoch().count() > 0) row->chosen = entry->chosen;
            row->written = entry->written;
            row->commit = entry->commit_id;
            if (entry->written) row->left = left;
        }
        if (entry->written) left = entry->written;
    }
    for (const service::TagView& tag : detail.tags)
        if (TagRow* row = row_of(tag.tag)) row->seen = tag.seen;
    std::erase_if(rows, [](const TagRow& row) { return !row.seen && !row.chosen && !row.written; });
    std::stable_sort(rows.begin(), rows.end(), [](const TagRow& a, const TagRow& b) { return a.first() > b.first(); });
    return rows;
}

void write_tag_legend(Html& html) {
    constexpr double k_size = 14, k_middle = k_size / 2, k_line = 20;
    const auto open_mark = [&](double width) {
        html.open("li").open("svg", {{"class", "marks"},
                                     {"aria-hidden", "true"},
                                     {"focusable", "false"},
                                     {"width", place(width)},
                                     {"height", place(k_size)}});
    };
    html.open("ul", {{"class", "legend"}});
    open_mark(k_size);
    write_seen(html, k_middle, k_middle);
    html.close().text("seen in the registry").close();
    open_mark(k_size);
    write_chosen(html, k_middle, k_middle);
    html.close().text("chosen by the policy").close();
    open_mark(k_middle + k_line + 1);
    write_written(html, k_middle, k_middle);
    write_path(html, "span", fmt::format("M{} {}h{}", k_middle, k_middle, k_line));
    html.close().text("written to Git, and there since").close();
    html.close();
}

std::vector<sys_seconds> tick_times(sys_seconds first, sys_seconds last) {
    constexpr std::int64_t k_most_ticks = 6;
    std::vector<sys_seconds> ticks;
    const std::int64_t span = std::max<std::int64_t>(1, (last - first).count());
    const auto step = std::find_if(k_steps.begin(), k_steps.end(),
                                   [&](std::chrono::seconds each) { return span / each.count() < k_most_ticks; });
    if (step == k_steps.end()) return {first, last};
    const std::int64_t begin = first.time_since_epoch().count();
    for (std::int64_t at = (begin + step->count() - 1) / step->count() * step->count();
         at <= last.time_since_epoch().count(); at += step->count())
        ticks.emplace_back(std::chrono::seconds(at));
    return ticks;
}

void write_tag_picture(Html& html, const std::vector<TagRow>& rows, const std::string& image, sys_seconds now) {
    sys_seconds first = now;
    for (const TagRow& row : rows)
        first = std::min(first, row.first());
    // Room before the first mark, and a width for what has only just begun.
    first -= std::max<std::chrono::seconds>(30s, (now - first) / 40);
    const Scale scale(first, now);
    const double bottom = k_top + k_row * static_cast<double>(rows.size());
    const std::string height = place(bottom + 24);
    html.open("svg", {{"class", "tags marks"},
                      {"role", "img"},
                      {"aria-labelledby", "tags-name tags-words"},
                      {"viewBox", fmt::format("0 0 {} {}", k_width, height)}});
    html.element("title", {{"id", "tags-name"}}, fmt::format("Tags of {} over time", image));
    html.element("desc", {{"id", "tags-words"}}, describe(rows));
    write_axis(html, scale, first, now, bottom);
    for (std::size_t i = 0; i < rows.size(); ++i)
        write_row(html, rows[i], scale, now, k_top + k_row * (static_cast<double>(i) + 0.5));
    html.close();
}

}  // namespace tidemark::mirror::web
