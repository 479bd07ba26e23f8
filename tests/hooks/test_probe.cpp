#include <boost/test/unit_test.hpp>

#include "hooks/probe.h"
#include "hooks/time_text.h"

using namespace tidemark::hooks;
namespace guard = tidemark::policy::guard;

namespace {

guard::RepositoryRules rules_with(guard::RuleMode mode) {
    guard::BranchRules branch;
    branch.pattern = "main";
    branch.modes[guard::RuleId::marker_removed] = mode;
    guard::RepositoryRules rules;
    rules.branches.push_back(branch);
    return rules;
}

const auto k_now = *find_time("2026-11-21T12:00:00Z");

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_probe)

BOOST_AUTO_TEST_CASE(an_answer_is_read_back_from_what_a_push_prints) {
    ProbeAnswer answer;
    answer.version = "0.1.0";
    answer.state = ProbeState::warned;
    answer.until = find_time("2026-11-28T00:00:00Z");
    answer.repository = "/srv/my git/a%20b\n\x1b[1m.git";
    answer.host_name = "acme/fl\xc3\xa9\x65t";
    answer.rules_file = "/etc/tidemark/hook.yaml";
    answer.problem = "reading it: Permission denied";
    const std::string line = format_probe_answer(answer);
    BOOST_TEST(line.find_first_of("\n\x1b") == std::string::npos);
    const auto found =
        find_probe_answer("Enumerating objects\nremote: tidemark: no\nremote: " + line + "        \nTo x\n");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((*found == answer));
}

BOOST_AUTO_TEST_CASE(other_output_is_no_answer) {
    BOOST_TEST(!find_probe_answer("").has_value());
    BOOST_TEST(!find_probe_answer("remote: hello\n ! [remote rejected] a -> refs/tidemark/probe/x\n").has_value());
}

BOOST_AUTO_TEST_CASE(unknown_fields_and_cut_escapes_do_no_harm) {
    const auto found = find_probe_answer("tidemark-probe colour=red state=enforced version=1%2 x rules=%zz");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->state == ProbeState::enforced));
    BOOST_TEST(found->version == "1%2");
    BOOST_TEST(found->rules_file == "%zz");
}

BOOST_AUTO_TEST_CASE(the_state_follows_modes_and_date) {
    BOOST_TEST((describe_state(nullptr, k_now).state == ProbeState::unguarded));
    auto rules = rules_with(guard::RuleMode::enforce);
    BOOST_TEST((describe_state(&rules, k_now).state == ProbeState::enforced));
    rules.warn_until = k_now + std::chrono::seconds(1);
    BOOST_TEST((describe_state(&rules, k_now).state == ProbeState::warned));
    BOOST_TEST((describe_state(&rules, k_now).until == rules.warn_until));
    rules.warn_until = k_now;
    BOOST_TEST((describe_state(&rules, k_now).state == ProbeState::enforced));
    rules = rules_with(guard::RuleMode::warn);
    BOOST_TEST((describe_state(&rules, k_now).state == ProbeState::warned));
    BOOST_TEST(!describe_state(&rules, k_now).until.has_value());
}

BOOST_AUTO_TEST_CASE(times_are_read_exactly_as_written) {
    BOOST_TEST(to_text(k_now) == "2026-11-21T12:00:00Z");
    for (const char* text : {"", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z",
                             "2026-11-21T12:00:00+", "x026-11-21T12:00:00Z"})
        BOOST_TEST(!find_time(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
