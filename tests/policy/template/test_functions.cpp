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

BOOST_AUTO_TEST_SUITE(policy_template_functions)

// The messages are the answers of Go 1.26 with sprig 3.3.
BOOST_AUTO_TEST_CASE(functions_answer_as_sprig_does) {
    const Row rows[] = {
        {R"-({{trunc 3 "abcdef"}} {{trunc -2 "abcdef"}} {{trunc 9 "abc"}})-", R"-(abc ef abc)-"},
        {R"-({{substr 1 3 "abcdef"}} {{substr -1 3 "abcdef"}} {{substr 2 -1 "abcdef"}})-", R"-(bc abc cdef)-"},
        {R"-({{abbrev 5 "hello world"}} {{abbrevboth 5 10 "1234 5678 9123"}})-", R"-(he... ...5678...)-"},
        {R"-({{wrap 10 "the quick brown fox jumps"}})-",
         R"-(the quick
brown fox
jumps)-"},
        {R"-({{wrapWith 5 "/" "HelloWorld abc"}})-", R"-(Hello/World/abc)-"},
        {R"-({{snakecase "HTTP20xOK"}} {{snakecase "Bld4Floor3rd"}} {{kebabcase "GO PATH"}} {{camelcase "http_server first-name"}})-",
         R"-(http_20x_ok bld4_floor_3rd go-path HttpServerFirstName)-"},
        {R"-({{upper "aßıι"}} {{lower "ÀBİ"}} {{title "hello wORLD-foo"}} {{swapcase "This Is A.Test"}})-",
         R"-(AßIΙ àbi Hello WORLD-Foo tHIS iS a.tEST)-"},
        {R"-({{trimAll "ab" "abcba"}} {{trimPrefix "v" "v1.v"}} {{trim "  a  "}})-", R"-(c 1.v a)-"},
        {R"-({{replace "" "-" "ab"}} {{replace "a" "" "banana"}})-", R"-(-a-b- bnn)-"},
        {R"-({{splitList "," "a,b,,c" | toJson}} {{(split "," "a,b")._1}} {{splitn "," 2 "a,b,c"}})-",
         R"-(["a","b","","c"] b map[_0:a _1:b,c])-"},
        {R"-({{join "-" (list 1 nil "a" true)}} {{sortAlpha (list 10 9 1)}} {{cat "a" nil 1}} {{quote "a\"b" nil 1}} {{squote "it's" 2}})-",
         R"-(1-a-true [1 10 9] a 1 "a\"b" "1" 'it's' '2')-"},
        {R"-({{indent 2 "a\nb"}} {{nindent 1 "a"}} {{repeat 3 "ab"}})-",
         R"-(  a
  b 
 a ababab)-"},
        {R"-({{first (list 1 2)}} {{last (list 1 2)}} {{rest (list 1 2)}} {{initial (list 1 2)}} {{first (list)}})-",
         R"-(1 2 [2] [1] <no value>)-"},
        {R"-({{append (list 1) 2}} {{prepend (list 1) 0}} {{concat (list 1) (list 2 3)}} {{reverse (list 1 2 3)}})-",
         R"-([1 2] [0 1] [1 2 3] [3 2 1])-"},
        {R"-({{uniq (list 1 2 1 1.0 "1")}} {{without (list 1 2 3) 2}} {{has 2 (list 1 2)}} {{compact (list 1 0 "" nil "a")}})-",
         R"-([1 2 1 1] [1 3] true [1 a])-"},
        {R"-({{slice (list 1 2 3 4) 1 3}} {{chunk 2 (list 1 2 3)}} {{until 3}} {{untilStep 9 3 -2}} {{seq 0 2 10}} {{seq -3}})-",
         R"-([2 3] [[1 2] [3]] [0 1 2] [9 7 5] 0 2 4 6 8 10 1 0 -1 -2 -3)-"},
        {R"-({{dict "a" 1 "b"}} {{keys (dict "a" 1)}} {{pick (dict "a" 1 "b" 2) "a"}} {{omit (dict "a" 1 "b" 2) "a"}})-",
         R"-(map[a:1 b:] [a] map[a:1] map[b:2])-"},
        {R"-({{merge (dict "a" 1 "m" (dict "x" 1)) (dict "a" 2 "m" (dict "y" 2)) | toJson}})-",
         R"-({"a":1,"m":{"x":1,"y":2}})-"},
        {R"-({{mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) | toJson}} {{dig "a" "b" "none" (dict "a" (dict "b" 5))}})-",
         R"-({"a":2,"b":3} 5)-"},
        {R"-({{default "x" ""}} {{default "x" "y"}} {{coalesce 0 "" nil "z"}} {{ternary 1 2 false}} {{empty (list)}} {{all 1 0}} {{any 0 1}})-",
         R"-(x y z 2 true false true)-"},
        {R"-({{add 1 "2" 3.9}} {{sub 5 3}} {{mul 2 "010"}} {{div -7 2}} {{mod -7 3}} {{add 9223372036854775807 1}})-",
         R"-(6 2 16 -3 -1 -9223372036854775808)-"},
        {R"-({{div -9223372036854775808 -1}} {{mod -9223372036854775808 -1}})-", R"-(-9223372036854775808 0)-"},
        {R"-({{addf 0.1 0.2}} {{mulf 1.1 3}} {{divf 10 3}} {{subf 0.3 0.1}} {{divf -2 3}} {{maxf 1 2.5}} {{round 123.5555 3}})-",
         R"-(0.3 3.3 3.3333333333333335 0.2 -0.6666666666666667 2.5 123.556)-"},
        {R"-({{int "0x1F"}} {{int "08"}} {{int "1.0"}} {{int 3.9}} {{float64 "x"}} {{atoi "12"}} {{toDecimal "0777"}})-",
         R"-(31 0 1 3 0 12 511)-"},
        {R"-({{regexFindAll "[0-9]" "1a2b3" 2}} {{regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W"}} {{regexSplit "z+" "pizza" -1}})-",
         R"-([1 2] -W-xxW- [pi a])-"},
        {R"-({{regexReplaceAll "" "ab" "-"}} {{regexFindAll "b*" "abb" -1 | toJson}} {{regexMatch "(" "a"}})-",
         R"-(-a-b- ["","bb"] false)-"},
        {R"-({{semverCompare "^1.2.0" "1.3.0"}} {{(semver "v1.2").Original}} {{semver "v1.2"}} {{(semver "1.2.3").Compare (semver "1.3.0")}})-",
         R"-(true v1.2 1.2.0 -1)-"},
        {R"-({{sha1sum "a"}} {{adler32sum "abc"}} {{b64enc "hello"}} {{b64dec "aGVsbG8="}} {{b32enc "hi"}} {{b64dec "a"}})-",
         R"-(86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 38600999 aGVsbG8= hello NBUQ==== illegal base64 data at input byte 0)-"},
        {R"-({{derivePassword 1 "long" "password" "user" "example.com"}})-", R"-(ZedaFaxcZaso9*)-"},
        {R"-({{base "a/b.yaml"}} {{dir "a/b.yaml"}} {{ext "a.tar.gz"}} {{clean "a//b/../c"}} {{isAbs "/a"}} {{dir ""}})-",
         R"-(b.yaml a .gz a/c true .)-"},
        {R"-({{urlJoin (urlParse "https://u:p%40@h:80/p%20q?x=1#f g")}} {{(urlParse "http://[::1]:80/x").hostname}})-",
         R"-(https://u:p%40@h:80/p%20q?x=1#f%20g ::1)-"},
        {R"-({{(toDate "2006-01-02T15:04:05Z07:00" "2024-02-29T12:30:00.5+02:00").Format "Jan _2 2006 15:04:05.999 MST Z07:00 002"}})-",
         R"-(Feb 29 2024 12:30:00.5 +0200 +02:00 060)-"},
        {R"-({{unixEpoch (toDate "2006-01-02" "2024-02-29")}} {{toDate "2006-01-02" "2023-02-29"}} {{duration "3661"}} {{durationRound "2400h"}})-",
         R"-(1709164800 0001-01-01 00:00:00 +0000 UTC 1h1m1s 3mo)-"},
        {R"-({{fromJson "{\"a\":[1,2.5,null]}"}} {{toJson (dict "b" "<&>" "a" (list))}} {{toRawJson "<"}} [{{fromJson "{"}}])-",
         R"-(map[a:[1 2.5 <nil>]] {"a":[],"b":"\u003c\u0026\u003e"} "<" [<no value>])-"},
        {R"-({{toPrettyJson (dict "a" (list 1 (dict)))}})-",
         R"-({
  "a": [
    1,
    {}
  ]
})-"},
        {R"-({{typeOf (add 1 1)}} {{kindOf (list)}} {{typeOf nil}} {{typeIsLike "semver.Version" (semver "1.0.0")}})-",
         R"-(int64 slice <nil> true)-"},
        {R"-({{html "<a>"}} {{js "a'<"}} {{urlquery "a b&ü"}} {{len "ü"}} {{index (list 1 (list 2 3)) 1 0}} {{index "abc" 1}})-",
         R"-(&lt;a&gt; a\'\u003C a+b%26%C3%BC 2 2 98)-"},
        {R"-({{eq 1 2 1}} {{lt 1 2}} {{ge "b" "a"}} {{eq (add 1 1) 2}} {{ne "a" "b"}} {{not 0}})-",
         R"-(true true true true true true)-"},
    };
    for (const Row& row : rows)
        BOOST_TEST(rendered(row.text, sample()) == row.message, row.text << " gives " << rendered(row.text, sample()));
}

BOOST_AUTO_TEST_CASE(what_go_refuses_is_refused) {
    const std::string_view templates[] = {
        R"-({{slice (list 1 2) 1 9}})-",
        R"-({{div 1 0}})-",
        R"-({{divf 1 0}})-",
        R"-({{regexFind "(" "a"}})-",
        R"-({{semver "x"}})-",
        R"-({{urlParse "http://h/%zz"}})-",
        R"-({{mustToDate "2006-01-02" "x"}})-",
        R"-({{eq 1 1.0}})-",
        R"-({{upper 1}})-",
        R"-({{get .Values "a"}})-",
        R"-({{fail "no"}})-",
    };
    for (const std::string_view text : templates)
        BOOST_TEST(fails(text, sample()), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::test
