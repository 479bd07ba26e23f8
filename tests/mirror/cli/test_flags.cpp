#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/cli/flags.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::cli;

namespace {

struct Fixture {
    FlagSet flags;
    std::string name;
    bool quiet = false;
    std::vector<std::string> labels;
    std::chrono::nanoseconds interval{};
    std::string output;

    Fixture() {
        flags.text("name", name, "", 'n');
        flags.truth("quiet", quiet, "", 'q');
        flags.list("label", labels, "");
        flags.duration("interval", interval, "");
        flags.choice("output", output, {"json", "yaml"}, "", 'o');
    }
    std::vector<std::string> parse(const std::vector<std::string>& arguments) { return parse_flags(flags, arguments); }
    std::string refusal(const std::vector<std::string>& arguments) {
        try {
            parse(arguments);
        } catch (const Error& error) {
            BOOST_TEST((error.kind() == ErrorKind::usage));
            return error.what();
        }
        return {};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_cli_flags, Fixture)

BOOST_AUTO_TEST_CASE(values_stand_behind_an_equals_sign_or_a_blank) {
    const auto rest = parse({"web", "--name=a", "-q", "--interval", "1h30m", "more"});
    BOOST_TEST(name == "a");
    BOOST_TEST(quiet);
    BOOST_TEST((interval == std::chrono::minutes(90)));
    BOOST_TEST((rest == std::vector<std::string>{"web", "more"}));
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_flags_counts_and_lists_add_up) {
    parse({"--name=a", "-n", "b", "--label=x=1,y=2", "--label", "\"z=3,4\""});
    BOOST_TEST(name == "b");
    BOOST_TEST((labels == std::vector<std::string>{"x=1", "y=2", "z=3,4"}));
}

BOOST_AUTO_TEST_CASE(an_empty_value_is_a_value) {
    name = "before";
    parse({"--name="});
    BOOST_TEST(name.empty());
}

BOOST_AUTO_TEST_CASE(what_stands_behind_two_dashes_is_no_flag) {
    const auto rest = parse({"--", "--name=a"});
    BOOST_TEST(name.empty());
    BOOST_TEST((rest == std::vector<std::string>{"--name=a"}));
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_as_flux_names_them) {
    BOOST_TEST(refusal({"--bogus=1"}) == "unknown flag: --bogus");
    BOOST_TEST(refusal({"-z"}) == "unknown shorthand flag: 'z' in -z");
    BOOST_TEST(refusal({"--name"}) == "flag needs an argument: --name");
    BOOST_TEST(refusal({"--output=xml"}).starts_with("invalid argument \"xml\" for \"-o, --output\" flag: "));
    BOOST_TEST(refusal({"--interval=1d"}).starts_with("invalid argument \"1d\" for \"--interval\" flag: "));
}

BOOST_AUTO_TEST_CASE(a_bad_value_goes_before_an_unknown_flag) {
    BOOST_TEST(refusal({"--bogus=1", "--interval=x"}).starts_with("invalid argument \"x\""));
}

BOOST_AUTO_TEST_SUITE_END()
