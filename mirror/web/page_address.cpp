#include "mirror/web/page_address.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::mirror::web {
namespace {

constexpr std::size_t k_most_back = 2000;

}  // namespace

ListQuery read_page_query(const Request& request) {
    ListQuery query = read_list_query(request, k_page_limit, k_most_page_limit);
    constexpr std::uint64_t k_most_pages = 1'000'000;
    if (const std::uint64_t page = number_of(request.query_value("page"), 0); page > 0 && page <= k_most_pages)
        query.offset = (page - 1) * query.limit;
    return query;
}

std::string list_address(std::string_view path, const ListQuery& query) {
    std::string address(path);
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) address = with_pair(address, name, value);
    };
    add("q", query.text);
    add("filter", query.filter);
    if (!query.sort.empty() || query.descending) add("sort", (query.descending ? "-" : "") + query.sort);
    if (query.limit != k_page_limit) add("limit", std::to_string(query.limit));
    if (query.offset >= query.limit) add("page", std::to_string(query.offset / query.limit + 1));
    return address;
}

std::string safe_back(std::string_view address) {
    // A browser reads "//host" and "/\host" as another site's address.
    if (address.size() > k_most_back || !address.starts_with('/') || address.starts_with("//")) return "/";
    const bool strange = std::any_of(address.begin(), address.end(), [](char letter) {
        return letter <= ' ' || letter > '~' || letter == '\\' || letter == '"' || letter == '<' || letter == '>';
    });
    if (strange) return "/";
    address = address.substr(0, address.find('#'));
    const std::size_t question = address.find('?');
    std::string clean(address.substr(0, question));
    if (question == std::string_view::npos) return clean;
    for (const auto& [name, value] : parse_form(address.substr(question + 1)))
        if (name != "said") clean = with_pair(clean, name, value);
    return clean;
}

std::string with_pair(std::string_view address, std::string_view name, std::string_view value) {
    const std::size_t fragment = std::min(address.find('#'), address.size());
    const std::string_view before = address.substr(0, fragment);
    return fmt::format("{}{}{}={}{}", before, before.find('?') == std::string_view::npos ? '?' : '&', encode(name),
                       encode(value), address.substr(fragment));
}

PageRange page_range(const ListQuery& query, std::size_t items) noexcept {
    PageRange range;
    range.pages = std::max<std::size_t>(1, (items + query.limit - 1) / query.limit);
    range.page = std::min(query.offset / query.limit + 1, range.pages);
    range.first = (range.page - 1) * query.limit;
    range.last = std::min(items, range.first + query.limit);
    return range;
}

}  // namespace tidemark::mirror::web
