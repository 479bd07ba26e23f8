#include <utility>

#include <boost/test/unit_test.hpp>

#include "policy/image/reference.h"

using namespace tidemark::policy;

namespace {

const std::string k_digest = "sha256:" + std::string(64, 'a');

std::string weakly(std::string_view text) {
    const auto reference = parse_image_reference(text);
    if (!reference) return "error";
    const char* joint = reference->kind == IdentifierKind::tag ? ":" : "@";
    return reference->name.canonical() + joint + reference->identifier;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_image_reference)

BOOST_AUTO_TEST_CASE(what_is_left_out_is_filled_in) {
    BOOST_TEST(weakly("nginx") == "index.docker.io/library/nginx:latest");
    BOOST_TEST(weakly("docker.io/nginx:1") == "index.docker.io/library/nginx:1");
    BOOST_TEST(weakly("org/app") == "index.docker.io/org/app:latest");
    BOOST_TEST(weakly("ghcr.io/org/app:v1") == "ghcr.io/org/app:v1");
    BOOST_TEST(weakly("127.0.0.1:5000/app") == "127.0.0.1:5000/app:latest");
    BOOST_TEST(weakly("localhost/app") == "index.docker.io/localhost/app:latest");
}

BOOST_AUTO_TEST_CASE(tag_before_a_digest_is_dropped) {
    BOOST_TEST(weakly("ghcr.io/org/app:v1@" + k_digest) == "ghcr.io/org/app@" + k_digest);
    BOOST_TEST(weakly("nginx@" + k_digest) == "index.docker.io/library/nginx@" + k_digest);
    BOOST_TEST(weakly("nginx:a b@" + k_digest) == "error");
}

BOOST_AUTO_TEST_CASE(malformed_references_are_refused) {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("Nginx"), std::string("nginx:"), std::string("ghcr.io/"),
          std::string("nginx@sha256:abc"), "nginx@" + std::string(71, 'a'), std::string("http://localhost:5000/app"),
          std::string("host:abc/app"), std::string("[::1/app"), std::string("[1.2.3.4]/app"), std::string("a b.c/app"),
          "nginx@" + k_digest + "@" + k_digest, "nginx:" + std::string(129, 'a')}) {
        BOOST_TEST(weakly(text) == "error", text);
    }
}

BOOST_AUTO_TEST_CASE(strict_reading_wants_everything_written) {
    BOOST_TEST(parse_image_reference_strictly("ghcr.io/org/app:v1").ok());
    BOOST_TEST(parse_image_reference_strictly("docker.io/library/nginx:1").ok());
    BOOST_TEST(!parse_image_reference_strictly("ghcr.io/org/app").ok());
    BOOST_TEST(!parse_image_reference_strictly("docker.io/nginx:1").ok());
    BOOST_TEST(!parse_image_reference_strictly("library/nginx:1").ok());
}

BOOST_AUTO_TEST_CASE(repository_name_has_neither_scheme_nor_tag) {
    BOOST_TEST(parse_repository_name("127.0.0.1:5000/app").value().canonical() == "127.0.0.1:5000/app");
    BOOST_TEST(parse_repository_name("https://ghcr.io/app").message() ==
               "image 'https://ghcr.io/app' should not include URL scheme; remove 'https://'");
    BOOST_TEST(parse_repository_name("ghcr.io/app:v1").message() ==
               "image 'ghcr.io/app:v1' should not include a tag; remove ':v1'");
    BOOST_TEST(!parse_repository_name("ghcr.io/app@" + k_digest).ok());
}

BOOST_AUTO_TEST_CASE(bare_repository_says_which_rule_is_broken) {
    BOOST_TEST(parse_bare_repository("https://ghcr.io/org/app").ok());
    BOOST_TEST(parse_bare_repository("a").message() == "repository must be between 2 and 255 characters in length: a");
    BOOST_TEST(parse_bare_repository("localhost:abc/app").message() ==
               "registries must be valid RFC 3986 URI authorities: localhost:abc");
}

BOOST_AUTO_TEST_CASE(private_and_loopback_registries_are_tried_by_http) {
    for (std::string_view registry : {"10.1.2.3:5000", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1:5000",
                                      "localhost:5000", "[::1]:5000", "a.localhost", "a.localhost:5000"}) {
        BOOST_TEST(scheme_of(registry) == "http", registry);
    }
    for (std::string_view registry : {"ghcr.io", "172.32.0.1", "11.0.0.1", "index.docker.io", "a.localhost:123456",
                                      "a.localhost.b", "192.169.0.1", ""}) {
        BOOST_TEST(scheme_of(registry) == "https", registry);
    }
}

BOOST_AUTO_TEST_CASE(names_of_one_registry_are_one) {
    const std::pair<const char*, const char*> rows[] = {
        {"docker.io", "index.docker.io"},
        {"index.docker.io", "index.docker.io"},
        {"registry-1.docker.io", "index.docker.io"},
        {"Docker.IO:443", "index.docker.io"},
        {"auth.docker.io", "auth.docker.io"},
        {"GHCR.io:443", "ghcr.io"},
        {"ghcr.io:4430", "ghcr.io:4430"},
        {"127.0.0.1:5000", "127.0.0.1:5000"},
    };
    for (const auto& [name, identity] : rows)
        BOOST_TEST(registry_identity(name) == identity);
}

BOOST_AUTO_TEST_SUITE_END()
