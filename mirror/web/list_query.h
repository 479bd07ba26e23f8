// What a list was asked to show: the part of the address after the question mark, for page and API alike.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/service/view.h"
#include "mirror/web/exchange.h"

namespace tidemark::mirror::web {

struct ListQuery {
    std::string text;    // q: in small letters
    std::string filter;  // a state, or "needs"
    std::string sort;    // a column; empty: by name
    bool descending = false;
    std::size_t offset = 0;
    std::size_t limit = 0;
};

/// Numbers that are none count as missing; `limit` is at most `most`.
ListQuery read_list_query(const Request& request, std::size_t limit, std::size_t most);

/// Whether one of the texts has `part`, capitals or not; an empty part is everywhere.
bool contains(std::string_view part, std::initializer_list<std::string_view> texts);

/// Those that fit, in the order asked for, whatever the limit is.
std::vector<const service::ImageView*> choose_images(const std::vector<service::ImageView>& images,
                                                     const ListQuery& query);

/// The range that `offset` and `limit` choose.
template <class Item>
std::vector<Item> page_of(const std::vector<Item>& items, const ListQuery& query) {
    const std::size_t begin = std::min(query.offset, items.size());
    const std::size_t end = begin + std::min(query.limit, items.size() - begin);
    return {items.begin() + static_cast<std::ptrdiff_t>(begin), items.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// Digits only; `otherwise` for anything else.
std::uint64_t number_of(std::string_view text, std::uint64_t otherwise);

}  // namespace tidemark::mirror::web
