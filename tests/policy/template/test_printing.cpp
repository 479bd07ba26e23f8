#include <boost/test/unit_test.hpp>

#include "tests/policy/template/render.h"

namespace tidemark::policy::test {
namespace {

MessageData sample() {
    MessageData data;
    data.values = {{"a", "1"}};
    return data;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_template_printing)

// The messages are the answers of Go 1.26.
BOOST_AUTO_TEST_CASE(values_print_as_in_go) {
    const Row rows[] = {
        {R"-({{printf "%d %5d|%-5d|%05d %+d %x %X %#x %o %b %c %U %q" 1 2 3 4 5 255 255 255 8 5 65 65 65}})-",
         R"-(1     2|3    |00004 +5 ff FF 0xff 10 101 A U+0041 'A')-"},
        {R"-({{printf "%U %d %x" -1 -9223372036854775808 -255}})-", R"-(U+FFFFFFFFFFFFFFFF -9223372036854775808 -ff)-"},
        {R"-({{printf "%f %.2f %8.3f %e %g %G %+.1f %06.2f %v" 1.5 1.005 3.14159 123456.789 1e21 1e-7 2.0 3.14159 1e6}})-",
         R"-(1.500000 1.00    3.142 1.234568e+05 1e+21 1E-07 +2.0 003.14 1e+06)-"},
        {R"-({{printf "%x %v %v" 1.5 (float64 "inf") (float64 "-inf")}})-", R"-(0x1.8p+00 +Inf -Inf)-"},
        {R"-({{printf "%10s|%-10s|%.2s|%x|% X|%q|%+q|%#q" "abc" "abc" "abcdef" "hi" "hi" "ü" "ü" "a\\b"}})-",
         R"-(       abc|abc       |ab|6869|68 69|"ü"|"\u00fc"|`a\b`)-"},
        {R"-({{printf "%v %+v %#v %T %s %q" (list 1 "a" nil) (dict "a" 1) (list 1 "a" nil) (dict) (list "a") (list "a")}})-",
         R"-([1 a <nil>] map[a:1] []interface {}{1, "a", interface {}(nil)} map[string]interface {} [a] ["a"])-"},
        {R"-({{printf "%*d|%-*d|%[2]d %[1]d" 5 1 4 2}})-", R"-(    1|2   |1 5)-"},
        {R"-({{printf "%[1]s %[1]v %[3]d %!" "a"}})-", R"-(a a %!d(BADINDEX) %!!(MISSING))-"},
        {R"-({{printf "%d %s %z %t" "a" 1 1 1}} {{printf "%d %d" 1}} {{printf "x" 1}} {{printf "%"}} {{printf "%[x]d" 1}})-",
         R"-(%!d(string=a) %!s(int=1) %!z(int=1) %!t(int=1) 1 %!d(MISSING) x%!(EXTRA int=1) %!(NOVERB) %!d(BADINDEX))-"},
        {R"-({{printf "%v %s %d" .Values.nope .Values.nope .Values.nope}})-", R"-(<nil> %!s(<nil>) %!d(<nil>))-"},
        {R"-({{print 1 2 "a" 3 nil}} {{println "a" 1}} {{print (list nil 1.0 true)}} {{1i}})-",
         R"-(1 2a3 <nil> a 1
 [<nil> 1 true] (0+1i))-"},
        {R"-({{1e3}} {{1e21}} {{0.1}} {{100000.0}} {{1000000.0}} {{0x1F}} {{'a'}} {{017}} {{1_000}} {{-0.0}})-",
         R"-(1000 1e+21 0.1 100000 1e+06 31 97 15 1000 -0)-"},
        {R"-({{printf "%T %T %T %T" 1 1.0 'a' 1e3}} {{printf "%t" true}} {{printf "100%%"}} {{printf "%c%c" 128512 -1}})-",
         R"-(int float64 int float64 true 100% 😀�)-"},
        {R"-({{"\u00fc\x41\101\t|"}} {{`raw\n`}})-", R"-(üAA	| raw\n)-"},
        {R"-({{printf "%6.2f|%-8q|%08.3f|%+d|% d" 3.14159 "a" -3.14159 5 5}})-", R"-(  3.14|"a"     |-003.142|+5| 5)-"},
        {R"-({{quote "😀🦄\u200b\x7f"}})-", R"-("😀🦄\u200b\x7f")-"},
    };
    for (const Row& row : rows)
        BOOST_TEST(rendered(row.text, sample()) == row.message, row.text << " gives " << rendered(row.text, sample()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::test
