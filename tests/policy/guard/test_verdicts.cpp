// What becomes of findings: modes, the time until which is only warned, overrides, order and caps.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/policy/guard/text_repository.h"

namespace tidemark::policy::guard {
namespace {

const std::string k_marker = " # {\"$imagepolicy\": \"ns:app\"}";

/// A repository whose main is about to lose one marker and get another that cannot work.
struct Fixture {
    TextRepository repository;
    std::string first = repository.commit({}, {{"a.yaml", {"a: x:1" + k_marker + "\nb: y\n"}}});
    std::string second = repository.commit({first}, {{"a.yaml", {"a: x:1\nb: y # {\"$imagepolicy\"\n"}}});
    RepositoryRules rules = rules_for("main");
    Push push = push_of("main", first, second);

    Judgement judged() { return judge_with(push, rules, repository); }
    std::vector<std::string> verdicts() {
        std::vector<std::string> lines;
        for (const GuardFinding& finding : judged().findings)
            lines.push_back(fmt::format("{} {}", to_string(finding.rule), to_string(finding.verdict)));
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_guard_verdicts)

BOOST_FIXTURE_TEST_CASE(a_rule_is_off_warns_or_refuses, Fixture) {
    BOOST_TEST(verdicts() == (Lines{"marker-removed refused", "marker-broken warned"}),
               boost::test_tools::per_element());
    BOOST_TEST(judged().refused);
    rules.branches[0].modes[RuleId::marker_removed] = RuleMode::warn;
    rules.branches[0].modes[RuleId::marker_broken] = RuleMode::enforce;
    BOOST_TEST(verdicts() == (Lines{"marker-broken refused", "marker-removed warned"}),
               boost::test_tools::per_element());
    rules.branches[0].modes[RuleId::marker_broken] = RuleMode::off;
    BOOST_TEST(verdicts() == (Lines{"marker-removed warned"}), boost::test_tools::per_element());
    BOOST_TEST(!judged().refused);
    rules.branches[0].modes[RuleId::marker_removed] = RuleMode::off;
    BOOST_TEST(verdicts().empty());
}

BOOST_FIXTURE_TEST_CASE(until_a_time_nothing_is_refused, Fixture) {
    const std::chrono::sys_seconds until = std::chrono::sys_days(std::chrono::year(2026) / 11 / 28);
    rules.warn_until = until;
    BOOST_TEST(!judge(push, rules, repository, until - std::chrono::seconds(1), Limits()).refused);
    BOOST_TEST(judge(push, rules, repository, until, Limits()).refused);
}

BOOST_FIXTURE_TEST_CASE(an_override_needs_a_named_identity_and_a_reason, Fixture) {
    rules.overrides[RuleId::marker_removed] = {"alice", "key-7"};
    struct Row {
        std::vector<std::string> identities;
        std::vector<OverrideRequest> requests;
        std::string verdict;
        std::string note;
    };
    const OverrideRequest good{RuleId::marker_removed, " old app "};
    const std::vector<Row> rows = {
        {{"alice"}, {}, "refused", ""},
        {{"alice"}, {good}, "allowed", ""},
        {{"bob", "key-7"}, {good}, "allowed", ""},
        {{"alice"},
         {{RuleId::marker_removed, " "}},
         "refused",
         "the override of marker-removed needs a reason: -o tidemark.allow=marker-removed:REASON"},
        {{"alice"}, {{RuleId::marker_removed, ""}, good}, "allowed", ""},
        {{"bob"}, {good}, "refused", "bob may not override marker-removed: the rules of this repository name others"},
        {{},
         {good},
         "refused",
         "a pusher whom the host does not name may not override marker-removed: the rules of this repository name "
         "others"},
        {{""}, {good}, "refused", " may not override marker-removed: the rules of this repository name others"},
        {{"alice"},
         {good, {RuleId::marker_broken, "x"}},
         "allowed",
         "alice may not override marker-broken: the rules of this repository name nobody"},
    };
    for (const Row& row : rows) {
        push.pusher.identities = row.identities;
        push.overrides = row.requests;
        const Judgement judgement = judged();
        BOOST_REQUIRE(judgement.findings.size() == 2);
        const bool last = row.verdict == "allowed";
        const GuardFinding& finding = judgement.findings[last ? 1 : 0];
        BOOST_TEST((finding.rule == RuleId::marker_removed));
        BOOST_TEST(to_string(finding.verdict) == row.verdict);
        BOOST_TEST(finding.allowed_by == (last ? "old app" : ""));
        BOOST_TEST(judgement.refused != last);
        BOOST_TEST((judgement.notes.empty() ? "" : judgement.notes[0]) == row.note);
    }
}

BOOST_FIXTURE_TEST_CASE(an_override_without_need_is_noted_once, Fixture) {
    rules.overrides[RuleId::automation_content] = {"alice"};
    push.pusher = {"Alice", {"alice"}};
    push.overrides.assign(1000, {RuleId::automation_content, "why not"});
    BOOST_TEST(judged().notes == (Lines{"the override of automation-content had nothing to let through"}),
               boost::test_tools::per_element());
    push.overrides.assign(1000, {RuleId::marker_changed, "x"});
    BOOST_TEST(
        judged().notes == (Lines{"Alice may not override marker-changed: the rules of this repository name nobody"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refusals_come_first_and_the_rest_is_counted) {
    std::string before;
    std::string after;
    for (int i = 0; i < 300; ++i) {
        before += fmt::format("a{}: x:1{}\n", i, k_marker);
        after += fmt::format("a{}: x:1{}\n", i, i % 2 == 0 ? "" : " # {\"$imagepolicy\": \"ns:b\"}");
    }
    TextRepository repository;
    const std::string first = repository.commit({}, {{"a.yaml", {before}}});
    const std::string second = repository.commit({first}, {{"a.yaml", {after}}});
    const Judgement judgement = judge_with(push_of("main", first, second), rules_for("main"), repository);
    BOOST_REQUIRE(judgement.findings.size() == k_max_findings);
    BOOST_TEST(judgement.findings_left_out == 100);
    for (std::size_t i = 0; i < k_max_findings; ++i)
        BOOST_TEST((judgement.findings[i].verdict == (i < 150 ? Verdict::refused : Verdict::warned)));
    BOOST_TEST(judgement.findings[0].line == 1);
    BOOST_TEST(judgement.findings[1].line == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
