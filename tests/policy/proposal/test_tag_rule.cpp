#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/proposal/tag_rule.h"

using namespace tidemark::policy;
using namespace tidemark::policy::proposal;

namespace {

struct Case {
    std::string tag;
    std::string text;                 // of the rule, or a part of why there is none
    std::vector<std::string> takes;   // other tags of its kind
    std::vector<std::string> leaves;  // tags of another kind
};

/// What the rule chooses among these.
std::string choice(const std::string& tag, const std::vector<std::string_view>& tags) {
    const auto rule = rule_for_tag(tag);
    BOOST_REQUIRE(rule.ok());
    const auto chosen = Selection::compile(rule->selection)->choose(tags);
    const auto* selected = std::get_if<Selected>(&chosen);
    return selected ? selected->tag : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_proposal_tag_rule)

BOOST_AUTO_TEST_CASE(tag_in_use_says_which_tags_come_after_it) {
    const std::vector<Case> cases = {
        {"1.25.1", ">=1.25.1 <2", {"1.25.1", "1.99.0"}, {"1.25.0", "2.0.0", "1.26.0-rc.1", "latest"}},
        {"v1.25.1", ">=1.25.1 <2", {"v1.25.1", "v1.26.0"}, {"v2.0.0"}},
        {"0.4.2", ">=0.4.2 <0.5", {"0.4.9"}, {"0.5.0", "1.0.0"}},
        {"2026.01.15", ">=2026.1.15", {"2026.02.01", "2027.01.01"}, {"2025.12.31"}},
        {"1.2.3-rc.1", ">=1.2.3-rc.1 <2.0.0-0", {"1.2.3-rc.2", "1.2.3", "1.3.0"}, {"2.0.0-rc.1", "2.0.0"}},
        {"0.4.2-beta.3", ">=0.4.2-beta.3 <0.5.0-0", {"0.4.2"}, {"0.5.0-beta.1"}},
        {"7.2.4-alpine",
         ">=7.2.4 <8, tags that end in -alpine",
         {"7.4.0-alpine"},
         {"7.4.0", "7.4.0-alpine3.20", "8.0.0-alpine"}},
        {"3.1.4-alpine3.20", ">=3.1.4 <4, tags that end in -alpine3.20", {"3.2.0-alpine3.20"}, {"3.2.0-alpine3520"}},
        {"2.3.4-debian-12-r7",
         ">=2.3.4-7 <3.0.0-0, tags like 2.3.4-debian-12-rNUMBER",
         {"2.3.4-debian-12-r10", "2.4.0-debian-12-r0"},
         {"2.3.4-debian-12-r6", "2.3.4-debian-11-r8", "3.0.0-debian-12-r0", "2.4.0"}},
        {"1.2.3-20261121", ">=1.2.3-20261121 <2.0.0-0, tags like 1.2.3-NUMBER", {"1.2.3-20261122"}, {"1.2.3-20261120"}},
        {"1.2.3-3f2a91c", ">=1.2.3 <2, tags like 1.2.3-COMMIT", {"1.3.0-aaaaaaa"}, {"1.3.0", "2.0.0-aaaaaaa"}},
        {"15.4", "tags like 15.NUMBER, the highest NUMBER", {"15.12"}, {"16.0", "15.4.1", "15.4-alpine"}},
        {"3.19-slim", "tags like 3.NUMBER-slim, the highest NUMBER", {"3.20-slim"}, {"3.20", "4.0-slim"}},
        {"main-3f2a91c-1732176000",
         "tags like main-COMMIT-NUMBER, the highest NUMBER",
         {"main-aaaaaaa-1732176001"},
         {"dev-aaaaaaa-1732176001", "main-1732176001"}},
        {"20261121093000-3f2a91c",
         "tags like NUMBER-COMMIT, the highest NUMBER",
         {"20261121093001-0123456"},
         {"latest"}},
        {"build-7", "tags like build-NUMBER, the highest NUMBER", {"build-12"}, {"7"}},
        {"main-1234", "tags like main-NUMBER, the highest NUMBER", {"main-9999"}, {"dev-9999"}},
        {"20261121", "tags like NUMBER, the highest NUMBER", {"20261122"}, {"v20261122"}},
        {"RELEASE.2026-01-16T16-07-38Z",
         "tags like RELEASE.DATETIME, the latest",
         {"RELEASE.2026-11-01T00-00-00Z"},
         {"RELEASE.2026-11-01T00-00-00Z.hotfix", "2026-11-01"}},
        {"2026-01-16", "tags like DATE, the latest", {"2026-11-01"}, {"2026-11-01T00-00-00Z"}},
    };
    for (const Case& one : cases) {
        const auto rule = rule_for_tag(one.tag);
        BOOST_REQUIRE_MESSAGE(rule.ok(), one.tag << ": " << (rule.ok() ? "" : rule.message()));
        BOOST_TEST(rule->text == one.text, one.tag << ": " << rule->text);
        BOOST_TEST(takes_tag(rule->selection, one.tag), one.tag);
        for (const std::string& tag : one.takes)
            BOOST_TEST(takes_tag(rule->selection, tag), one.tag << " leaves " << tag);
        for (const std::string& tag : one.leaves)
            BOOST_TEST(!takes_tag(rule->selection, tag), one.tag << " takes " << tag);
    }
}

BOOST_AUTO_TEST_CASE(tag_without_successors_says_why) {
    for (const auto& [tag, why] : std::vector<std::pair<std::string, std::string>>{
             {"latest", "latest is a name that moves by itself"},
             {"stable-alpine", "a name that moves by itself"},
             {"15", "15 moves along with every release of it"},
             {"v3", "v3 moves along"},
             {"3-slim", "3-slim moves along"},
             {"3f2a91c", "3f2a91c is a commit's id"},
             {"sha-3f2a91c0", "a commit's id"},
             {"facade1", "a commit's id"},
             {"facades", "a name that moves by itself"},
             {"", "moves by itself"},
         }) {
        const auto rule = rule_for_tag(tag);
        BOOST_REQUIRE_MESSAGE(!rule.ok(), tag);
        BOOST_TEST(rule.message().find(why) != std::string::npos, tag << ": " << rule.message());
    }
}

BOOST_AUTO_TEST_CASE(highest_of_its_kind_is_chosen) {
    BOOST_TEST(choice("1.25.1", {"1.25.1", "1.26.0", "2.0.0", "latest", "1.27.0-alpine"}) == "1.26.0");
    BOOST_TEST(choice("2.3.4-debian-12-r7", {"2.3.4-debian-12-r7", "2.3.4-debian-12-r12", "2.3.4-debian-12-r9"}) ==
               "2.3.4-debian-12-r12");
    BOOST_TEST(choice("15.4", {"15.4", "15.10", "15.9", "16.1", "15"}) == "15.10");
    BOOST_TEST(choice("main-3f2a91c-1732176000", {"main-3f2a91c-1732176000", "main-aaaaaaa-1732186000"}) ==
               "main-aaaaaaa-1732186000");
}

BOOST_AUTO_TEST_SUITE_END()
