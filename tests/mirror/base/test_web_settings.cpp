#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"
#include "mirror/base/web_settings.h"

using namespace tidemark::mirror;

namespace {

WebSettings settings_of(const std::string& text) {
    return parse_configuration(text, "/etc/tidemark/tidemark.yaml").web;
}

std::string error_of(const std::string& text) {
    try {
        settings_of(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_web_settings)

BOOST_AUTO_TEST_CASE(without_keys_only_the_socket_answers) {
    const WebSettings settings = settings_of("state: /srv/state\n");
    BOOST_TEST(settings.listen == "");
    BOOST_TEST(socket_path(settings, "/srv/state") == "/srv/state/service.sock");
    BOOST_TEST(!settings.token.has_value());
    BOOST_TEST(!settings.proxy.has_value());
    BOOST_TEST(settings.stale_is_unready);
}

BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const WebSettings settings = settings_of(
        "socket: run/service.sock\nhooksReport: /srv/report.json\nweb:\n  listen: \"[::1]:8099\"\n"
        "  url: https://tidemark.example/\n  stale: {readyz: false}\n  admin:\n"
        "    tokenSecretRef: {namespace: tidemark, name: web}\n"
        "    proxy: {header: X-Remote-User, trusted: [127.0.0.1, \"::1\"], users: [dana]}\n");
    BOOST_TEST(socket_path(settings, "/srv/state") == "/etc/tidemark/run/service.sock");
    BOOST_TEST(settings.hooks_report == "/srv/report.json");
    BOOST_TEST(settings.listen == "[::1]:8099");
    BOOST_TEST(settings.url == "https://tidemark.example");
    BOOST_TEST(!settings.stale_is_unready);
    BOOST_TEST(settings.token.value().to_string() == "tidemark/web");
    BOOST_TEST(settings.proxy.value().header == "X-Remote-User");
    BOOST_TEST(settings.proxy.value().trusted.size() == 2U);
    BOOST_TEST(settings.proxy.value().users.at(0) == "dana");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    const struct {
        const char* text;
        const char* wanted;
    } table[] = {
        {"web: {listen: localhost:8099}", "web.listen needs an address and a port"},
        {"web: {listen: \"8099\"}", "web.listen needs an address and a port"},
        {"web: {listen: \"::1:8099\"}", "web.listen needs an address and a port"},
        {"web: {listen: \"127.0.0.1:0\"}", "web.listen needs an address and a port"},
        {"web: {listen: \"127.0.0.1:70000\"}", "web.listen needs an address and a port"},
        {"web: {url: tidemark.example}", "web.url needs the scheme and host"},
        {"web: {url: \"https://tidemark.example/page\"}", "web.url needs the scheme and host"},
        {"web: {admin: {proxy: {header: X-User, users: [dana]}}}", "web.admin.proxy.trusted is missing"},
        {"web: {admin: {proxy: {header: X-User, trusted: [\"127.0.0.1\"]}}}", "web.admin.proxy.users is missing"},
        {"web: {admin: {proxy: {trusted: [\"127.0.0.1\"], users: [dana]}}}", "web.admin.proxy.header is missing"},
        {"web: {admin: {proxy: {header: X-User, trusted: [proxy.example], users: [dana]}}}",
         "proxy.example is no address"},
        {"web: {listn: \"127.0.0.1:8099\"}", "listn"},
        {"socket: \"\"", "socket is no path"},
    };
    for (const auto& row : table)
        BOOST_TEST_CONTEXT(row.text) {
            BOOST_TEST(error_of(row.text).find(row.wanted) != std::string::npos, error_of(row.text));
        }
}

BOOST_AUTO_TEST_SUITE_END()
