#include <boost/test/unit_test.hpp>

#include "mirror/web/list_query.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::web;
using service::ImageState;
using service::ImageView;

namespace {

ImageView image(const std::string& name, ImageState state, const std::string& candidate) {
    ImageView view;
    view.policy = {"shop", name};
    view.image = "registry.example/team/" + name;
    view.state = state;
    view.candidate = candidate;
    view.in_git = {"0.1.0-" + name};
    if (state == ImageState::failing) view.needs = "see to it";
    return view;
}

std::string names(const Pairs& query) {
    const std::vector<ImageView> images = {image("api", ImageState::current, "2.0.0"),
                                           image("db", ImageState::failing, ""),
                                           image("web", ImageState::held, "1.0.0")};
    Request request;
    request.query = query;
    const ListQuery read = read_list_query(request, 100, 1000);
    std::string text;
    for (const ImageView* chosen : page_of(choose_images(images, read), read))
        text += chosen->policy.name + " ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_web_list_query)

BOOST_AUTO_TEST_CASE(the_address_chooses_what_is_listed) {
    const struct {
        Pairs query;
        const char* wanted;
    } table[] = {
        {{}, "api db web "},
        {{{"q", "WEB"}}, "web "},
        {{{"q", "team/"}}, "api db web "},
        {{{"q", "2.0"}}, "api "},
        {{{"q", "0.1.0-db"}}, "db "},
        {{{"q", "none"}}, ""},
        {{{"filter", "needs"}}, "db "},
        {{{"filter", "held"}}, "web "},
        {{{"filter", "no such state"}}, ""},
        {{{"sort", "state"}}, "db web api "},
        {{{"sort", "-name"}}, "web db api "},
        {{{"sort", "candidate"}}, "db web api "},
        {{{"limit", "1"}, {"offset", "1"}}, "db "},
        {{{"offset", "7"}}, ""},
        {{{"limit", "0"}}, "api "},
        {{{"limit", "-3"}, {"offset", "x"}}, "api db web "},
        {{{"limit", "99999999999999999999999"}}, "api db web "},
    };
    for (const auto& row : table)
        BOOST_TEST(names(row.query) == row.wanted);
}

BOOST_AUTO_TEST_SUITE_END()
