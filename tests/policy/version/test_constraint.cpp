#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/version/constraint.h"

using namespace tidemark::policy;

namespace {

bool admits(std::string_view range, std::string_view version) {
    const auto constraint = Constraint::parse(range);
    BOOST_TEST_REQUIRE(constraint.ok(), range);
    return constraint->check(parse_version(version).value());
}

struct Row {
    std::string_view range;
    std::vector<std::string_view> inside;
    std::vector<std::string_view> outside;
};

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (std::string_view version : row.inside)
            BOOST_TEST(admits(row.range, version), row.range << " " << version);
        for (std::string_view version : row.outside) {
            BOOST_TEST(!admits(row.range, version), row.range << " " << version);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_constraint)

BOOST_AUTO_TEST_CASE(each_operator_draws_its_line) {
    check({
        {"1.2.3", {"1.2.3", "v1.2.3+b"}, {"1.2.4", "1.2.2"}},
        {"=1.2", {"1.2.0", "1.2.9"}, {"1.3.0"}},
        {"!=1.2.3", {"1.2.4"}, {"1.2.3"}},
        {"!=1.2", {"1.3.0", "2.2.0"}, {"1.2.0"}},
        {">1.2", {"1.3.0", "2.0.0"}, {"1.2.9"}},
        {">=1.2 <2", {"1.2.0", "1.99.0"}, {"1.1.9", "2.0.0"}},
        {"=>1.2", {"1.2.0"}, {"1.1.0"}},
        {"<=1", {"1.9.9"}, {"2.0.0"}},
        {"=<1.2.3", {"1.2.3"}, {"1.2.4"}},
        {"~1.2.3", {"1.2.3", "1.2.9"}, {"1.3.0", "1.2.2"}},
        {"~>1", {"1.9.0"}, {"2.0.0"}},
        {"^1.2.3", {"1.2.3", "1.9.0"}, {"2.0.0", "1.2.2"}},
        {"^0.2.3", {"0.2.4"}, {"0.3.0"}},
        {"^0.0.3", {"0.0.3"}, {"0.0.4"}},
    });
}

BOOST_AUTO_TEST_CASE(wildcards_open_what_follows_them) {
    check({
        {"*", {"0.0.0", "9.9.9"}, {}},
        {"1.x", {"1.0.0", "1.9.0"}, {"2.0.0"}},
        {"1.x.5", {"1.0.0"}, {"2.0.0"}},
        {"^*", {"0.0.0"}, {"0.0.1"}},
        {"<=*", {"0.0.9"}, {"0.1.0"}},
        {">*", {"0.0.1"}, {"0.0.0"}},
        {"!=*", {"0.0.1"}, {"0.0.0"}},
    });
}

BOOST_AUTO_TEST_CASE(prereleases_need_a_prerelease_in_their_alternative) {
    check({
        {">=1.0.0", {"1.0.0", "2.0.0"}, {"2.0.0-rc.1"}},
        {">=1.0.0-0 <2.0.0", {"1.0.0-rc.1", "2.0.0-rc.1"}, {"2.0.0"}},
        {">=1.0.0-0 <2.0.0-0", {"1.9.9-rc.1"}, {"2.0.0-rc.1"}},
        {"*-0", {"0.0.1-a", "3.0.0-rc.1", "3.0.0"}, {}},
        {"1.x-0 || 3.x", {"1.5.0-rc.1", "3.1.0"}, {"3.1.0-rc.1"}},
    });
}

BOOST_AUTO_TEST_CASE(alternatives_and_hyphens_combine) {
    check({
        {"1.0 - 2.0 || ~5.10", {"1.0.0", "2.0.9", "5.10.3"}, {"2.1.0", "5.11.0"}},
        {"1.0.0 - 2.0.0 !=1.5.0", {"1.4.0"}, {"1.5.0"}},
        {"1, 2", {}, {"1.0.0", "2.0.0"}},
        {"1||2 - 3", {"1.0.0", "2.0.0"}, {}},
    });
}

BOOST_AUTO_TEST_CASE(malformed_ranges_are_refused) {
    for (std::string_view range :
         {"", " ", "||", "1 ||", "== 1", "> =1", "~=1", "1.2.3.4", "a", "1,,2", ",1", "1,", "1x", "1|2", "1.2.3-01",
          "!=2.0.0 1.0.0 - 2.0.0", ">1.0.0 - 2.0.0", "1.2.3\v", "1>2"}) {
        BOOST_TEST(!Constraint::parse(range).ok(), range);
    }
    BOOST_TEST(!Constraint::parse(std::string(513, ' ')).ok());
    std::string many = "1";
    for (int i = 0; i < 31; ++i)
        many += "||1";
    BOOST_TEST(Constraint::parse(many).ok());
    BOOST_TEST(!Constraint::parse(many + "||1").ok());
}

BOOST_AUTO_TEST_CASE(problem_names_the_place) {
    const auto constraint = Constraint::parse(">=1.0.0 || >=x1");
    BOOST_TEST_REQUIRE(!constraint.ok());
    BOOST_TEST(constraint.message() == "the range '>=1.0.0 || >=x1' is malformed: 'x1' is no version");
    BOOST_TEST(constraint.problem().position.value() == 13U);
}

BOOST_AUTO_TEST_SUITE_END()
