// What the service itself pushes is always accepted, and a marker taken from it is always found: over every manifest of
// the setters' conformance cases.
#include <functional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <simdjson.h>

#include "policy/setters/setters.h"
#include "tests/policy/guard/text_repository.h"

namespace tidemark::policy::guard {
namespace {

using Files = TextRepository::Files;

struct Case {
    std::string id;
    Files files;
    std::vector<PolicyReference> policies;
};

std::vector<Case> read_cases() {
    simdjson::dom::parser parser;
    std::vector<Case> cases;
    for (const auto item : parser.load(TIDEMARK_SOURCE_DIR "/tests/conformance/data/setters.json").get_array()) {
        Case one;
        one.id = std::string_view(item["id"]);
        for (const auto file : item["files"].get_object())
            one.files["apps/" + std::string(file.key)] = {std::string(std::string_view(file.value))};
        const auto text = [](simdjson::dom::element element) { return std::string(std::string_view(element)); };
        for (const auto policy : item["policies"].get_array()) {
            const simdjson::dom::element latest = policy["latest"];
            if (!latest.is_object()) continue;  // nothing was chosen yet
            one.policies.push_back({text(policy["namespace"]),
                                    text(policy["name"]),
                                    {text(latest["name"]), text(latest["tag"]), text(latest["digest"])}});
        }
        cases.push_back(std::move(one));
    }
    return cases;
}

/// The files as the service would write them: those that it must leave alone stay.
Files rewritten(Files files, const SetterValues& values) {
    for (auto& [path, file] : files) {
        if (!is_manifest_name(path) || !may_hold_markers(file.bytes)) continue;
        const Result<Rewrite> rewrite = rewrite_markers(file.bytes, path, values);
        if (rewrite && !rewrite->changes.empty()) file.bytes = rewrite->bytes;
    }
    return files;
}

Files with_note(Files files, const std::string& text) {
    files["notes.txt"] = {text};
    return files;
}

const std::vector<Case>& cases() {
    static const std::vector<Case> s_cases = read_cases();
    return s_cases;
}

void require_accepted(const Judgement& judgement) {
    const std::vector<std::string> none;
    BOOST_TEST(told(judgement) == none, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_guard_service_pushes)

BOOST_AUTO_TEST_CASE(every_push_of_the_service_is_accepted) {
    BOOST_REQUIRE(cases().size() > 500);
    std::size_t changed = 0;
    for (const Case& one : cases()) {
        BOOST_TEST_CONTEXT(one.id) {
            std::vector<PolicyReference> later = one.policies;
            for (PolicyReference& policy : later)
                policy.latest.tag = "99.0." + policy.latest.tag.substr(0, 1);
            const Files bumped = rewritten(one.files, make_setter_values(one.policies));
            const Files again = rewritten(one.files, make_setter_values(later));
            if (bumped == one.files) continue;
            ++changed;
            RepositoryRules rules = automation_rules();
            for (BranchRules& branch : rules.branches)
                branch.modes[RuleId::marker_broken] = branch.modes[RuleId::marker_changed] = RuleMode::enforce;

            TextRepository git;
            const std::string m1 = git.commit({}, with_note(one.files, "1"));
            const std::string pushed = git.commit({m1}, with_note(bumped, "1"));
            git.set_branch("main", m1);
            require_accepted(judge_with(push_of("main", m1, pushed), rules, git));
            require_accepted(judge_with(push_of("auto", k_no_id, pushed), rules, git));
            const std::string m2 = git.commit({m1}, with_note(one.files, "2"));
            git.set_branch("main", m2);
            const std::string rebuilt = git.commit({m2}, with_note(bumped, "2"));
            require_accepted(judge_with(push_of("auto", pushed, rebuilt), rules, git));
            const std::string second = git.commit({m2}, with_note(again, "2"));
            require_accepted(judge_with(push_of("auto", rebuilt, second), rules, git));
            require_accepted(
                judge_with(push_of("auto", second, git.commit({second}, with_note(bumped, "2"))), rules, git));
        }
    }
    BOOST_TEST(changed > 300U);
}

BOOST_AUTO_TEST_CASE(every_marker_that_is_taken_is_found) {
    std::size_t taken = 0;
    for (const Case& one : cases()) {
        for (const auto& [path, file] : one.files) {
            BOOST_TEST_CONTEXT(one.id << " " << path) {
                const Result<MarkerScan> scan = find_markers(file.bytes, path);
                if (!scan || scan->scalars.empty() || !is_manifest_name(path)) continue;
                Files stripped = one.files;
                std::string& bytes = stripped[path].bytes;
                for (std::size_t at = bytes.find("$imagepolicy"); at != std::string::npos;
                     at = bytes.find("$imagepolicy"))
                    bytes.replace(at, 12, "a_plain_word");
                if (const auto rest = find_markers(bytes, path); !rest || !rest->scalars.empty()) continue;
                TextRepository git;
                const std::string old_tip = git.commit({}, one.files);
                const std::string new_tip = git.commit({old_tip}, stripped);
                const Judgement judgement = judge_with(push_of("main", old_tip, new_tip), rules_for("main"), git);
                BOOST_TEST(judgement.findings.size() == scan->scalars.size());
                taken += judgement.findings.size();
            }
        }
    }
    BOOST_TEST(taken > 300U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
