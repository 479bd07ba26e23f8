// Questions over HTTP to a server that answers as told.
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "mirror/forge/open_request.h"
#include "tests/support/servers.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::forge;

namespace {

const char* const k_token = "canary-7f3a91";
const Question k_question{"acme/fleet", "flux-imageupdates", "main"};
const char* const k_pull =
    R"([{"number": 12, "state": "open", "title": "Bump for $http_authorization", "html_url": "https://git.example/12",
        "head": {"ref": "flux-imageupdates", "repo_id": 7}, "base": {"ref": "main", "repo_id": 7}}])";

/// One nginx; each path below its root is a forge of its own.
struct Server {
    tests::TempFolder folder;
    tests::Nginx nginx{folder / "nginx", R"(
        server {
            listen 127.0.0.1:@PORT1@;
            location /open/ { return 200 ')" +
                                             std::string(k_pull) + R"('; }
            location /none/ { return 200 '[]'; }
            location /page/ { return 200 '<html>Sign in</html>'; }
            location /moved/ { return 302 https://elsewhere.example/$http_authorization; }
            location /401/ { return 401 '{"message": "bad $http_authorization"}'; }
            location /403/ { return 403 '{"message": "no scope"}'; }
            location /404/ { return 404 '{"message": "404 Project Not Found"}'; }
            location /busy/ { add_header Retry-After 7 always; return 429 'slow down'; }
            location /limit/ { add_header X-RateLimit-Remaining 0 always; return 403 '{"message": "rate limit exceeded"}'; }
            location /broken/ { return 502 '<html>bad gateway</html>'; }
            location /silent/ { return 444; }
            location /second/ {
                if ($arg_page = 1) { add_header Link '<http://127.0.0.1:1/x?page=2>; rel="next"'; return 200 '[]'; }
                return 200 ')" + std::string(k_pull) +
                                             R"(';
            }
            location /endless/ { add_header Link '<http://127.0.0.1:1/x?page=2>; rel="next"'; return 200 '[]'; }
            location /huge/ { alias @FOLDER@/; try_files /huge =500; }
        })"};
    http::Client client;

    Forge forge(const std::string& path, ForgeKind kind = ForgeKind::gitea, bool token = true) const {
        Forge made;
        made.kind = kind;
        made.host = "git.example";
        made.api = fmt::format("http://{}/{}", nginx.host(), path);
        if (token) made.token = SecretString(k_token);
        if (token) made.token_secret = policy::ObjectKey{"tidemark", "forge"};
        return made;
    }

    /// nginx writes a request down after it has answered.
    std::vector<std::string> written_down(std::size_t least) const {
        tests::wait_until([&] { return nginx.requests().size() >= least; }, "the requests to be written down");
        return nginx.requests();
    }

    std::string ask(const Forge& from) {
        try {
            const auto found = find_open_request(client, from, k_question);
            return found ? found->reference + " " + found->title : "none";
        } catch (const ForgeAway& error) {
            return fmt::format("away {}: {}", error.pause() ? error.pause()->count() : -1, error.what());
        } catch (const Error& error) {
            return error.what();
        }
    }
    std::string ask(const std::string& path, ForgeKind kind = ForgeKind::gitea, bool token = true) {
        return ask(forge(path, kind, token));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_forge_open_request)

BOOST_AUTO_TEST_CASE(each_kind_is_shown_the_token_in_its_way) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    BOOST_TEST(server.ask("open") == "#12 Bump for token ***");
    BOOST_TEST(server.ask("open", ForgeKind::github) == "#12 Bump for Bearer ***");
    BOOST_TEST(server.ask("open", ForgeKind::gitea, false) == "#12 Bump for ");
    BOOST_TEST(server.ask("none", ForgeKind::gitlab) == "none");
    const std::vector<std::string> requests = server.written_down(4);
    BOOST_REQUIRE(requests.size() == 4U);
    BOOST_TEST(requests[0].find("/open/repos/acme/fleet/pulls?state=open&base_branch=main") != std::string::npos,
               requests[0]);
    BOOST_TEST(requests[0].ends_with("token canary-7f3a91"), requests[0]);
    BOOST_TEST(requests[1].ends_with("Bearer canary-7f3a91"), requests[1]);
    BOOST_TEST(requests[2].ends_with(" -"), requests[2]);
    BOOST_TEST(requests[3].find("/projects/acme%2Ffleet/merge_requests?") != std::string::npos, requests[3]);
    BOOST_TEST(requests[3].ends_with("Bearer canary-7f3a91"), requests[3]);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_with_what_to_do_and_without_the_token) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    BOOST_TEST(
        server.ask("401") ==
        "git.example answered 401 (bad token ***): it does not take the token of the Secret tidemark/forge; put a "
        "valid one there");
    BOOST_TEST(server.ask("401", ForgeKind::gitea, false) ==
               "git.example answered 401 (bad ): strangers may not read its requests; name a token in tokenSecretRef");
    BOOST_TEST(server.ask("403") ==
               "git.example answered 403 (no scope): the token of the Secret tidemark/forge may not read requests of "
               "acme/fleet; give it that right");
    BOOST_TEST(
        server.ask("404") ==
        "git.example answered 404 (404 Project Not Found): there is no repository acme/fleet, or the token of the "
        "Secret tidemark/forge may not see it; then give it that right");
    BOOST_TEST(server.ask("moved") ==
               "git.example answered 302, which leads to https://elsewhere.example/token ***: that is not followed; "
               "write in forges: of the configuration the url it leads to");
    BOOST_TEST(
        server.ask("page") ==
        "git.example answered with no list of requests: it is a page, not JSON; look at url and kind in forges: of "
        "the configuration");
}

BOOST_AUTO_TEST_CASE(a_forge_that_cannot_answer_is_told_from_one_that_refuses) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    BOOST_TEST(server.ask("busy") ==
               "away 7: git.example answered 429 (slow down): it was asked too often, and is left alone for a while");
    BOOST_TEST(
        server.ask("limit", ForgeKind::github) ==
        "away -1: git.example answered 403 (rate limit exceeded): it was asked too often, and is left alone for a "
        "while");
    BOOST_TEST(server.ask("broken") == "away -1: git.example answered 502; it is asked again when it has had a rest");
    BOOST_TEST(server.ask("silent").starts_with("away -1: git.example cannot be reached: "), server.ask("silent"));
    Forge nobody = server.forge("open");
    nobody.api = "http://127.0.0.1:1/api/v1";
    BOOST_TEST(server.ask(nobody).starts_with("away -1: git.example cannot be reached: "), server.ask(nobody));
}

BOOST_AUTO_TEST_CASE(pages_are_followed_on_the_same_host_and_have_an_end) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    BOOST_TEST(server.ask("second") == "#12 Bump for token ***");
    server.written_down(2);
    server.nginx.forget_requests();
    BOOST_TEST(server.ask("endless") ==
               "git.example lists more than 500 open requests of acme/fleet, and this one is not among the first");
    BOOST_TEST(server.written_down(10).size() == 10U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_cut_off) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    tests::write_text(server.folder / "nginx/huge", "[" + std::string(9'000'000, ' ') + "]");
    BOOST_TEST(server.ask("huge") == "git.example answered with more than 8 MiB");
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_the_question) {
    if (tests::skip_without({"nginx"})) return;
    Server server;
    std::stop_source stop;
    stop.request_stop();
    BOOST_CHECK_THROW(find_open_request(server.client, server.forge("open"), k_question, stop.get_token()), Error);
    BOOST_TEST(server.client.active() == 0U);
    BOOST_TEST(server.ask("none") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
