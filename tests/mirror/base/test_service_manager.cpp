#include <array>
#include <map>

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mirror/base/service_manager.h"
#include "tests/support/temporary_folder.h"

using tidemark::mirror::ServiceManager;
using namespace std::chrono_literals;

namespace {

/// The socket that systemd listens on.
class Ear {
public:
    explicit Ear(const std::string& path) {
        m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        BOOST_REQUIRE(::bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    }
    ~Ear() { ::close(m_socket); }

    /// What was said, empty for nothing.
    std::string heard() const {
        std::array<char, 200> buffer{};
        const ssize_t size = ::recv(m_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

private:
    int m_socket = -1;
};

auto environment(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_service_manager)

BOOST_AUTO_TEST_CASE(messages_arrive_as_they_are) {
    const tidemark::tests::TemporaryFolder folder;
    const std::string path = (folder.path() / "notify").string();
    const Ear ear(path);
    const ServiceManager manager(environment({{"NOTIFY_SOCKET", path}}));
    manager.send("READY=1\nSTATUS=all is well");
    BOOST_TEST(ear.heard() == "READY=1\nSTATUS=all is well");
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_four_times_in_its_time) {
    const tidemark::tests::TemporaryFolder folder;
    const std::string path = (folder.path() / "notify").string();
    const Ear ear(path);
    ServiceManager manager(environment({{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "60000000"}}));
    const std::chrono::steady_clock::time_point start(1h);
    const std::pair<std::chrono::seconds, bool> k_steps[] = {{0s, true},  {5s, false},  {14s, false},
                                                             {15s, true}, {29s, false}, {40s, true}};
    for (const auto& [after, fed] : k_steps) {
        manager.alive(start + after);
        BOOST_TEST(ear.heard() == (fed ? "WATCHDOG=1" : ""), after.count() << " s");
    }
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_no_trouble) {
    const std::string k_paths[] = {"", "/nowhere/notify", "relative", "@", "/" + std::string(200, 'x')};
    for (const std::string& path : k_paths) {
        ServiceManager manager(environment({{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "soon"}}));
        manager.send("READY=1");
        manager.alive({});
        BOOST_TEST(!manager.watchdog_step().has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
