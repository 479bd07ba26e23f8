// Commits signed with gpg and with ssh-keygen, and git itself as the judge of the signatures.
#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/git/repository.h"
#include "mirror/git/signer.h"
#include "tests/support/git_servers.h"
#include "tests/support/process.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;

namespace {

constexpr std::chrono::sys_seconds k_time{std::chrono::seconds(1'700'000'000)};

/// A bare repository with one commit to build on.
struct Fixture {
    Fixture() : repository(folder / "fleet.git") { parent = repository.commit("main", {{"a.yaml", "a: 1\n"}}); }

    std::string commit_signed(const SigningKey& key) {
        const Signer signer(key, folder.path());
        Repository objects(repository.folder());
        const CommitInfo base = objects.read_commit(read_object_id(parent, "parent"));
        const Signature bot{"Bot", "bot@acme.test", k_time, std::chrono::minutes(0)};
        CommitRequest request{base.tree, {base.id}, bot, bot, "Update \xF0\x9F\x8C\x8A\n\nbody\n"};
        request.sign = [&](std::string_view bytes) { return signer.sign(bytes, k_time); };
        return to_string(objects.create_commit(request));
    }

    TempFolder folder;
    GitRepository repository;
    std::string parent;
};

/// An armored private key, made by gpg in `home`.
std::string make_openpgp_key(const std::filesystem::path& home, std::string_view passphrase, std::string_view expiry) {
    std::filesystem::create_directory(home);
    std::filesystem::permissions(home, std::filesystem::perms::owner_all);
    const std::string phrase(passphrase);
    const std::vector<std::string> gpg = {"gpg",      "--homedir",    home.string(), "--batch", "--pinentry-mode",
                                          "loopback", "--passphrase", phrase,        "--quiet"};
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> command = gpg;
        command.insert(command.end(), more.begin(), more.end());
        return run_checked(command);
    };
    run({"--quick-gen-key", "Bot <bot@acme.test>", "ed25519", "sign", std::string(expiry)});
    const std::string key = run({"--armor", "--export-secret-keys"});
    run_command({"gpgconf", "--homedir", home.string(), "--kill", "gpg-agent"});
    return key;
}

/// git's word on a commit's OpenPGP signature, with the key in a keyring of its own.
CommandResult verify_openpgp(Fixture& fixture, const std::string& commit, const std::string& key) {
    const std::filesystem::path home = fixture.folder / "verifier";
    std::filesystem::create_directory(home);
    std::filesystem::permissions(home, std::filesystem::perms::owner_all);
    const Environment environment{{"GNUPGHOME", home.string()}};
    run_command({"gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--import"}, {key, environment});
    CommandResult result =
        run_command({"git", "-C", fixture.repository.folder().string(), "verify-commit", commit}, {{}, environment});
    run_command({"gpgconf", "--kill", "gpg-agent"}, {{}, environment});
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_git_signer)

BOOST_AUTO_TEST_CASE(git_accepts_an_openpgp_signature) {
    if (skip_without({"git", "gpg"})) return;
    for (const std::string passphrase : {"", "canary phrase"}) {
        Fixture fixture;
        const std::string key = make_openpgp_key(fixture.folder / "maker", passphrase, "never");
        const SigningKey signing = read_signing_key(
            SigningFormat::openpgp, {{"git.asc", SecretString(key)}, {"passphrase", SecretString(passphrase)}}, "a/b");
        const std::string commit = fixture.commit_signed(signing);
        const CommandResult verified = verify_openpgp(fixture, commit, key);
        BOOST_TEST(verified.exit_code == 0, verified.error);
        BOOST_TEST(verified.error.find("Good signature from \"Bot <bot@acme.test>\"") != std::string::npos);
        BOOST_TEST(fixture.repository.git({"log", "-1", "--format=%B", commit}) ==
                   "Update \xF0\x9F\x8C\x8A\n\nbody\n\n");
        BOOST_TEST(fixture.commit_signed(signing) == commit);  // the same again, whatever the clock says
        fixture.repository.git({"fsck", "--strict"});
    }
}

BOOST_AUTO_TEST_CASE(git_accepts_an_ssh_signature) {
    if (skip_without({"git", "ssh-keygen"})) return;
    for (const std::string passphrase : {"", "canary phrase"}) {
        Fixture fixture;
        const SshKey key = make_ssh_key(fixture.folder.path(), "ed25519", passphrase);
        const SigningKey signing = read_signing_key(
            SigningFormat::ssh, {{"identity", SecretString(key.private_key)}, {"password", SecretString(passphrase)}},
            "a/b");
        const std::string commit = fixture.commit_signed(signing);
        write_text(fixture.folder / "allowed", "bot@acme.test " + key.public_key + "\n");
        const CommandResult verified = run_command(
            {"git", "-C", fixture.repository.folder().string(), "-c", "gpg.format=ssh", "-c",
             "gpg.ssh.allowedSignersFile=" + (fixture.folder / "allowed").string(), "verify-commit", commit});
        BOOST_TEST(verified.exit_code == 0, verified.error);
        BOOST_TEST(fixture.commit_signed(signing) == commit);
    }
}

BOOST_AUTO_TEST_CASE(a_secret_without_the_key_is_refused_by_name) {
    BOOST_CHECK_EXCEPTION(read_signing_key(SigningFormat::openpgp, {{"identity", SecretString("x")}}, "ns/signing"),
                          Error, [](const Error& error) {
                              return std::string(error.what()).starts_with("the secret ns/signing has no key git.asc");
                          });
    BOOST_CHECK_THROW(read_signing_key(SigningFormat::ssh, {{"git.asc", SecretString("x")}}, "ns/signing"), Error);
}

BOOST_AUTO_TEST_CASE(what_cannot_sign_is_an_error_without_the_secret_in_it) {
    if (skip_without({"git", "gpg", "ssh-keygen"})) return;
    Fixture fixture;
    const std::string key = make_openpgp_key(fixture.folder / "maker", "right", "never");
    const SshKey ssh = make_ssh_key(fixture.folder.path(), "ed25519", "right");
    const std::vector<SigningKey> bad = {
        {SigningFormat::openpgp, SecretString(key), SecretString("wrong-canary"), "ns/signing"},
        {SigningFormat::openpgp, SecretString("canary, no key"), SecretString(), "ns/signing"},
        {SigningFormat::ssh, SecretString(ssh.private_key), SecretString("wrong-canary"), "ns/signing"},
        {SigningFormat::ssh, SecretString("canary, no key"), SecretString(), "ns/signing"},
    };
    for (const SigningKey& signing : bad) {
        try {
            fixture.commit_signed(signing);
            BOOST_ERROR("signed with a key that cannot");
        } catch (const Error& error) {
            const std::string text = error.what();
            BOOST_TEST(text.find("ns/signing") != std::string::npos, text);
            BOOST_TEST(text.find("canary") == std::string::npos, text);
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_left_behind) {
    if (skip_without({"git", "gpg"})) return;
    Fixture fixture;
    const std::filesystem::path root = fixture.folder / "private";
    std::filesystem::create_directory(root);
    const std::string key = make_openpgp_key(fixture.folder / "maker", "", "never");
    { const Signer signer({SigningFormat::openpgp, SecretString(key), SecretString(), "a/b"}, root); }
    BOOST_TEST(std::filesystem::is_empty(root));
    const CommandResult agents = run_command({"pgrep", "-f", "gpg-agent --homedir " + root.string()});
    BOOST_TEST(agents.output == "");
}

BOOST_AUTO_TEST_SUITE_END()
