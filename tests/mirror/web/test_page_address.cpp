#include <string>

#include <boost/test/unit_test.hpp>

#include "mirror/web/page_address.h"

namespace tidemark::mirror::web {
namespace {

Request asked(std::string_view query) {
    Request request;
    request.query = parse_form(query);
    return request;
}

BOOST_AUTO_TEST_SUITE(page_address)

BOOST_AUTO_TEST_CASE(one_goes_back_only_to_our_own_pages) {
    struct Case {
        std::string given, wanted;
    };
    const Case cases[] = {
        {"/", "/"},
        {"/images/flux-system/web", "/images/flux-system/web"},
        {"/?q=web&page=2#images", "/?q=web&page=2"},
        {"/events?object=a%2Fb&said=7", "/events?object=a%2Fb"},
        {"", "/"},
        {"images", "/"},
        {"//evil.test/", "/"},
        {"/\\evil.test", "/"},
        {"https://evil.test/", "/"},
        {"javascript:alert(1)", "/"},
        {"/a\r\nSet-Cookie: x=y", "/"},
        {"/\xe2\x80\xae", "/"},
        {"/a b", "/"},
        {"/<script>", "/"},
        {"/" + std::string(5000, 'a'), "/"},
    };
    for (const Case& each : cases)
        BOOST_TEST(safe_back(each.given) == each.wanted);
}

BOOST_AUTO_TEST_CASE(an_address_says_what_a_list_shows_and_is_read_again) {
    struct Case {
        std::string query, wanted;
    };
    const Case cases[] = {
        {"", "/"},
        {"q=web&filter=held&sort=-newest&limit=20&page=3", "/?q=web&filter=held&sort=-newest&limit=20&page=3"},
        {"page=1&limit=200", "/"},
        {"page=0", "/"},
        {"page=-1", "/"},
        {"page=99999999999999999999", "/"},
        {"page=1000001", "/"},
        {"limit=0", "/?limit=1"},
        {"limit=100000", "/?limit=1000"},
        {"limit=200&offset=400", "/?page=3"},
        {"q=a%26b%3Dc", "/?q=a%26b%3Dc"},
    };
    for (const Case& each : cases) {
        const std::string address = list_address("/", read_page_query(asked(each.query)));
        BOOST_TEST(address == each.wanted, each.query << " gives " << address);
    }
}

BOOST_AUTO_TEST_CASE(a_page_beyond_the_last_is_the_last) {
    struct Case {
        std::string query;
        std::size_t items, first, last, page, pages;
    };
    const Case cases[] = {
        {"", 0, 0, 0, 1, 1},
        {"", 200, 0, 200, 1, 1},
        {"", 201, 0, 200, 1, 2},
        {"page=2", 201, 200, 201, 2, 2},
        {"page=900", 201, 200, 201, 2, 2},
        {"limit=1000&page=10", 10'000, 9'000, 10'000, 10, 10},
    };
    for (const Case& each : cases) {
        const PageRange range = page_range(read_page_query(asked(each.query)), each.items);
        BOOST_TEST(range.first == each.first);
        BOOST_TEST(range.last == each.last);
        BOOST_TEST(range.page == each.page);
        BOOST_TEST(range.pages == each.pages);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::mirror::web
