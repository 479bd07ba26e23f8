// The message as the pusher reads it: golden texts, the limit on lines, and what hostile names may not do.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "hooks/message.h"
#include "hooks/printable.h"
#include "hooks/time_text.h"

using namespace tidemark::hooks;
using tidemark::policy::guard::GuardFinding;
using tidemark::policy::guard::RuleId;
using tidemark::policy::guard::Verdict;

namespace {

struct Fixture {
    Fixture() {
        rules.owner = "platform team";
        rules.overrides[RuleId::marker_removed] = {"alice"};
        tidemark::policy::guard::BranchRules automation;
        automation.pattern = "flux-imageupdates";
        automation.modes[RuleId::main_into_automation] = tidemark::policy::guard::RuleMode::enforce;
        automation.automation_of = "main";
        rules.branches.push_back(automation);
        push.rules = &rules;
        push.rules_file = "/etc/tidemark/hook.yaml";
        push.now = *find_time("2026-11-21T12:00:00Z");
        push.push.updates.push_back({std::string(40, '1'), std::string(40, '2'), "refs/heads/flux-imageupdates"});
        outcome.refused = true;
        outcome.took = std::chrono::milliseconds(4);
    }

    std::string message(Audience audience = Audience::terminal) const { return make_message(push, outcome, audience); }

