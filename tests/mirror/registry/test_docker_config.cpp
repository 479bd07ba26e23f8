#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/registry/access.h"

namespace tidemark::mirror::registry {

BOOST_AUTO_TEST_SUITE(registry_docker_config)

namespace {

const policy::RepositoryName k_hub{"index.docker.io", "library/nginx"};
const policy::RepositoryName k_private{"registry.example.com:5000", "team/app"};
const policy::RepositoryName k_azure{"acme.azurecr.io", "web"};

/// "user:password" of the match, "-" for none, "! reason" for a problem.
std::string found(const std::string& json, const policy::RepositoryName& name) {
    const auto credential = docker_config_credential(json, name);
    if (!credential) return "! " + credential.message();
    if (!*credential) return "-";
    return (*credential)->username + ":" + (*credential)->password.reveal();
}

std::string auths(const std::string& key, const std::string& entry = R"({"username":"u","password":"p"})") {
    return R"({"auths":{")" + key + "\":" + entry + "}}";
}

}  // namespace

BOOST_AUTO_TEST_CASE(keys_match_as_the_kubelet_matches_them) {
    struct Row {
        std::string key;
        policy::RepositoryName name;
        bool matches;
    };
    const std::vector<Row> rows = {
        {"https://index.docker.io/v1/", k_hub, true},
        {"index.docker.io", k_hub, true},
        {"docker.io", k_hub, false},
        {"registry.example.com:5000", k_private, true},
        {"https://registry.example.com:5000", k_private, true},
        {"http://registry.example.com:5000/v2/", k_private, true},
        {"registry.example.com", k_private, false},
        {"registry.example.com:5001", k_private, false},
        {"registry.example.com:5000/team", k_private, true},
        {"registry.example.com:5000/tea", k_private, true},
        {"registry.example.com:5000/team/app", k_private, true},
        {"registry.example.com:5000/other", k_private, false},
        {"*.azurecr.io", k_azure, true},
        {"a*e.azurecr.io", k_azure, true},
        {"*.io", k_azure, false},
        {"*", k_azure, false},
        {"*.*.*", k_azure, true},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.key << " for " << row.name.canonical()) {
            BOOST_TEST(found(auths(row.key), row.name) == (row.matches ? "u:p" : "-"));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_last_key_in_byte_order_goes_first) {
    const std::string json = R"({"auths":{"acme.azurecr.io":{"username":"host","password":"1"},
        "acme.azurecr.io/web":{"username":"path","password":"2"},"*.azurecr.io":{"username":"glob","password":"3"}}})";
    BOOST_TEST(found(json, k_azure) == "path:2");
    BOOST_TEST(found(json, {"acme.azurecr.io", "api"}) == "host:1");
    BOOST_TEST(found(json, {"other.azurecr.io", "api"}) == "glob:3");
}

BOOST_AUTO_TEST_CASE(auth_goes_before_user_name_and_password) {
    const auto entry = [](const std::string& auth) {
        return auths("acme.azurecr.io", R"({"username":"x","password":"y","auth":")" + auth + "\"}");
    };
    BOOST_TEST(found(entry("YWxpY2U6czNjcmV0"), k_azure) == "alice:s3cret");
    BOOST_TEST(found(entry("YWxpY2U6YTpi"), k_azure) == "alice:a:b");
    BOOST_TEST(found(entry("YWxpY2U6YTpiYw=="), k_azure) == "alice:a:bc");
    BOOST_TEST(found(entry("YWxpY2U6YTpiYw"), k_azure) == "alice:a:bc");
    BOOST_TEST(found(entry(""), k_azure) == "x:y");
}

BOOST_AUTO_TEST_CASE(tokens_are_read) {
    const auto credential =
        docker_config_credential(auths("acme.azurecr.io", R"({"identitytoken":"id","registrytoken":"reg"})"), k_azure);
    BOOST_REQUIRE(credential.ok());
    BOOST_REQUIRE(credential->has_value());
    BOOST_TEST((*credential)->identity_token.reveal() == "id");
    BOOST_TEST((*credential)->registry_token.reveal() == "reg");
}

BOOST_AUTO_TEST_CASE(documents_without_a_credential_are_anonymous) {
    for (const std::string json : {R"({})", R"({"auths":null})", R"({"auths":{}})", R"({"credsStore":"pass"})",
                                   R"({"auths":{"acme.azurecr.io":{}}})"}) {
        BOOST_TEST(found(json, k_azure) == "-", json);
    }
}

BOOST_AUTO_TEST_CASE(broken_documents_are_named_without_their_content) {
    const std::string canary = "Y2FuYXJ5";
    const std::vector<std::string> documents = {
        "",
        "{",
        "[]",
        "\"" + canary + "\"",
        canary,
        R"({"auths":[]})",
        R"({"auths":{"other.example":{"auth":")" + canary + R"("}}})",   // no colon inside
        R"({"auths":{"other.example":{"auth":"%)" + canary + R"("}}})",  // not base64
        R"({"auths":{"other.example":{"password":{"a":")" + canary + R"("}}}})",
        R"({"auths":{"other.example":")" + canary + R"("}})",
        std::string(2U << 20U, ' '),
    };
    for (const std::string& json : documents) {
        const std::string answer = found(json, k_azure);
        BOOST_TEST_CONTEXT(answer) {
            BOOST_TEST(answer.starts_with("! "));
            BOOST_TEST(answer.find(canary) == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(dockercfg_is_the_map_alone) {
    const auto credential = dockercfg_credential(R"({"acme.azurecr.io":{"auth":"YWxpY2U6czNjcmV0"}})", k_azure);
    BOOST_REQUIRE(credential.ok());
    BOOST_REQUIRE(credential->has_value());
    BOOST_TEST((*credential)->username == "alice");
    BOOST_TEST(!dockercfg_credential(R"({"a":1})", k_azure).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::registry
