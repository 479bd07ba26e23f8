#include <boost/test/unit_test.hpp>

#include "tests/policy/template/render.h"

namespace tidemark::policy::test {
namespace {

std::string nested(std::size_t depth) {
    std::string text;
    for (std::size_t level = 0; level < depth; ++level)
        text += "{{if 1}}";
    text += "x";
    for (std::size_t level = 0; level < depth; ++level)
        text += "{{end}}";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_template_limits)

BOOST_AUTO_TEST_CASE(hostile_templates_end_in_a_problem) {
    const std::string_view templates[] = {
        "{{range 9223372036854775807}}{{end}}",
        "{{range 9223372036854775807}}x{{end}}",
        "{{define \"r\"}}{{template \"r\" .}}{{end}}{{template \"r\" .}}",
        "{{template \"commit message\" .}}x",
        "{{repeat 9223372036854775807 \"ab\"}}",
        "{{until 9223372036854775807}}",
        "{{seq 9223372036854775806}}",
        "{{indent 9223372036854775807 \"x\"}}",
        "{{$s := repeat 1000 \"ab\"}}{{range 30}}{{$s = replace \"a\" $s $s}}{{end}}",
        "{{$l := list 1}}{{range 60}}{{$l = list $l $l}}{{end}}{{$l}}",
        "{{$l := list 1}}{{range 60}}{{$l = list $l $l}}{{end}}{{deepEqual $l (deepCopy $l)}}",
        "{{$l := list 1}}{{range 100000}}{{$l = list $l}}{{end}}{{toJson $l}}",
        "{{$d := dict}}{{$_ := set $d \"d\" $d}}{{$d}}",
        "{{$d := dict}}{{$_ := set $d \"d\" $d}}{{toJson $d}}",
        "{{$d := dict}}{{$_ := set $d \"d\" $d}}{{deepEqual $d (dict \"d\" $d)}}",
        "{{$d := dict}}{{$_ := set $d \"d\" $d}}{{deepCopy $d}}",
        "{{range 1000000}}{{derivePassword 1 \"long\" \"p\" \"u\" \"s\"}}{{end}}",
        "{{range $i, $_ := until 100000}}{{regexMatch (printf \"(a{1,900}){1,%d}\" $i) \"a\"}}{{end}}",
        "{{printf \"%999999d%999999d\" 1 2}}",
        "{{$d := dict \"a\" 1}}{{range 60}}{{$d = dict \"a\" $d \"b\" $d}}{{end}}{{$_ := merge $d (deepCopy $d)}}",
    };
    for (const std::string_view text : templates)
        BOOST_TEST(fails(text), text);
}

BOOST_AUTO_TEST_CASE(limits_can_be_set) {
    BOOST_TEST(rendered("{{repeat 10 \"x\"}}", {}, {.output_bytes = 10}) == "xxxxxxxxxx");
    BOOST_TEST(rendered("{{repeat 11 \"x\"}}", {}, {.output_bytes = 10}) == "error: the message grows too large");
    BOOST_TEST(rendered("{{range 100}}{{end}}", {}, {.steps = 50}) == "error: the template takes too many steps");
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_when_parsed) {
    BOOST_TEST(rendered(nested(100)) == "x");
    BOOST_TEST(fails(nested(10'000)));
    BOOST_TEST(fails("{{" + std::string(10'000, '(') + "1" + std::string(10'000, ')') + "}}"));
    std::string chain = "{{if 0}}";
    for (int link = 0; link < 10'000; ++link)
        chain += "{{else if 0}}";
    BOOST_TEST(fails(chain + "{{end}}"));
}

BOOST_AUTO_TEST_CASE(deep_but_finite_recursion_works) {
    BOOST_TEST(rendered("{{define \"r\"}}{{if .}}{{template \"r\" (int (sub . 1))}}{{else}}end{{end}}{{end}}"
                        "{{template \"r\" 200}}") == "end");
}

BOOST_AUTO_TEST_CASE(large_templates_are_refused) {
    BOOST_TEST(!MessageTemplate::parse(std::string(300'000, 'x')).ok());
}

BOOST_AUTO_TEST_CASE(a_problem_tells_where) {
    const auto parsed = MessageTemplate::parse("ab {{fail \"stop\"}}");
    BOOST_REQUIRE(parsed.ok());
    const auto result = parsed->render({});
    BOOST_REQUIRE(!result.ok());
    BOOST_TEST(result.message() == "fail: stop");
    BOOST_TEST(result.problem().position.value_or(0) == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::test
