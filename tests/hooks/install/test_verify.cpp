// What verify, repair and the record say of real repositories.
#include <chrono>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/hooks/install/host_fixture.h"

namespace fs = std::filesystem;
using namespace tidemark::tests;

namespace {

struct Fixture : HostFixture {
    fs::path repository = make_repository("srv/acme/fleet.git");
    fs::path hook = repository / "hooks/pre-receive";
    std::string probes() const {
        return run_checked({"git", "-C", repository.string(), "for-each-ref", "refs/tidemark"}, {{}, environment});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks_verify, Fixture)

BOOST_AUTO_TEST_CASE(nothing_installed_is_an_error_that_says_how) {
    const CommandResult result = hooks({"verify"});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(contains(result.error, "tidemark hooks install --help"));
}

BOOST_AUTO_TEST_CASE(the_first_week_only_warns_and_counts_as_armed) {
    BOOST_TEST(hooks({"install", "--from-objects", "--objects", (folder / "objects").string(), "--repository",
                      repository.string()})
                   .exit_code == 0);
    BOOST_TEST(contains(state_of("fleet.git"), "armed, warn only until 20"));
    BOOST_TEST(hooks({"verify"}).exit_code == 0);
    const CommandResult json = hooks({"verify", "-o", "json"});
    BOOST_TEST(contains(json.output, "\"state\": \"warn only\""));
    BOOST_TEST(contains(json.output, "\"warnUntil\": \"20"));
}

BOOST_AUTO_TEST_CASE(report_for_the_page_says_of_each_repository_whether_it_is_armed) {
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    const fs::path report = folder / "reports/hooks.json";
    BOOST_TEST(hooks({"verify", "--report", report.string()}).exit_code == 0);
    BOOST_TEST(contains(read_text(report), "\"armed\": true"));
    BOOST_TEST(contains(read_text(report), "\"repository\": \"" + repository.string() + "\""));
    BOOST_TEST(contains(read_text(report), "\"time\": \"20"));
    BOOST_TEST((fs::status(report).permissions() == fs::perms(0644)));
    fs::remove(hook);
    BOOST_TEST(hooks({"verify", "--report", report.string()}).exit_code == 1);
    BOOST_TEST(contains(read_text(report), "\"armed\": false"));
    BOOST_TEST(contains(read_text(report), "\"why\": \"not armed: " + hook.string() + " is missing"));
}

BOOST_AUTO_TEST_CASE(every_way_to_lose_the_guard_is_found_and_most_are_repaired) {
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    const auto check = [this](const std::string& reason) {
        BOOST_TEST(contains(state_of("fleet.git"), reason), state_of("fleet.git"));
        BOOST_TEST(hooks({"verify"}).exit_code == 1);
        BOOST_TEST(hooks({"verify", "--repair"}).exit_code == 0);
        BOOST_TEST(state_of("fleet.git") == "armed");
        BOOST_TEST(probes() == "");
    };
    fs::remove(hook);
    check("not armed: " + hook.string() + " is missing");
    fs::permissions(hook, fs::perms(0644));
    check("lost its run bit");
    write_text(hook, read_text(hook) + "# edited\n");
    check("was changed");
    fs::rename(hook, folder / "elsewhere");
    fs::create_symlink(folder / "elsewhere", hook);
    check("is a link");
}

BOOST_AUTO_TEST_CASE(a_push_that_goes_through_is_not_armed_and_leaves_nothing) {
    add_gitea_hooks(repository / "hooks");
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(state_of("fleet.git") == "armed");
    script(hook, "exit 0");
    BOOST_TEST(contains(state_of("fleet.git"), "not armed: a probe push went through"));
    BOOST_TEST(probes() == "");
    script(hook, "echo no; exit 1");
    BOOST_TEST(contains(state_of("fleet.git"), "not armed: the hook gave no answer to a probe push"));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_gone_refuses_pushes_and_is_named) {
    const fs::path copy = folder / "tidemark-hook";
    fs::copy_file(program, copy);
    BOOST_TEST(install({"--repository", repository.string(), "--hook", copy.string()}).exit_code == 0);
    BOOST_TEST(state_of("fleet.git") == "armed");
    fs::remove(copy);
    BOOST_TEST(contains(state_of("fleet.git"), copy.string() + " cannot be run by"));
    BOOST_TEST(push_marked(repository.string(), "1.0.0").exit_code != 0);
}

BOOST_AUTO_TEST_CASE(rules_that_are_broken_or_gone_are_named) {
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    const std::string text = read_text(rules);
    write_text(rules, text + "nonsense: 1\n");
    const CommandResult broken = hooks({"verify"});
    BOOST_TEST(broken.exit_code == 1);
    BOOST_TEST(contains(broken.error, "has mistakes"));
    fs::remove(rules);
    const CommandResult gone = hooks({"verify"});
    BOOST_TEST(gone.exit_code == 1);
    BOOST_TEST(contains(gone.error, "is gone"));
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(!fs::exists(hook));
}

BOOST_AUTO_TEST_CASE(repositories_that_appear_later_are_found_by_repair) {
    write_text(rules, "repositories:\n  - repository: [" + fs::canonical(folder.path()).string() +
                          "/srv/**]\n    branches:\n      - branch: main\n");
    const CommandResult result = hooks({"install", "--repository", (folder / "srv").string()});
    BOOST_TEST(result.exit_code == 0, result.error);
    const fs::path later = make_repository("srv/acme/later.git");
    BOOST_TEST(contains(state_of("later.git"), "is missing"));
    BOOST_TEST(hooks({"verify", "--repair"}).exit_code == 0);
    BOOST_TEST(state_of("later.git") == "armed");
}

BOOST_AUTO_TEST_CASE(a_repository_that_was_renamed_is_missed) {
    make_repository("srv/acme/other.git");
    BOOST_TEST(install({"--repository", (folder / "srv").string()}).exit_code == 0);
    fs::rename(repository, folder / "srv/acme/renamed.git");
    BOOST_TEST(contains(state_of("fleet.git"), "not armed: the rules name it, and no repository is there"));
    BOOST_TEST(hooks({"verify"}).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(one_of_several_can_be_verified_and_removed) {
    write_text(rules, "repositories:\n  - repository: [" + fs::canonical(folder.path()).string() +
                          "/srv/**]\n    branches:\n      - branch: main\n");
    make_repository("srv/acme/other.git");
    BOOST_TEST(hooks({"install", "--repository", (folder / "srv").string()}).exit_code == 0);
    const CommandResult one = hooks({"verify", "--repository", repository.string()});
    BOOST_TEST(contains(one.output, "fleet.git"));
    BOOST_TEST(!contains(one.output, "other.git"));
    BOOST_TEST(hooks({"remove", "--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(!fs::exists(hook));
    BOOST_TEST(hooks({"verify", "--repair"}).exit_code == 0);
    BOOST_TEST(!fs::exists(hook));
    BOOST_TEST(state_of("other.git") == "armed");
    // What a person wrote stays when the last hook goes.
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(fs::exists(rules));
}

BOOST_AUTO_TEST_CASE(a_sha256_repository_is_proved_too) {
    run_checked({"git", "init", "-q", "--bare", "--object-format=sha256", (folder / "sha/acme/fleet.git").string()},
                {{}, environment});
    BOOST_TEST(install({"--repository", (folder / "sha").string()}).exit_code == 0);
    BOOST_TEST(state_of("fleet.git") == "armed");
}

BOOST_AUTO_TEST_CASE(a_rules_file_edited_by_hand_is_not_written_over) {
    write_text(rules, "# ours\nrepositories: []\nlog: syslog\n");
    const CommandResult result = install({"--repository", repository.string()});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(contains(result.error, "edited by hand"));
    BOOST_TEST(contains(result.error, "branch: flux-imageupdates"));
    BOOST_TEST(read_text(rules) == "# ours\nrepositories: []\nlog: syslog\n");
    BOOST_TEST(!fs::exists(hook));
}

BOOST_AUTO_TEST_CASE(rules_that_a_person_added_to_stay_when_the_hooks_go) {
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    // As write_rules would write it: only the time tells.
    write_text(rules, read_text(rules) + "    overrides:\n      marker-removed: [dana]\n");
    fs::last_write_time(rules, fs::last_write_time(rules) + std::chrono::seconds(1));
    BOOST_TEST(state_of("fleet.git") == "armed");
    BOOST_TEST(contains(hooks({"remove"}).error, "stays as it is"));
    BOOST_TEST(fs::exists(rules));
}

BOOST_AUTO_TEST_CASE(notify_adds_a_hook_that_never_refuses) {
    BOOST_TEST(install({"--repository", repository.string(), "--notify"}).exit_code == 0);
    BOOST_TEST(fs::exists(repository / "hooks/post-receive"));
    BOOST_TEST(state_of("fleet.git") == "armed");
    BOOST_TEST(push_marked(repository.string(), "1.0.0").exit_code == 0);
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(!fs::exists(repository / "hooks/post-receive"));
}

BOOST_AUTO_TEST_SUITE_END()