    tidemark::policy::guard::RepositoryRules rules;
    GuardedPush push;
    Outcome outcome;
};

GuardFinding lost_marker() {
    GuardFinding finding;
    finding.reference = "refs/heads/main";
    finding.file = "apps/web.yaml";
    finding.line = 10;
    finding.subject = "Deployment shop/web, containers[web].image";
    finding.text = "lost its marker for flux-system:web, so nothing will update it";
    finding.was = "          image: nginx:1.25.3 # {\"$imagepolicy\": \"flux-system:web\"}";
    finding.is = "          image: nginx:1.25.1";
    finding.setter = "flux-system:web";
    finding.value = "nginx:1.25.1";
    return finding;
}

GuardFinding main_in() {
    GuardFinding finding;
    finding.rule = RuleId::main_into_automation;
    finding.reference = "refs/heads/flux-imageupdates";
    finding.subject = "merge 3f2a91c";
    finding.text = "brings 2 commits of main (8d01e77, 5b6c2a9)";
    return finding;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks_message, Fixture)

BOOST_AUTO_TEST_CASE(a_stripped_marker_is_told_with_both_lines_and_what_to_do) {
    outcome.judgement.findings = {lost_marker()};
    BOOST_TEST(
        message() ==
        "tidemark: refused: apps/web.yaml:10 lost its marker for flux-system:web, so nothing will update it.\n"
        "\n"
        "  apps/web.yaml:10  Deployment shop/web, containers[web].image\n"
        "    was   image: nginx:1.25.3 # {\"$imagepolicy\": \"flux-system:web\"}\n"
        "    is    image: nginx:1.25.1\n"
        "\n"
        "  To stay on 1.25.1:        keep the comment, and run   tidemark pin flux-system:web 1.25.1 --reason \"...\"\n"
        "  To stop updates for good: remove the field or its object, or ask an owner to push with   -o "
        "tidemark.allow=marker-removed:REASON\n"
        "  Rule marker-removed, set by /etc/tidemark/hook.yaml (platform team). 1 finding, 4 ms.\n");
}

BOOST_AUTO_TEST_CASE(main_in_the_automation_branch_is_told_with_the_repair) {
    outcome.judgement.findings = {main_in()};
    BOOST_TEST(message() ==
               "tidemark: refused: flux-imageupdates may not contain commits of main; it is rebuilt from main by "
               "itself.\n"
               "\n"
               "  flux-imageupdates: merge 3f2a91c brings 2 commits of main (8d01e77, 5b6c2a9)\n"
               "\n"
               "  Nothing to do: the branch is rebuilt from main by itself. If it looks broken, delete it:\n"
               "    git push origin :flux-imageupdates\n"
               "  Rule main-into-automation, set by /etc/tidemark/hook.yaml (platform team). 1 finding, 4 ms.\n");
}

BOOST_AUTO_TEST_CASE(a_warning_says_that_the_push_went_through_and_until_when) {
    outcome.refused = false;
    outcome.judgement.findings = {lost_marker()};
    outcome.judgement.findings[0].verdict = Verdict::warned;
    BOOST_TEST(message().starts_with("tidemark: warning: apps/web.yaml:10 lost its marker"));
    BOOST_TEST(message().find("The push went through: these rules only warn.") != std::string::npos);
    rules.warn_until = find_time("2026-11-28T00:00:00Z");
    BOOST_TEST(message().find("The push went through; from 2026-11-28T00:00:00Z on it is refused.") !=
               std::string::npos);
    BOOST_TEST(message(Audience::gitlab_page).find("GL-HOOK-ERR") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(lines_for_gitlabs_page_are_marked_and_the_others_are_not) {
    outcome.judgement.findings = {lost_marker()};
    const std::string text = message(Audience::gitlab_page);
    BOOST_TEST(text.starts_with("GL-HOOK-ERR: tidemark: refused: apps/web.yaml:10"));
    BOOST_TEST(text.find("\nGL-HOOK-ERR:   To stay on 1.25.1:") != std::string::npos);
    BOOST_TEST(text.find("\n    was   image") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(however_many_findings_it_has_twenty_lines_and_counts_the_rest) {
    for (std::size_t count : {2U, 3U, 5U, 10U, 200U}) {
        outcome.judgement.findings.assign(count, lost_marker());
        GuardFinding other = main_in();
        outcome.judgement.findings.push_back(other);
        other.rule = RuleId::automation_content;
        other.file = "x";
        outcome.judgement.findings.push_back(other);
        outcome.judgement.findings_left_out = count == 200 ? 7 : 0;
        outcome.judgement.notes = {"one", "two", "three", "four"};
        const std::string text = message();
        BOOST_TEST(std::count(text.begin(), text.end(), '\n') <= std::ptrdiff_t{k_max_message_lines});
        BOOST_TEST(text.find(std::to_string(count + 2 + outcome.judgement.findings_left_out) + " findings, 4 ms.") !=
                   std::string::npos);
        BOOST_TEST((count < 5 || text.find("... and ") != std::string::npos));
    }
}

BOOST_AUTO_TEST_CASE(names_from_the_repository_cannot_leave_their_line_or_move_the_cursor) {
    GuardFinding finding = lost_marker();
    finding.file = "a\nremote: \x1b[2Jfake\xff\xe2\x80\xae.yaml";
    finding.subject = finding.text = finding.was = finding.is = finding.setter = finding.value = finding.file;
    finding.setter = "a:b'; rm -rf ~ #\n:tag";
    outcome.judgement.findings = {finding};
    rules.owner = "\x07";
    const std::string text = message();
    for (const char c : text)
        BOOST_REQUIRE((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    BOOST_TEST(text.find("\\x0aremote: \\x1b[2Jfake\\xff\\u202e") != std::string::npos);
    BOOST_TEST(text.find("tidemark pin 'a:b'\\''; rm -rf ~ #\\x0a' 'a\\x0aremote: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_judged_is_answered_by_on_error) {
    outcome = failed_outcome(push, "reading commit 1: damaged");
    BOOST_TEST(outcome.refused);
    BOOST_TEST(
        message().starts_with("tidemark: refused: the push to flux-imageupdates could not be judged: reading "
                              "commit 1: damaged.\n"));
    BOOST_TEST(message().find("Rule on-error: refuse") != std::string::npos);
    rules.on_error = tidemark::policy::guard::OnError::allow;
    outcome = failed_outcome(push, "x");
    BOOST_TEST(!outcome.refused);
    BOOST_TEST(message().starts_with("tidemark: warning: the push to flux-imageupdates went through unjudged: x.\n"));
    rules.on_error = tidemark::policy::guard::OnError::refuse;
    rules.warn_until = find_time("2026-11-28T00:00:00Z");
    BOOST_TEST(!failed_outcome(push, "x").refused);
}

BOOST_AUTO_TEST_CASE(an_accepted_push_says_nothing_but_its_notes) {
    outcome.refused = false;
    BOOST_TEST(message().empty());
    outcome.judgement.notes = {"alice may not override marker-removed"};
    BOOST_TEST(message() == "tidemark: note: alice may not override marker-removed.\n");
}

BOOST_AUTO_TEST_CASE(the_log_line_has_places_and_no_content) {
    outcome.judgement.findings = {lost_marker()};
    push.push.pusher = {"ann\xff", {"ann\xff", "user-3"}};
    const std::string line = log_line(push, outcome);
    BOOST_TEST(line.find("nginx") == std::string::npos);
    BOOST_TEST(line.find('\n') == std::string::npos);
    BOOST_TEST(line.find("\"verdict\":\"refused\"") != std::string::npos);
    BOOST_TEST(line.find("\"file\":\"apps/web.yaml\",\"line\":10") != std::string::npos);
    BOOST_TEST(line.find("\"pusher\":\"ann\\\\xff\"") != std::string::npos);
    outcome.judgement.findings.assign(200, lost_marker());
    BOOST_TEST(log_line(push, outcome).find("\"findings_left_out\":150") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(printable_text_keeps_letters_and_escapes_the_rest) {
    const std::pair<std::string, std::string> k_cases[] = {
        {"plain \xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x9a\x80", "plain \xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x9a\x80"},
        {std::string("a\0b", 3), "a\\x00b"},
        {"\t\x7f\xc2\x85", "\\x09\\x7f\\u0085"},
        {"\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82", "\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\\xe2\\x82"},
        {"\xe2\x80\x8b\xef\xbb\xbf", "\\u200b\\ufeff"},
    };
    for (const auto& [bytes, text] : k_cases)
        BOOST_TEST(printable(bytes) == text);
    BOOST_TEST(printable("\xc3\xa9\xc3\xa9\xc3\xa9", 5) == "\xc3\xa9\xc3\xa9...");
}

BOOST_AUTO_TEST_SUITE_END()
