#include <boost/test/unit_test.hpp>

#include "mirror/web/router.h"

using namespace tidemark::mirror::web;

namespace {

Router::Match match(const Router& router, Method method, const std::string& path, std::vector<std::string>& names) {
    Request request;
    request.method = method;
    Router::Match found;
    if (split_path(path, request.path)) found = router.match(request);
    names = request.names;
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_web_router)

BOOST_AUTO_TEST_CASE(paths_are_matched_part_by_part) {
    Router router;
    for (const char* path : {"/", "/images", "/images/*/*", "/a/b"})
        router.add(Method::get, path, [](const Request&) { return Answer(); });
    const struct {
        const char* path;
        bool found;
        std::vector<std::string> names;
    } table[] = {
        {"/", true, {}},
        {"/images", true, {}},
        {"/images/", false, {}},
        {"/images/shop/web", true, {"shop", "web"}},
        {"/images/shop/we%20b", true, {"shop", "we b"}},
        {"/images/shop/a%2Fb", true, {"shop", "a/b"}},
        {"/images/shop/", false, {}},
        {"/images/../web", false, {}},
        {"/images/%2e%2e/web", false, {}},
        {"/images/shop/web/more", false, {}},
        {"//", false, {}},
        {"images", false, {}},
        {"", false, {}},
        {"/images/shop/%zz", false, {}},
        {"/images/shop/%00", false, {}},
        {"/a/b", true, {}},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", false, {}},
    };
    for (const auto& row : table) {
        BOOST_TEST_CONTEXT(row.path) {
            std::vector<std::string> names;
            BOOST_TEST((match(router, Method::get, row.path, names).handler != nullptr) == row.found);
            BOOST_TEST(names == row.names, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_method_that_is_not_there_is_told_from_a_path_that_is_not) {
    Router router;
    router.add(Method::get, "/both", [](const Request&) { return Answer(); });
    router.add(
        Method::post, "/both", [](const Request&) { return Answer(); }, 10);
    router.add(Method::post, "/only", [](const Request&) { return Answer(); });
    std::vector<std::string> names;
    BOOST_TEST(match(router, Method::head, "/both", names).handler);
    BOOST_TEST(match(router, Method::post, "/both", names).most_bytes == 10U);
    BOOST_TEST(match(router, Method::other, "/both", names).allowed == "GET, HEAD, POST");
    BOOST_TEST(!match(router, Method::get, "/only", names).handler);
    BOOST_TEST(match(router, Method::get, "/only", names).allowed == "POST");
    BOOST_TEST(match(router, Method::get, "/none", names).allowed == "");
}

BOOST_AUTO_TEST_SUITE_END()
