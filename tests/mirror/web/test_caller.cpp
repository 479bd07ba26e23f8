#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "mirror/web/caller.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::web;
using tests::TemporaryFolder;

namespace {

constexpr const char* k_token = "0123456789abcdef0123";

struct Scene {
    TemporaryFolder folder;
    service::Live live;
    service::Orders orders;
    LogRing log;
    Site site{live, orders, log, folder.path(), "0"};

    Scene() {
        std::filesystem::permissions(folder.write("secrets/tidemark/web/token", std::string(k_token) + "\n"),
                                     std::filesystem::perms::owner_read);
        SecretStore secrets({folder.path() / "secrets", std::nullopt}, {});
        live.publish(std::make_shared<service::Workspace>(service::Workspace{{}, std::move(secrets)}));
        set(WebSettings{});
    }
    void set(WebSettings settings) {
        settings.listen = "127.0.0.1:8099";
        settings.token = policy::ObjectKey{"tidemark", "web"};
        site.set_settings(settings);
    }
    static Request from(const std::string& address, Pairs headers = {}) {
        Request request;
        request.method = Method::post;
        request.path_text = "/api/v1/commands";
        request.peer.address = address;
        request.headers = std::move(headers);
        return request;
    }
    int status(const Request& request, std::string_view csrf = "") {
        const auto no = find_refusal(find_caller(site, request), request, *site.settings(), csrf);
        return no ? no->status : 200;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_web_caller)

BOOST_AUTO_TEST_CASE(the_sockets_owner_and_group_may_change_things) {
    Scene scene;
    scene.site.set_socket_group(4711);
    const auto may = [&](uid_t user, gid_t group, std::vector<gid_t> groups) {
        Request request = Scene::from("");
        request.peer.user = user;
        request.peer.group = group;
        request.peer.groups = std::move(groups);
        return scene.status(request) == 200;
    };
    BOOST_TEST(may(0, 99, {}));
    BOOST_TEST(may(::geteuid(), 99, {}));
    BOOST_TEST(may(65534, 4711, {}));
    BOOST_TEST(may(65534, 99, {1, 4711}));
    BOOST_TEST(!may(65534, 99, {1, 2}));
}

BOOST_AUTO_TEST_CASE(the_token_opens_and_a_wrong_one_does_not) {
    Scene scene;
    BOOST_TEST(scene.status(Scene::from("192.0.2.1")) == 401);
    BOOST_TEST(scene.status(Scene::from("192.0.2.1", {{"authorization", "Bearer wrong"}})) == 401);
    BOOST_TEST(scene.status(Scene::from("192.0.2.1", {{"authorization", "Bearer "}})) == 401);
    BOOST_TEST(scene.status(Scene::from("192.0.2.1", {{"authorization", std::string("Bearer ") + k_token}})) == 200);
    BOOST_TEST(scene.status(Scene::from("192.0.2.1", {{"authorization", std::string("Basic ") + k_token}})) == 401);
}

BOOST_AUTO_TEST_CASE(a_session_needs_its_own_forms) {
    Scene scene;
    const SignIn signed_in = sign_in(scene.site, Scene::from("192.0.2.1"), k_token, "Dana\n\x1b[31m");
    BOOST_TEST(!signed_in.session.empty());
    const Request request = Scene::from("192.0.2.1", {{"cookie", "other=1; tidemark=" + signed_in.session}});
    const Caller caller = find_caller(scene.site, request);
    BOOST_TEST(caller.who == "Dana[31m");
    BOOST_TEST(scene.status(request) == 403);
    BOOST_TEST(scene.status(request, "guess") == 403);
    BOOST_TEST(scene.status(request, caller.csrf) == 200);
    Request foreign = request;
    foreign.headers.emplace_back("origin", "https://evil.example");
    BOOST_TEST(scene.status(foreign, caller.csrf) == 403);
    foreign.headers.back() = {"sec-fetch-site", "cross-site"};
    BOOST_TEST(scene.status(foreign, caller.csrf) == 403);
    BOOST_TEST(sign_in(scene.site, Scene::from("192.0.2.1"), "wrong", "").session == "");
}

BOOST_AUTO_TEST_CASE(only_a_trusted_proxy_says_who_somebody_is) {
    Scene scene;
    WebSettings settings;
    settings.proxy = ProxySettings{"X-Remote-User", {"10.0.0.1"}, {"dana"}};
    scene.set(settings);
    const Request dana = Scene::from("10.0.0.1", {{"x-remote-user", "dana"}});
    const std::string csrf = find_caller(scene.site, dana).csrf;
    BOOST_TEST(scene.status(dana, csrf) == 200);
    BOOST_TEST(scene.status(dana) == 403);
    BOOST_TEST(scene.status(Scene::from("10.0.0.1", {{"x-remote-user", "eve"}}), csrf) == 403);
    BOOST_TEST(scene.status(Scene::from("10.0.0.2", {{"x-remote-user", "dana"}}), csrf) == 401);
    BOOST_TEST(scene.status(Scene::from("10.0.0.1", {{"x-remote-user", "dana"}, {"x-remote-user", "dana"}}), csrf) ==
               401);
}

BOOST_AUTO_TEST_CASE(a_name_that_was_made_to_lead_here_is_refused) {
    const struct {
        const char* listen;
        const char* url;
        const char* host;
        bool own;
    } table[] = {
        {"127.0.0.1:8099", "", "127.0.0.1:8099", true},
        {"127.0.0.1:8099", "", "localhost:8099", true},
        {"127.0.0.1:8099", "", "evil.example", false},
        {"127.0.0.1:8099", "", "localhost.evil.example", false},
        {"127.0.0.1:8099", "", "", false},
        {"[::1]:8099", "", "[::1]:8099", true},
        {"127.0.0.1:8099", "https://tidemark.example", "tidemark.example", true},
        {"0.0.0.0:8099", "https://tidemark.example", "evil.example", false},
        {"0.0.0.0:8099", "https://tidemark.example:8443", "tidemark.example:8443", true},
        {"0.0.0.0:8099", "", "host.example:8099", true},
    };
    for (const auto& row : table) {
        WebSettings settings;
        settings.listen = row.listen;
        settings.url = row.url;
        BOOST_TEST_CONTEXT(row.listen << " " << row.url << " " << row.host)
        BOOST_TEST(is_own_host(Scene::from("192.0.2.1", {{"host", row.host}}), settings) == row.own);
    }
}

BOOST_AUTO_TEST_CASE(a_cookie_is_kept_from_scripts_and_other_sites) {
    WebSettings settings;
    BOOST_TEST(session_cookie(settings, "abc") == "tidemark=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    settings.url = "https://tidemark.example";
    BOOST_TEST(session_cookie(settings, "") == "tidemark=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
}

BOOST_AUTO_TEST_SUITE_END()
