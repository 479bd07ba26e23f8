#include <chrono>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;

namespace {

bool is_missing() {
    return skip_without({"sshd", "ssh", "ssh-keygen", "git-shell"});
}

struct SshFixture : RemoteFixture {
    Keys keys(const SshKey& key) const { return {{"identity", key.private_key}, {"known_hosts", ssh.known_hosts()}}; }

    SshGitServer ssh{folder / "ssh"};
};

void check_round_trip(SshFixture& fixture, const Keys& keys) {
    Remote origin = fixture.remote(fixture.ssh.url(fixture.server), keys);
    BOOST_TEST((origin.fetch(k_main).tips.at("main") == id_of(fixture.first)));
    const std::string bump = fixture.commit_in_mirror(fixture.first, "a: 2\n");
    const PushResult result =
        origin.push(std::vector<PushUpdate>{{id_of(bump), "main", id_of(fixture.first), PushMode::fast_forward}});
    BOOST_TEST(result.ok(), result.branches[0].message);
    BOOST_TEST(fixture.server.tip("main").value() == bump);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(git_remote_ssh)

BOOST_AUTO_TEST_CASE(deploy_keys_of_all_types_fetch_and_push) {
    if (is_missing()) return;
    for (const char* type : {"ed25519", "rsa", "ecdsa"}) {
        BOOST_TEST_CONTEXT(type) {
            SshFixture fixture;
            const SshKey key = make_ssh_key(fixture.folder / "keys", type);
            fixture.ssh.add_key(key, KeyRight::write);
            check_round_trip(fixture, fixture.keys(key));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_key_with_a_passphrase_needs_the_password) {
    if (is_missing()) return;
    SshFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519", "open sesame");
    fixture.ssh.add_key(key, KeyRight::write);
    Keys keys = fixture.keys(key);
    for (const char* password : {"", "wrong one"}) {
        keys["password"] = password;
        const Error error = error_of([&] { fixture.remote(fixture.ssh.url(fixture.server), keys).fetch(k_main); });
        BOOST_TEST((error.kind() == ErrorKind::authentication), error.what());
    }
    keys["password"] = "open sesame\n";
    check_round_trip(fixture, keys);
}

BOOST_AUTO_TEST_CASE(a_read_only_key_is_refused_in_the_servers_words) {
    if (is_missing()) return;
    SshFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519");
    fixture.ssh.add_key(key, KeyRight::read);
    Remote origin = fixture.remote(fixture.ssh.url(fixture.server), fixture.keys(key));
    origin.fetch(k_main);
    const std::string bump = fixture.commit_in_mirror(fixture.first, "a: 2\n");
    const PushResult result =
        origin.push(std::vector<PushUpdate>{{id_of(bump), "main", id_of(fixture.first), PushMode::fast_forward}});
    BOOST_TEST(to_string(result.branches[0].refusal) == "authentication", result.branches[0].message);
    BOOST_TEST(contains(result.branches[0].message, "may only read"), result.branches[0].message);
    BOOST_TEST(result.server_lines == std::vector<std::string>{"ERROR: The key you are authenticating with has been "
                                                               "marked as read only."},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_refused) {
    if (is_missing()) return;
    SshFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519");
    const Error error =
        error_of([&] { fixture.remote(fixture.ssh.url(fixture.server), fixture.keys(key)).list(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::authentication));
    BOOST_TEST(contains(error.what(), "deploy key"), error.what());
}

BOOST_AUTO_TEST_CASE(an_unknown_host_and_a_changed_one_are_refused) {
    if (is_missing()) return;
    SshFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519");
    const SshKey other = make_ssh_key(fixture.folder / "other", "ed25519");
    fixture.ssh.add_key(key, KeyRight::write);
    Keys keys = fixture.keys(key);
    keys["known_hosts"] = "git.example " + other.public_key + "\n";
    Error error = error_of([&] { fixture.remote(fixture.ssh.url(fixture.server), keys).list(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::authentication));
    BOOST_TEST(contains(error.what(), "not in the secret's known_hosts"), error.what());
    keys["known_hosts"] = "[127.0.0.1]:" + std::to_string(fixture.ssh.port()) + " " + other.public_key + "\n";
    error = error_of([&] { fixture.remote(fixture.ssh.url(fixture.server), keys).list(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::authentication));
    BOOST_TEST(contains(error.what(), "somebody may be in between"), error.what());
}

BOOST_AUTO_TEST_CASE(a_key_that_is_damaged_is_named) {
    if (is_missing()) return;
    SshFixture fixture;
    const Keys keys = {{"identity", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"},
                       {"known_hosts", fixture.ssh.known_hosts()}};
    const Error error = error_of([&] { fixture.remote(fixture.ssh.url(fixture.server), keys).list(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::authentication));
    BOOST_TEST(contains(error.what(), "cannot be read"), error.what());
}

BOOST_AUTO_TEST_CASE(a_repository_that_is_missing_is_not_found) {
    if (is_missing()) return;
    SshFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519");
    fixture.ssh.add_key(key, KeyRight::write);
    const Error error =
        error_of([&] { fixture.remote(fixture.ssh.url(fixture.server) + "-gone", fixture.keys(key)).list(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::not_found), error.what());
}

BOOST_AUTO_TEST_CASE(nobody_there_is_a_network_error) {
    if (is_missing()) return;
    RemoteFixture fixture;
    const SshKey key = make_ssh_key(fixture.folder / "keys", "ed25519");
    const std::string url = "ssh://git@127.0.0.1:" + std::to_string(free_port()) + "/x";
    const Error error = error_of([&] {
        fixture.remote(url, {{"identity", key.private_key}, {"known_hosts", "h " + key.public_key}}).list(k_main);
    });
    BOOST_TEST((error.kind() == ErrorKind::network));
    BOOST_TEST(contains(error.what(), "connection refused"), error.what());
}

BOOST_AUTO_TEST_SUITE_END()
