// The shortcut must answer as RE2 does, for every pattern it takes: both are asked here.
#include <random>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <re2/re2.h>

#include "policy/selection/go_pattern.h"
#include "policy/selection/linear_pattern.h"

using namespace tidemark::policy;

namespace {

constexpr std::size_t k_groups = 4;

/// "1 [0..4 abcd] [2..4 cd] ..." of either engine.
std::string shown(bool matched, std::string_view text, const std::array<std::string_view, k_groups>& groups) {
    std::ostringstream line;
    line << (matched ? "match" : "no match");
    for (std::string_view group : groups) {
        if (!matched) break;
        line << ' ';
        if (group.data() == nullptr) {
            line << '-';
        } else {
            line << group.data() - text.data() << '+' << group.size();
        }
    }
    return line.str();
}

std::string by_re2(const re2::RE2& expression, std::string_view text) {
    std::array<re2::StringPiece, k_groups> found;
    const int count = std::min<int>(k_groups, expression.NumberOfCapturingGroups() + 1);
    const bool matched = expression.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), count);
    std::array<std::string_view, k_groups> groups;
    for (std::size_t i = 0; i < k_groups; ++i)
        groups[i] = {found[i].data(), found[i].size()};
    return shown(matched, text, groups);
}

/// How many texts the shortcut decided; those it was unsure of are RE2's.
std::size_t compare(std::string_view pattern, const std::vector<std::string>& texts) {
    const auto linear = LinearPattern::compile(pattern);
    if (!linear) return 0;
    const re2::RE2 expression(translate_pattern(pattern).value().text);
    std::size_t decided = 0;
    for (const std::string& text : texts) {
        std::array<std::string_view, k_groups> groups;
        const auto answer = linear->match(text, groups);
        if (answer == LinearPattern::Answer::unsure) continue;
        ++decided;
        const std::string line = shown(answer == LinearPattern::Answer::match, text, groups);
        BOOST_TEST(line == by_re2(expression, text), pattern << " on " << text);
    }
    return decided;
}

const std::vector<std::string> k_texts{
    "",
    "a",
    "ab",
    "aab",
    "main-4f2a9c1-1700000000",
    "main-4f2a9c1-",
    "main-4f2a9c1-17x",
    "v1.2.3",
    "v1.2",
    "v1..3",
    "1.2.3-rc.1",
    "release-2024",
    "x",
    "-",
    "aaaa",
    "abc",
    "a\nb",
    "\u00e9",
    "a\u00e9b",
    "v\u00e9-1",
    "main-zzzzzzz-1",
    "main-4f2",
    "prod-12-ab",
    "prod--ab",
    "a.b",
    "a-b-c",
    "123",
    "12345678",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_linear_pattern)

BOOST_AUTO_TEST_CASE(common_filters_take_the_shortcut_and_agree) {
    for (std::string_view pattern : {"^main-[a-f0-9]{7}-(?P<ts>[0-9]+)$",
                                     "^main-",
                                     "^v(?P<v>\\d+\\.\\d+)\\.",
                                     "^v?(\\d+)\\.(\\d+)\\.(\\d+)$",
                                     "^(?P<branch>[a-z]+)-(?P<sha>[0-9a-f]+)-(?P<ts>\\d+)$",
                                     "^[^-]+-(.)",
                                     "^(a*)b?$",
                                     "^a{2,3}$",
                                     "^a{2,}b",
                                     "^(?:a)b",
                                     "^",
                                     "^$",
                                     "^[a-z]?$",
                                     "^((a)b)",
                                     "^[\\w.]+$",
                                     "^(\\d{0,2})",
                                     "^.$",
                                     "^[\\d-]+",
                                     "^a\\.b$",
                                     "^a{0}b?",
                                     "^(a|)"}) {
        const bool expected = pattern != "^(a|)" && pattern != "^a{02}";  // {02} is literal text
        BOOST_TEST((compare(pattern, k_texts) > 0) == expected, pattern);
    }
}

BOOST_AUTO_TEST_CASE(what_needs_a_second_look_is_left_to_re2) {
    for (std::string_view pattern :
         {"main-", "^.*-alpine$", "^a+ab", "^a|b", "^(a)+", "^a+?", "(?i)^a", "^a\\b", "^[[:alpha:]]", "^\\pL", "^a$b",
          "^[^a]+.", "^a?ab", "^\\D", "^\u00e9", "^(?i:a)", "^[a-c]*b?c"}) {
        BOOST_TEST(!LinearPattern::compile(pattern).has_value(), pattern);
    }
}

BOOST_AUTO_TEST_CASE(random_patterns_agree_with_re2) {
    const std::vector<std::string> pieces{"a", "b", "-", "\\.", "[ab]", "[^a]",  "[a-c]", "\\d", ".", "(",  "(?:",
                                          ")", "*", "+", "?",   "{2}",  "{1,2}", "{0,}",  "$",   "1", "\\w"};
    std::mt19937 random(20241120);
    const auto pick = [&](std::size_t count) { return random() % count; };
    std::size_t taken = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string pattern = "^";
        for (std::size_t i = 0, length = 1 + pick(7); i < length; ++i)
            pattern += pieces[pick(pieces.size())];
        re2::RE2::Options quiet;
        quiet.set_log_errors(false);
        if (!re2::RE2(pattern, quiet).ok()) continue;
        std::vector<std::string> texts;
        for (int i = 0; i < 12; ++i) {
            std::string text;
            for (std::size_t j = 0, length = pick(7); j < length; ++j)
                text += std::string("aabbc1.-\n")[pick(9)];
            texts.push_back(text);
        }
        taken += compare(pattern, texts) > 0 ? 1 : 0;
    }
    BOOST_TEST(taken > 300U);
}

BOOST_AUTO_TEST_SUITE_END()
