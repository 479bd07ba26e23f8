// forges: of the configuration.
#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"

using namespace tidemark::mirror;

namespace {

std::vector<ForgeSettings> forges_of(const std::string& text) {
    return parse_configuration(text, "t.yaml").forges;
}

/// The error's lines after the first, or nothing.
std::string error_of(const std::string& text) {
    try {
        forges_of(text);
    } catch (const Error& error) {
        const std::string message = error.what();
        return message.substr(message.find('\n') + 1);
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_forge_settings)

BOOST_AUTO_TEST_CASE(without_the_key_no_forge_is_asked) {
    BOOST_TEST(forges_of("state: /srv/state\n").empty());
}

BOOST_AUTO_TEST_CASE(forges_are_read) {
    const auto forges = forges_of(
        "forges:\n- host: Git.Example\n  kind: gitea\n  tokenSecretRef: {namespace: tidemark, name: forge}\n"
        "- {host: \"git.example:2222\", kind: forgejo, url: \"https://git.example/git/\"}\n"
        "- {host: \"lab.example:443\", kind: gitlab, url: \"http://lab.example\"}\n"
        "- {host: github.com, kind: github}\n"
        "- {host: \"127.0.0.1:3000\", kind: gitea, url: \"http://127.0.0.1:3000\", tokenSecretRef: {name: forge}}\n");
    BOOST_REQUIRE(forges.size() == 5U);
    BOOST_TEST(forges[0].host == "git.example");
    BOOST_TEST((forges[0].kind == ForgeKind::gitea));
    BOOST_TEST(forges[0].url == "https://git.example");
    BOOST_TEST(forges[0].token_secret_ref.value().to_string() == "tidemark/forge");
    BOOST_TEST(forges[0].place.line == 2U);
    BOOST_TEST(forges[1].host == "git.example:2222");
    BOOST_TEST((forges[1].kind == ForgeKind::forgejo));
    BOOST_TEST(forges[1].url == "https://git.example/git");
    BOOST_TEST(!forges[1].token_secret_ref.has_value());
    BOOST_TEST(forges[2].host == "lab.example");
    BOOST_TEST((forges[2].kind == ForgeKind::gitlab));
    BOOST_TEST((forges[3].kind == ForgeKind::github));
    BOOST_TEST(forges[4].url == "http://127.0.0.1:3000");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_place) {
    const struct {
        const char* text;
        const char* wanted;
    } table[] = {
        {"forges: [{kind: gitea}]", "t.yaml:1:10: forges[].host is missing"},
        {"forges: [{host: \"https://git.example\", kind: gitea}]",
         "t.yaml:1:17: forges[].host cannot be used: it is a host"},
        {"forges: [{host: git.example/acme, kind: gitea}]", "forges[].host cannot be used"},
        {"forges: [{host: \"git.example:0\", kind: gitea}]", "forges[].host cannot be used"},
        {"forges: [{host: git.example}]", "forges[].kind is missing"},
        {"forges: [{host: git.example, kind: bitbucket}]",
         "t.yaml:1:36: forges[].kind cannot be used: it is one of gitea, forgejo, gitlab, github"},
        {"forges: [{host: \"git.example:2222\", kind: gitea}]",
         "t.yaml:1:10: forges[].url cannot be used: it is missing, as the host has a port"},
        {"forges: [{host: \"[::1]:2222\", kind: gitea}]", "forges[].url cannot be used: it is missing"},
        {"forges: [{host: git.example, kind: gitea, url: git.example}]",
         "t.yaml:1:48: forges[].url cannot be used: it must begin with https:// or http://"},
        {"forges: [{host: git.example, kind: gitea, url: \"https://dana:key@git.example\"}]",
         "forges[].url cannot be used: a login stands in it"},
        {"forges: [{host: git.example, kind: gitea, url: \"https://git.example?token=key\"}]", "without ? and #"},
        {"forges: [{host: git.example, kind: gitea, url: \"https://git example\"}]", "a blank"},
        {"forges: [{host: git.example, kind: gitea, url: \"https://\"}]", "it names no host"},
        {"forges: [{host: git.example, kind: gitea, url: \"http://git.example\", tokenSecretRef: {name: forge}}]",
         "t.yaml:1:48: forges[].url cannot be used: a token is not sent over plain http: use https"},
        {"forges: [{host: git.example, kind: gitea, token: key}]", "token"},
        {"forges: [{host: git.example, kind: gitea, tokenSecretRef: {nam: forge}}]", "nam"},
        {"forges: [{host: git.example, kind: gitea, tokenSecretRef: forge}]", "tokenSecretRef"},
        {"forges: {host: git.example}", "forges"},
        {"forges:\n- {host: git.example, kind: gitea}\n- {host: \"GIT.example:443\", kind: gitlab}\n",
         "t.yaml:3:3: there are two forges of the host git.example"},
    };
    for (const auto& [text, wanted] : table) {
        const std::string error = error_of(text);
        BOOST_TEST(error.find(wanted) != std::string::npos, text << ": " << error);
        BOOST_TEST(error.find("key@") == std::string::npos, error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
