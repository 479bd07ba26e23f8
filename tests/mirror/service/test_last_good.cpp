#include <boost/test/unit_test.hpp>

#include "mirror/service/last_good.h"

using namespace tidemark::mirror::service;
using tidemark::policy::Findings;
using tidemark::policy::ObjectSet;
using tidemark::policy::SourceText;

namespace {

std::string repository(const std::string& name, const std::string& image, const std::string& interval = "5m") {
    return "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {image: " + image + ", interval: " + interval + "}\n";
}

struct Reading {
    ObjectSet objects;
    Findings findings;
    std::vector<SourceText> texts;

    std::string image(const std::string& name) const {
        const auto found = objects.image_repositories.find({"shop", name});
        return found == objects.image_repositories.end() ? "" : found->second.image;
    }
};

Reading read(LastGood& last_good, std::vector<SourceText> texts, const Findings& unreadable = {}) {
    Reading reading;
    reading.texts = std::move(texts);
    reading.objects = last_good.read("folders", reading.texts, unreadable, reading.findings);
    return reading;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_last_good)

BOOST_AUTO_TEST_CASE(a_broken_edit_leaves_the_file_as_it_was_and_takes_the_others) {
    const std::string k_broken[] = {"spec: [\n", repository("web", "reg.test/other", "soon"),
                                    repository("web", "reg.test/other") + "  nonsense: {\n"};
    for (const std::string& broken : k_broken) {
        LastGood last_good;
        read(last_good,
             {{"web.yaml", repository("web", "reg.test/web")}, {"api.yaml", repository("api", "reg.test/api")}});
        const Reading after = read(last_good, {{"web.yaml", broken}, {"api.yaml", repository("api", "reg.test/api2")}});
        BOOST_TEST(after.image("web") == "reg.test/web", broken);
        BOOST_TEST(after.image("api") == "reg.test/api2", broken);
        BOOST_REQUIRE(!after.findings.empty());
        BOOST_TEST(after.findings[0].place.file == "web.yaml");
        BOOST_TEST(after.findings[0].message.ends_with("stays in use"));
    }
}

BOOST_AUTO_TEST_CASE(the_good_text_stands_through_any_number_of_broken_ones) {
    LastGood last_good;
    read(last_good, {{"web.yaml", repository("web", "reg.test/web")}});
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(read(last_good, {{"web.yaml", "a: [\n"}}).image("web") == "reg.test/web");
    const Reading mended = read(last_good, {{"web.yaml", repository("web", "reg.test/web3")}});
    BOOST_TEST(mended.image("web") == "reg.test/web3");
    BOOST_TEST(mended.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_never_good_is_read_as_it_is) {
    LastGood last_good;
    const Reading first = read(last_good, {{"web.yaml", repository("web", "reg.test/web", "soon")}});
    BOOST_TEST(first.findings.empty());
    BOOST_TEST(!first.objects.image_repositories.at({"shop", "web"}).metadata.valid());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_gone_takes_its_objects_along) {
    LastGood last_good;
    read(last_good, {{"web.yaml", repository("web", "reg.test/web")}});
    BOOST_TEST(read(last_good, {}).image("web").empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_for_a_while_stays) {
    LastGood last_good;
    read(last_good, {{"web.yaml", repository("web", "reg.test/web")}});
    Findings unreadable(1);
    unreadable[0].place.file = "web.yaml";
    BOOST_TEST(read(last_good, {}, unreadable).image("web") == "reg.test/web");
    BOOST_TEST(read(last_good, {}, unreadable).image("web") == "reg.test/web");
}

BOOST_AUTO_TEST_CASE(files_of_one_name_from_two_repositories_are_kept_apart) {
    LastGood last_good;
    read(last_good,
         {{"apps.yaml", repository("web", "reg.test/web")}, {"apps.yaml", repository("api", "reg.test/api")}});
    const Reading after = read(last_good, {{"apps.yaml", repository("web", "reg.test/web")}, {"apps.yaml", "a: [\n"}});
    BOOST_TEST(after.image("web") == "reg.test/web");
    BOOST_TEST(after.image("api") == "reg.test/api");
}

BOOST_AUTO_TEST_SUITE_END()
