#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "policy/selection/number.h"

using namespace tidemark::policy;

BOOST_AUTO_TEST_SUITE(policy_number)

BOOST_AUTO_TEST_CASE(numbers_are_read_as_go_reads_floats) {
    struct Row {
        std::string_view text;
        double value;
    };
    for (const Row& row :
         {Row{"0", 0}, Row{"017", 17}, Row{"-1.5", -1.5}, Row{"+.5", 0.5}, Row{"5.", 5}, Row{"1e5", 100000},
          Row{"1E-2", 0.01}, Row{"1_000.5", 1000.5}, Row{"0x1.8p1", 3}, Row{"0X_1p-1", 0.5}, Row{"1e1_0", 1e10},
          Row{"1606364286", 1606364286}, Row{"20240101123059123457", 20240101123059123457.0},
          Row{"9007199254740993", 9007199254740992}, Row{"1e-400", 0}, Row{"0e99999999999999999999", 0},
          Row{"0x1p-2000", 0}, Row{"0.00000000001e-9999999999999999999", 0}}) {
        const auto number = parse_number(row.text);
        BOOST_TEST_REQUIRE(number.has_value(), row.text);
        BOOST_TEST(*number == row.value, row.text);
    }
}

BOOST_AUTO_TEST_CASE(infinities_have_signs_and_nan_has_none) {
    const double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST(parse_number("Inf").value() == infinity);
    BOOST_TEST(parse_number("-infinity").value() == -infinity);
    BOOST_TEST(std::isnan(parse_number("NaN").value()));
    BOOST_TEST(!parse_number("+nan").has_value());
    BOOST_TEST(!parse_number("nan(1)").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_refused) {
    for (std::string_view text :
         {"",     " 1",       "1 ",    "+",        ".",    "1f",      "0x10",
          "0x",   "0xp1",     "0b1",   "0o7",      "1_",   "_1",      "1__0",
          "1_.5", "1._5",     "1e",    "1e+",      "1e_5", "1_e5",    "1.2.3",
          "v1",   "23e89711", "1e309", "0x1p1024", "--1",  "infinit", "1e99999999999999999999"}) {
        BOOST_TEST(!parse_number(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
