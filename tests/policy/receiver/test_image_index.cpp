#include <boost/test/unit_test.hpp>

#include "policy/receiver/image_index.h"

using namespace tidemark::policy;
using receiver::ImageIndex;

namespace {

struct Fixture {
    std::map<ObjectKey, ImageRepository> repositories;

    Fixture() {
        add("web", "ghcr.io/acme/web");
        add("web-mirror", "127.0.0.1:5000/acme/web");
        add("nginx", "nginx");
        add("broken", "http://x");
    }
    void add(const std::string& name, const std::string& image) {
        ImageRepository repository;
        repository.image = image;
        repositories.emplace(ObjectKey{"apps", name}, repository);
    }
    std::string find(std::vector<receiver::ImageName> images, const std::set<ObjectKey>* list = nullptr) const {
        std::string text;
        for (const ObjectKey& key : ImageIndex(repositories).find(images, list))
            text += (text.empty() ? "" : " ") + key.name;
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policy_receiver_image_index, Fixture)

BOOST_AUTO_TEST_CASE(image_is_found_by_registry_and_name) {
    BOOST_TEST(find({{"ghcr.io", "acme/web"}}) == "web");
    BOOST_TEST(find({{"index.docker.io", "library/nginx"}}) == "nginx");
    BOOST_TEST(find({{"ghcr.io", "acme/we"}, {"quay.io", "acme/web"}}) == "");
}

BOOST_AUTO_TEST_CASE(unknown_registry_means_any) {
    BOOST_TEST(find({{"", "acme/web"}}) == "web web-mirror");
}

BOOST_AUTO_TEST_CASE(list_of_the_receiver_limits_what_is_found) {
    const std::set<ObjectKey> list = {{"apps", "web-mirror"}, {"apps", "nginx"}};
    BOOST_TEST(find({{"", "acme/web"}}, &list) == "web-mirror");
    BOOST_TEST(find({{"ghcr.io", "acme/web"}}, &list) == "");
}

BOOST_AUTO_TEST_SUITE_END()
