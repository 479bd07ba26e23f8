#include <cstring>
#include <fstream>

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "mirror/base/error.h"
#include "mirror/service/push_listener.h"
#include "policy/objects/read.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using namespace std::chrono_literals;
using tests::TemporaryFolder;

namespace {

constexpr const char* k_objects =
    "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: fleet, namespace: shop}\n"
    "spec: {url: \"https://git.example/acme/fleet.git\", interval: 1m}\n"
    "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: fleet, namespace: "
    "shop}\nspec: {interval: 1h, sourceRef: {kind: GitRepository, name: fleet}, git: {commit: {author: {email: "
    "bot@example.org}}, push: {branch: bumps}}}\n";
constexpr const char* k_line = "{\"event\":\"push\",\"repository\":\"acme/fleet\",\"path\":\"\",\"refs\":[]}\n";

OpenDescriptor connect_to(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    OpenDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    BOOST_REQUIRE_EQUAL(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
}

struct Scene {
    TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "push.sock";
    Orders orders;
    Live live;
    PushListener listener{orders, live};

    Scene() {
        Workspace workspace{policy::read_objects({{"objects.yaml", k_objects}}), SecretStore({}, {})};
        live.publish(std::make_shared<const Workspace>(std::move(workspace)));
        listener.configure(path);
    }
    /// Until the listener has closed it.
    void say(const std::string& text) {
        const OpenDescriptor socket = connect_to(path);
        ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
        char end = 0;
        [[maybe_unused]] const ssize_t got = ::recv(socket.get(), &end, 1, 0);
    }
    bool is_told() {
        std::set<policy::ObjectKey> looks;
        for (int i = 0; i < 60 && looks.empty(); ++i) {
            orders.wait_until(std::chrono::steady_clock::now() + 1s);
            looks = orders.take_looks();
        }
        return looks == std::set<policy::ObjectKey>{{"shop", "fleet"}};
    }
    std::uint64_t count(const std::string& result) { return live.counters().push_notices[result]; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_push_listener)

BOOST_AUTO_TEST_CASE(a_push_to_a_known_repository_is_handed_on) {
    Scene scene;
    scene.say(k_line);
    BOOST_TEST(scene.is_told());
    BOOST_TEST(scene.count("known") == 1U);
}

BOOST_AUTO_TEST_CASE(what_comes_at_once_is_two_looks) {
    Scene scene;
    scene.say(k_line);
    // None of these waits for another's end, so that all come well within k_distance.
    const std::string_view line = k_line;
    std::vector<OpenDescriptor> callers;
    for (int i = 0; i < 19; ++i) {
        callers.push_back(connect_to(scene.path));
        ::send(callers.back().get(), line.data(), line.size(), MSG_NOSIGNAL);
    }
    char end = 0;
    for (const OpenDescriptor& caller : callers)
        BOOST_TEST(::recv(caller.get(), &end, 1, 0) == 0);
    BOOST_TEST(scene.is_told());
    BOOST_TEST(scene.is_told());
    BOOST_TEST(scene.count("known") == 20U);
    scene.orders.wait_until(std::chrono::steady_clock::now() + 100ms);
    BOOST_TEST(scene.orders.take_looks().empty());
}

BOOST_AUTO_TEST_CASE(hostile_callers_are_let_go_and_hold_up_nobody) {
    Scene scene;
    const OpenDescriptor silent = connect_to(scene.path);
    scene.say("no JSON\n");
    scene.say(std::string(PushListener::k_most_bytes + 10, 'x'));
    scene.say("{\"event\":\"push\",\"repository\":\"acme/nothing\"}\n");
    scene.say(std::string(k_line) + k_line + "more");
    BOOST_TEST(scene.is_told());
    char end = 0;
    BOOST_TEST(::recv(silent.get(), &end, 1, 0) == 0);  // once its time is over
    BOOST_TEST(scene.count("malformed") == 3U);
    BOOST_TEST(scene.count("unknown") == 1U);
    BOOST_TEST(scene.count("known") == 1U);
}

BOOST_AUTO_TEST_CASE(many_silent_callers_make_others_wait_but_not_for_ever) {
    Scene scene;
    std::vector<OpenDescriptor> silent;
    for (std::size_t i = 0; i < PushListener::k_most_callers + 10; ++i)
        silent.push_back(connect_to(scene.path));
    scene.say(k_line);
    BOOST_TEST(scene.is_told());
}

BOOST_AUTO_TEST_CASE(everybody_may_write_to_the_socket_which_goes_with_the_listener) {
    Scene scene;
    struct stat info {};
    BOOST_REQUIRE_EQUAL(::stat(scene.path.c_str(), &info), 0);
    BOOST_TEST((info.st_mode & 0777U) == 0666U);
    scene.listener.configure(scene.folder.path() / "other.sock");
    BOOST_TEST(!std::filesystem::exists(scene.path));
    scene.path = scene.folder.path() / "other.sock";
    scene.say(k_line);
    BOOST_TEST(scene.is_told());
    scene.listener.configure("");
    BOOST_TEST(!std::filesystem::exists(scene.path));
}

BOOST_AUTO_TEST_CASE(a_left_over_socket_is_replaced_and_nothing_else) {
    Scene scene;
    const auto other = scene.folder.path() / "left.sock";
    listen_locally(other, "postReceive", 0600);  // closed at once: nobody listens
    BOOST_TEST(std::filesystem::exists(other));
    scene.listener.configure(other);
    scene.path = other;
    scene.say(k_line);
    BOOST_TEST(scene.is_told());

    std::ofstream(scene.folder.path() / "file") << "mine";
    BOOST_CHECK_THROW(scene.listener.configure(scene.folder.path() / "file"), Error);
    BOOST_CHECK_THROW(scene.listener.configure(std::filesystem::path("/") / std::string(200, 'x')), Error);
    scene.say(k_line);
    BOOST_TEST(scene.is_told());  // it listens where it did
    PushListener second(scene.orders, scene.live);
    BOOST_CHECK_THROW(second.configure(other), Error);
}

BOOST_AUTO_TEST_SUITE_END()
