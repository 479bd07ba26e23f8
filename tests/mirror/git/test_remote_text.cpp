#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/git/remote_text.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;

BOOST_AUTO_TEST_SUITE(git_remote_text)

BOOST_AUTO_TEST_CASE(server_lines_lose_padding_and_control_characters) {
    BOOST_TEST(clean_line("\x1b[31mno\x1b[0m entry        \x1b[K") == "no entry");
    BOOST_TEST(clean_line("\x1b]0;title\aplain\x07") == "plain");
    BOOST_TEST(clean_line("mise \xc3\xa0 jour \xc2\x9b[2J") == "mise \xc3\xa0 jour [2J");
    BOOST_TEST(clean_line("\x1b") == "");
    BOOST_TEST(clean_line(std::string(9000, 'x')).size() == 500u);
}

BOOST_AUTO_TEST_CASE(server_and_own_lines_are_told_apart) {
    const GitMessages messages = split_messages(
        "remote: GitLab: not allowed        \nremote:\nerror: failed to push some refs\r\n"
        "ERROR: The key you are authenticating with has been marked as read only.\n"
        "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\n"
        "and the repository exists.\n");
    BOOST_TEST(messages.server == (std::vector<std::string>{"GitLab: not allowed",
                                                            "ERROR: The key you are authenticating with has been "
                                                            "marked as read only."}),
               boost::test_tools::per_element());
    BOOST_TEST(messages.local.size() == 4u);
}

BOOST_AUTO_TEST_CASE(endless_server_lines_are_capped) {
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "remote: x\n";
    BOOST_TEST(split_messages(text).server.size() == 100u);
}

BOOST_AUTO_TEST_CASE(damage_of_the_mirror_is_told_from_the_servers) {
    const auto damage = [](const std::string& text) { return find_damage(split_messages(text), "/state/m.git"); };
    const std::string corrupt = "fatal: loose object abc (stored in /state/m.git/objects/a/bc) is corrupt";
    BOOST_TEST((damage("error: unable to unpack abc header\n" + corrupt + "\n") == corrupt));
    BOOST_TEST(damage("fatal: bad object refs/remotes/origin/main\n").has_value());
    BOOST_TEST(damage("fatal: cannot read existing object info abc\nfatal: index-pack failed\n").has_value());
    BOOST_TEST(damage("error: refs/remotes/origin/main does not point to a valid object!\n").has_value());
    BOOST_TEST(!damage("fatal: loose object abc (stored in ./objects/a/bc) is corrupt\n").has_value());
    BOOST_TEST(!damage("remote: " + corrupt + "\n").has_value());
    BOOST_TEST(!damage("fatal: bad object refs/heads/main\n").has_value());
}

BOOST_AUTO_TEST_CASE(causes_are_found_in_what_git_and_ssh_say) {
    struct Case {
        const char* text;
        ErrorKind kind;
        Refusal refusal;
    };
    const Case cases[] = {
        {"No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.\n"
         "fatal: Could not read from remote repository.",
         ErrorKind::authentication, Refusal::authentication},
        {"git@h: Permission denied (publickey).\nfatal: Could not read", ErrorKind::authentication,
         Refusal::authentication},
        {"fatal: Authentication failed for 'https://h/x/'", ErrorKind::authentication, Refusal::authentication},
        {"fatal: could not read Username for 'https://h': terminal prompts disabled", ErrorKind::authentication,
         Refusal::authentication},
        {"fatal: unable to access 'https://h/': The requested URL returned error: 403", ErrorKind::permission,
         Refusal::authentication},
        {"remote: Repository not found.\nfatal: repository 'https://h/x/' not found", ErrorKind::not_found,
         Refusal::authentication},
        {"fatal: '/srv/x' does not appear to be a git repository", ErrorKind::not_found, Refusal::authentication},
        {"fatal: unable to access 'https://h/': Could not resolve host: h", ErrorKind::network, Refusal::network},
        {"fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none CRLfile: none",
         ErrorKind::network, Refusal::network},
        {"fatal: early EOF\nfatal: fetch-pack: invalid index-pack output", ErrorKind::network, Refusal::network},
        {"fatal: the receiving end does not support push options", ErrorKind::refused, Refusal::rule},
        {"error: something unheard of", ErrorKind::network, Refusal::network},
    };
    for (const Case& test : cases) {
        BOOST_TEST_CONTEXT(test.text) {
            const FailureCause cause = find_cause(split_messages(test.text));
            BOOST_TEST((cause.kind == test.kind), cause.sentence);
            BOOST_TEST((cause.refusal == test.refusal), cause.sentence);
        }
    }
}

