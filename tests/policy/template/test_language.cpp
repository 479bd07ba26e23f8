#include <boost/test/unit_test.hpp>

#include "tests/policy/template/render.h"

namespace tidemark::policy::test {

BOOST_AUTO_TEST_SUITE(policy_template_language)

BOOST_AUTO_TEST_CASE(empty_template_is_the_default_message) {
    BOOST_TEST(rendered("") == k_default_message);
}

BOOST_AUTO_TEST_CASE(statements_follow_go) {
    const Row rows[] = {
        {"a {{- 1 -}} b", "a1b"},
        {"{{-3}}", "-3"},
        {"{{/* gone */}}x", "x"},
        {"{{if 0}}a{{else if 1}}b{{else}}c{{end}}", "b"},
        {"{{with 5}}{{.}}{{else}}none{{end}}", "5"},
        {"{{with 0}}a{{else with 2}}{{.}}{{end}}", "2"},
        {"{{range $i, $e := list 7 8}}{{$i}}={{$e} }{{end}}", "error: bad character U+007D in a name"},
        {"{{range $i, $e := list 7 8}}{{$i}}={{$e}} {{end}}", "0=7 1=8 "},
        {"{{range list}}x{{else}}empty{{end}}", "empty"},
        {"{{range 3}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", "02"},
        {"{{range 9}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}", "01"},
        {"{{$x := 1}}{{range 3}}{{$x = .}}{{end}}{{$x}}", "2"},
        {"{{$d := dict \"a\" 1}}{{range $k, $v := $d}}{{$_ := set $d \"b\" 2}}{{$k}}{{end}}{{len $d}}", "a2"},
        {"{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" 1}}{{template \"t\" \"b\"}}", "<1><b>"},
        {"{{block \"t\" 4}}[{{.}}]{{end}}{{template \"t\" 5}}", "[4][5]"},
        {"{{\"a\" | printf \"%s%s\" \"b\"}}", "ba"},
        {"{{(dict \"a\" (dict \"b\" 3)).a.b}}", "3"},
        {"{{and 1 0 (fail \"no\")}}{{or 0 2 (fail \"no\")}}", "02"},
        {"{{nil}}", "error: nil is not a command"},
    };
    for (const Row& row : rows)
        BOOST_TEST(rendered(row.text) == row.message, row.text << " gives " << rendered(row.text));
}

BOOST_AUTO_TEST_CASE(mistakes_are_found_when_parsed_with_their_place) {
    struct Mistake {
        std::string_view text;
        std::size_t position;
    };
    const Mistake mistakes[] = {
        {"ab{{nope}}", 4},
        {"{{ $x }}", 3},
        {"{{if 1}}x", 8},
        {"x{{end}}", 6},
        {"{{break}}", 2},
        {"{{\"a}}", 2},
        {"{{1.2.3}}", 5},
        {"{{/* x }}", 0},
        {"{{(1}}", 4},
        {"{{99999999999999999999}}", 2},
        {"{{template}}", 10},
        {"{{1 | 2}}", 6},
        {"{{genPrivateKey \"rsa\"}}", 2},
        {"{{now}}", 2},
    };
    for (const Mistake& mistake : mistakes) {
        const auto parsed = MessageTemplate::parse(mistake.text);
        BOOST_REQUIRE_MESSAGE(!parsed.ok(), mistake.text << " must not parse");
        BOOST_TEST(parsed.problem().position.value_or(999) == mistake.position,
                   mistake.text << ": " << parsed.message() << " at " << parsed.problem().position.value_or(999));
    }
}

BOOST_AUTO_TEST_CASE(a_template_may_be_defined_twice_only_if_one_is_blank) {
    BOOST_TEST(fails("{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}"));
    BOOST_TEST(rendered("{{define \"a\"}} {{end}}{{define \"a\"}}2{{end}}{{template \"a\"}}") == "2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::test
