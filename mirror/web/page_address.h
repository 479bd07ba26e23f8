// What of a list is asked for in a page's address, and addresses made of it. Everything in them is hostile. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mirror/web/exchange.h"
#include "mirror/web/list_query.h"

namespace tidemark::mirror::web {

/// The page's form of a list's query: `page` counts from one, and goes before `offset`.
ListQuery read_page_query(const Request& request);
constexpr std::size_t k_page_limit = 200;
constexpr std::size_t k_most_page_limit = 1000;

/// "/?q=web&page=2": only what differs from the defaults.
std::string list_address(std::string_view path, const ListQuery& query);

/// The address of a page of ours to go back to, without an older answer in it (`said`); "/" for anything else.
std::string safe_back(std::string_view address);

/// `address` with one more pair in its query, before the fragment.
std::string with_pair(std::string_view address, std::string_view name, std::string_view value);

/// Where `items` of a list begin and end that this page shows; the page is moved to the last one there is.
struct PageRange {
    std::size_t first = 0, last = 0, page = 1, pages = 1;
};
PageRange page_range(const ListQuery& query, std::size_t items) noexcept;

}  // namespace tidemark::mirror::web
