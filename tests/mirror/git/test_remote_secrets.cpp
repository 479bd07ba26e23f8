// Plants credentials and looks for them where others could read them while git runs.
#include <array>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;
namespace fs = std::filesystem;

namespace {

/// Empty where the process has just gone.
std::string read_text(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    ::close(file);
    return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

/// Reads the argument lists and environments of all processes over and over.
class ProcessWatch {
public:
    ProcessWatch() : m_thread([this](std::stop_token stop) { watch(stop); }) {}

    /// All that was seen since the beginning.
    std::string finish() {
        m_thread.request_stop();
        m_thread.join();
        return m_seen;
    }

private:
    void watch(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::error_code ignored;
            for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
                for (const char* what : {"cmdline", "environ"}) {
                    const std::string text = read_text(entry.path() / what);
                    if (!text.empty() && m_seen.find(text) == std::string::npos) m_seen += text + '\n';
                }
            }
        }
    }

    std::string m_seen;
    std::jthread m_thread;
};

std::size_t count_entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_remote_secrets, RemoteFixture)

BOOST_AUTO_TEST_CASE(http_credentials_are_in_no_argument_and_no_environment) {
    if (skip_without({"python3"})) return;
    const HttpGitServer http(folder / "http", root, {.user = "alice", .password = "pl4nted-canary"});
    std::string address = http.url(server);
    address.insert(address.find("127"), "alice:pl4nted-canary@");
    ProcessWatch watch;
    Remote origin = remote(address);
    for (int i = 0; i < 3; ++i)
        origin.fetch(k_main);
    const std::string bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(origin.push(std::vector<PushUpdate>{{id_of(bump), "main", id_of(first), PushMode::fast_forward}}).ok());
    const std::string seen = watch.finish();
    BOOST_TEST(contains(seen, "ls-remote"));                             // the watch saw our git
    BOOST_TEST(contains(seen, "GIT_DIR=" + fs::path(mirror).string()));  // and what surrounds it
    BOOST_TEST(!contains(seen, "pl4nted-canary"));
    BOOST_TEST(!contains(seen, "cGw0bnRlZC1jYW5hcnk"));  // in Base64
    BOOST_TEST(!contains(seen, "alice:"));
}

BOOST_AUTO_TEST_CASE(keys_and_passphrases_are_in_no_argument_or_environment_and_in_no_file_afterwards) {
    if (skip_without({"sshd", "ssh", "git-shell"})) return;
    SshGitServer ssh(folder / "ssh");
    const SshKey key = make_ssh_key(folder / "keys", "ed25519", "pl4nted-canary");
    ssh.add_key(key, KeyRight::write);
    {
        ProcessWatch watch;
        Remote origin =
            remote(ssh.url(server),
                   {{"identity", key.private_key}, {"password", "pl4nted-canary"}, {"known_hosts", ssh.known_hosts()}});
        origin.fetch(k_main);
        BOOST_TEST(count_entries(private_root) == 1u);
        const std::string seen = watch.finish();
        BOOST_TEST(contains(seen, "ssh"));
        BOOST_TEST(!contains(seen, "pl4nted-canary"));
        BOOST_TEST(!contains(seen, "PRIVATE KEY"));
    }
    BOOST_TEST(count_entries(private_root) == 0u);
}

BOOST_AUTO_TEST_CASE(key_files_go_when_the_constructor_fails) {
    RemoteAccess broken = access("https://127.0.0.1/x", {{"ca.crt", "-----BEGIN CERTIFICATE-----\n"}});
    broken.transport = Transport::ssh;
    const std::string before = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    BOOST_CHECK_THROW(Remote(mirror, broken, private_root), Error);
    ::setenv("PATH", before.c_str(), 1);
    BOOST_TEST(count_entries(private_root) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
