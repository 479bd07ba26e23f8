#include "mirror/web/list_query.h"

#include <algorithm>
#include <charconv>

namespace tidemark::mirror::web {
namespace {

using service::ImageView;

char small(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool fits(const ImageView& image, const ListQuery& query) {
    if (query.filter == "needs") {
        if (image.needs.empty()) return false;
    } else if (!query.filter.empty() && to_string(image.state) != query.filter) {
        return false;
    }
    if (query.text.empty()) return true;
    return contains(query.text, {image.policy.to_string(), image.image, image.candidate, image.newest}) ||
           std::any_of(image.in_git.begin(), image.in_git.end(),
                       [&](const std::string& tag) { return contains(query.text, {tag}); });
}

/// Whether `a` goes before `b` by that column.
bool before(const ImageView& a, const ImageView& b, const std::string& column) {
    if (column == "state") return a.state < b.state;
    if (column == "image") return a.image < b.image;
    if (column == "git") return a.in_git < b.in_git;
    if (column == "candidate") return a.candidate < b.candidate;
    if (column == "newest") return a.newest < b.newest;
    if (column == "scanned") return a.scanned < b.scanned;
    return a.policy < b.policy;
}

}  // namespace

std::uint64_t number_of(std::string_view text, std::uint64_t otherwise) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : otherwise;
}

bool contains(std::string_view part, std::initializer_list<std::string_view> texts) {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
        return std::search(text.begin(), text.end(), part.begin(), part.end(),
                           [](char a, char b) { return small(a) == small(b); }) != text.end() ||
               part.empty();
    });
}

ListQuery read_list_query(const Request& request, std::size_t limit, std::size_t most) {
    ListQuery query;
    query.text = request.query_value("q");
    query.filter = request.query_value("filter");
    query.sort = request.query_value("sort");
    if (query.sort.starts_with('-')) {
        query.descending = true;
        query.sort.erase(0, 1);
    }
    query.offset = number_of(request.query_value("offset"), 0);
    query.limit = std::clamp<std::size_t>(number_of(request.query_value("limit"), limit), 1, most);
    return query;
}

std::vector<const ImageView*> choose_images(const std::vector<ImageView>& images, const ListQuery& query) {
    std::vector<const ImageView*> chosen;
    for (const ImageView& image : images)
        if (fits(image, query)) chosen.push_back(&image);
    if (!query.sort.empty() || query.descending)
        std::stable_sort(chosen.begin(), chosen.end(), [&](const ImageView* a, const ImageView* b) {
            return query.descending ? before(*b, *a, query.sort) : before(*a, *b, query.sort);
        });
    return chosen;
}

}  // namespace tidemark::mirror::web
