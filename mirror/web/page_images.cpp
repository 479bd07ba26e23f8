// The table of images: searched, filtered, sorted and cut into pages by the address.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

using service::ImageState;
using service::ImageView;
using service::Views;

constexpr std::array<ImageState, 8> k_states = {ImageState::failing, ImageState::stale,    ImageState::held,
                                                ImageState::behind,  ImageState::unmarked, ImageState::suspended,
                                                ImageState::waiting, ImageState::current};

struct Column {
    std::string_view key, words;  // no key: not sorted by
};
constexpr std::array<Column, 7> k_columns = {{
    {"name", "Image"},
    {"state", "State"},
    {"git", "In Git"},
    {"candidate", "Candidate"},
    {"newest", "Newest"},
    {"", "Held"},
    {"scanned", "Last scan"},
}};

void write_filters(Html& html, const ListQuery& query, const Views& views) {
    html.open("form", {{"class", "filters"},
                       {"method", "get"},
                       {"action", "/"},
                       {"role", "search"},
                       {"aria-label", "Images"},
                       {"data-live", "images-list"}});
    html.open("div").element("label", {{"for", "q"}}, "Search");
    html.leaf("input", {{"type", "search"},
                        {"id", "q"},
                        {"name", "q"},
                        {"value", query.text},
                        {"autocomplete", "off"},
                        {"spellcheck", "false"},
                        {"maxlength", "200"}});
    html.close().open("div").element("label", {{"for", "filter"}}, "State");
    html.open("select", {{"id", "filter"}, {"name", "filter"}});
    html.element("option", {{"value", ""}}, "any");
    html.element("option", {{"value", "needs"}, {query.filter == "needs" ? "selected" : "", ""}}, "needs you");
    for (const ImageState state : k_states) {
        const auto count = std::count_if(views.images.begin(), views.images.end(),
                                         [&](const ImageView& image) { return image.state == state; });
        const std::string_view word = to_string(state);
        html.element("option", {{"value", word}, {query.filter == word ? "selected" : "", ""}},
                     fmt::format("{} ({})", word, count));
    }
    html.close().close();
    const std::string sort = (query.descending ? "-" : "") + query.sort;
    if (!sort.empty()) html.leaf("input", {{"type", "hidden"}, {"name", "sort"}, {"value", sort}});
    if (query.limit != k_page_limit)
        html.leaf("input", {{"type", "hidden"}, {"name", "limit"}, {"value", std::to_string(query.limit)}});
    html.element("button", "Show");
    if (!query.text.empty() || !query.filter.empty()) html.element("a", {{"href", "/#images"}}, "Show all");
    html.close();
}

void write_head(Html& html, const ListQuery& query) {
    html.open("thead").open("tr");
    const std::string_view sorted = query.sort.empty() ? "name" : std::string_view(query.sort);
    for (const Column& column : k_columns) {
        if (column.key.empty()) {
            html.element("th", {{"scope", "col"}}, column.words);
            continue;
        }
        const bool here = column.key == sorted;
        html.open("th", {{"scope", "col"}, {here ? "aria-sort" : "", query.descending ? "descending" : "ascending"}});
        ListQuery other = query;
        other.offset = 0;
        other.sort = column.key;
        other.descending = here && !query.descending;
        html.open("a", {{"href", list_address("/", other) + "#images"}}).text(column.words);
        if (here) html.element("span", {{"aria-hidden", "true"}}, query.descending ? " ↓" : " ↑");
        html.close().close();
    }
    html.close().close();
}

void write_cell(Html& html, std::string_view label, std::string_view content) {
    html.open("td", {{"data-label", label}, {content.empty() ? "class" : "", "none"}});
    if (content.empty()) {
        html.element("span", {{"class", "quiet"}}, "-");
    } else {
        html.element("span", {{"class", "tag"}}, content);
    }
    html.close();
}

/// Chosen and nowhere in Git is worth a word: nothing is written for it.
void write_in_git(Html& html, const ImageView& image) {
    if (image.in_git.empty() && !image.candidate.empty()) {
        html.open("td", {{"data-label", "In Git"}}).element("span", {{"class", "quiet"}}, "none found").close();
        return;
    }
    std::string tags;
    constexpr std::size_t k_tags = 3;
    for (std::size_t i = 0; i < std::min(image.in_git.size(), k_tags); ++i)
        tags += (i > 0 ? ", " : "") + image.in_git[i];
    if (image.in_git.size() > k_tags) tags += fmt::format(" and {} more", image.in_git.size() - k_tags);
    write_cell(html, "In Git", tags);
}

void write_row(Html& html, const ImageView& image, std::chrono::sys_seconds now) {
    html.open("tr").open("th", {{"scope", "row"}});
    write_object(html, policy::ObjectKind::image_policy, image.policy);
    if (!image.image.empty()) html.text(" ").element("span", {{"class", "below"}}, image.image);
    html.close().open("td", {{"data-label", "State"}});
    write_state(html, image.state);
    html.close();
    write_in_git(html, image);
    write_cell(html, "Candidate", image.candidate);
    write_cell(html, "Newest", image.newest);
    html.open("td", {{"data-label", "Held"}, {image.held.empty() ? "class" : "", "none"}});
    if (image.held.empty()) {
        html.element("span", {{"class", "quiet"}}, "-");
    } else {
        html.element("span", {{"class", "why"}}, image.held);
        if (image.held_until && !image.pin) {
            html.text(", until ");
            write_time(html, image.held_until, now);
        }
    }
    html.close().open("td", {{"data-label", "Last scan"}, {"class", "when"}});
    write_time(html, image.scanned, now);
    html.close().close();
}

}  // namespace

void write_image_table(Html& html, const PageCall& call, const Views& views) {
    const ListQuery query = read_page_query(call.request);
    html.open("section", {{"id", "images"}});
    html.element("h2", "Images");
    if (views.images.empty()) {
        html.element("p",
                     "There is no ImagePolicy among the objects yet. tidemark init proposes some for a repository.");
        html.close();
        return;
    }
    write_filters(html, query, views);
    const std::vector<const ImageView*> chosen = choose_images(views.images, query);
    const PageRange range = page_range(query, chosen.size());
    html.open("div", {{"id", "images-list"}});
    if (chosen.empty()) {
        html.element("p", {{"id", "images-count"}}, "No image is like that.");
    } else {
        open_wide(html, "Images");
        html.open("table", {{"class", "cards"}});
        html.element(
            "caption", {{"id", "images-count"}},
            chosen.size() == views.images.size()
                ? fmt::format("{} to {} of {}", range.first + 1, range.last, count_text(chosen.size(), "image"))
                : fmt::format("{} to {} of {}, of {} in all", range.first + 1, range.last,
                              count_text(chosen.size(), "image"), views.images.size()));
        write_head(html, query);
        html.open("tbody");
        for (std::size_t i = range.first; i < range.last; ++i)
            write_row(html, *chosen[i], views.now);
        html.close().close().close();
        write_page_links(html, "/", query, range);
    }
    html.close().close();
}

}  // namespace tidemark::mirror::web