BOOST_AUTO_TEST_CASE(porcelain_lines_are_read) {
    const std::vector<PushLine> lines = parse_push_lines(
        "To https://h/x\n \tabc:refs/heads/main\tabc..def\n!\tabc:refs/heads/x\t[rejected] (stale info)\n"
        "-\t:refs/heads/gone\t[deleted]\nDone\n\tbroken\n!\tbroken\n");
    BOOST_REQUIRE(lines.size() == 3u);
    BOOST_TEST(lines[1].flag == '!');
    BOOST_TEST(lines[1].ref == "refs/heads/x");
    BOOST_TEST(lines[1].summary == "[rejected] (stale info)");
}

BOOST_AUTO_TEST_CASE(refusals_of_the_known_hosts_have_their_class) {
    struct Case {
        const char* summary;
        std::vector<std::string> said;
        Refusal refusal;
    };
    const Case cases[] = {
        {"[rejected] (stale info)", {}, Refusal::lease_lost},
        {"[rejected] (fetch first)", {}, Refusal::lease_lost},
        {"[remote rejected] (cannot lock ref 'refs/heads/x': is at a but expected b)", {}, Refusal::lease_lost},
        {"[remote rejected] (failed to update ref)",
         {"error: cannot lock ref 'refs/heads/main': is at a but expected b"},
         Refusal::lease_lost},
        {"[remote rejected] (failed to update ref)", {"error: unable to write"}, Refusal::network},
        {"[rejected] (non-fast-forward)", {}, Refusal::not_fast_forward},
        {"[remote rejected] (protected branch hook declined)",
         {"error: GH006: Protected branch update failed for refs/heads/main."},
         Refusal::protected_branch},
        {"[remote rejected] (pre-receive hook declined)",
         {"GitLab: You are not allowed to push code to protected branches on this project."},
         Refusal::protected_branch},
        {"[remote rejected] (pre-receive hook declined)",
         {"Gitea: Not allowed to push to protected branch main"},
         Refusal::protected_branch},
        {"[remote rejected] (push declined due to repository rule violations)",
         {"error: GH013: Repository rule violations found for refs/heads/main."},
         Refusal::rule},
        {"[remote rejected] (deletion prohibited)", {}, Refusal::rule},
        {"[remote rejected] (pre-receive hook declined)", {"marker removed in apps/web.yaml"}, Refusal::hook},
        {"[remote rejected] (hook declined)", {}, Refusal::hook},
        {"[remote rejected] (unpacker error)", {}, Refusal::network},
    };
    for (const Case& test : cases) {
        BOOST_TEST_CONTEXT(test.summary) {
            const Refusal refusal = classify_refusal({'!', "refs/heads/main", test.summary}, test.said);
            BOOST_TEST(to_string(refusal) == to_string(test.refusal));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_secret_that_comes_back_is_hidden) {
    const RemoteAccess access = make_remote_access(
        "https://h/x", {{"username", SecretString("bot")}, {"password", SecretString("pl4nted-canary")}}, "ns/s");
    const Redactor redactor(access);
    BOOST_TEST(redactor.apply("you sent pl4nted-canary and " + basic_credential(access).reveal() + "!") ==
               "you sent *** and ***!");
}

BOOST_AUTO_TEST_CASE(branch_names_are_checked_as_git_does) {
    for (const char* good : {"main", "flux-imageupdates", "feature/a.b", "caf\xc3\xa9", "a@b"}) {
        BOOST_TEST(is_branch_name(good), good);
    }
    for (const char* bad : {"",    "-x", "/x",  "x/", "a//b", "a..b", ".a",   "a/.b", "a.lock", "a.lock/b", "a b",
                            "a~1", "a^", "a:b", "a?", "a*",   "a[",   "a\\b", "a@{b", "a.",     "a\n",      "+a b"}) {
        BOOST_TEST(!is_branch_name(bad), bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()
