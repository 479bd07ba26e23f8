#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/version/version.h"

using namespace tidemark::policy;

namespace {

std::string read(std::string_view text) {
    const auto version = parse_version(text);
    return version ? canonical(*version) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_version)

BOOST_AUTO_TEST_CASE(loose_versions_are_filled_up) {
    BOOST_TEST(read("1") == "1.0.0");
    BOOST_TEST(read("v1.2") == "1.2.0");
    BOOST_TEST(read("v2025.07.03") == "2025.7.3");
    BOOST_TEST(read("1-a.b.c") == "1.0.0-a.b.c");
    BOOST_TEST(read("1.25-alpine3.18+b.01") == "1.25.0-alpine3.18+b.01");
    BOOST_TEST(read("18446744073709551615.0.0") == "18446744073709551615.0.0");
}

BOOST_AUTO_TEST_CASE(what_is_no_version_is_refused) {
    for (std::string_view text :
         {"", "v", "V1.2.3", "1.2.3.4", " 1.2.3", "1.2.3 ", "1.", "1.2.", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3+",
          "1.2.3+a+b", "1.2.3_a", "18446744073709551616.0.0", "a.b.c"}) {
        BOOST_TEST(read(text) == "none", text);
    }
    BOOST_TEST(read("1.2.3-" + std::string(250, 'a')) != "none");
    BOOST_TEST(read("1.2.3-" + std::string(251, 'a')) == "none");
}

BOOST_AUTO_TEST_CASE(leading_zeros_are_refused_in_numeric_prerelease_identifiers_only) {
    BOOST_TEST(read("01.02.03") == "1.2.3");
    BOOST_TEST(read("1.2.3-01a") == "1.2.3-01a");
    BOOST_TEST(read("1.2.3-0+01") == "1.2.3-0+01");
    BOOST_TEST(read("1.2.3-a.01") == "none");
}

BOOST_AUTO_TEST_CASE(tag_needs_two_dots_anywhere) {
    BOOST_TEST(!parse_version_tag("1").has_value());
    BOOST_TEST(!parse_version_tag("1.2").has_value());
    BOOST_TEST(parse_version_tag("1.2.3").has_value());
    BOOST_TEST(parse_version_tag("1.25-alpine3.18").has_value());
    BOOST_TEST(!parse_version_tag("1-alpine3.18").has_value());
}

BOOST_AUTO_TEST_CASE(version_keeps_what_was_written) {
    const auto version = parse_version("v1.02.3-rc.1+b");
    BOOST_TEST_REQUIRE(version.has_value());
    BOOST_TEST(version->original == "v1.02.3-rc.1+b");
    BOOST_TEST(version->prerelease == "rc.1");
    BOOST_TEST(version->metadata == "b");
}

BOOST_AUTO_TEST_CASE(prerelease_sorts_before_release) {
    const std::vector<std::string_view> ascending{"0.9.9",
                                                  "1.0.0-1",
                                                  "1.0.0-2",
                                                  "1.0.0-10",
                                                  "1.0.0-18446744073709551615",
                                                  "1.0.0-18446744073709551616",
                                                  "1.0.0-RC",
                                                  "1.0.0-alpha",
                                                  "1.0.0-alpha.1",
                                                  "1.0.0-alpha.beta",
                                                  "1.0.0-beta.2",
                                                  "1.0.0-beta.11",
                                                  "1.0.0",
                                                  "1.0.1-0",
                                                  "1.10.0"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            const auto order = compare(*parse_version(ascending[i]), *parse_version(ascending[j]));
            BOOST_TEST((order == (i <=> j)), ascending[i] << " against " << ascending[j]);
        }
    }
}

BOOST_AUTO_TEST_CASE(metadata_counts_for_nothing) {
    BOOST_TEST((compare(*parse_version("1.0.0+a"), *parse_version("v1.0.0+b")) == 0));
}

BOOST_AUTO_TEST_SUITE_END()
