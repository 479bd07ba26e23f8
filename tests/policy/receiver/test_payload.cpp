#include <boost/test/unit_test.hpp>

#include "policy/receiver/payload.h"

using namespace tidemark::policy::receiver;
using Meaning = Payload::Meaning;

namespace {

/// "nothing", "all", "malformed", or the images: "*/team/app ghcr.io/acme/web".
std::string read(Kind kind, std::string_view body, std::string_view event = {}) {
    Message message;
    message.headers = {{"X-GitHub-Event", event}, {"X-Gitea-Event", event}};
    message.body = body;
    const Payload payload = read_payload(kind, message);
    switch (payload.meaning) {
        case Meaning::all:
            return "all";
        case Meaning::nothing:
            return "nothing";
        case Meaning::malformed:
            return "malformed";
        case Meaning::images:
            break;
    }
    std::string text;
    for (const ImageName& image : payload.images) {
        if (!text.empty()) text += ' ';
        text += (image.registry.empty() ? "*" : image.registry) + "/" + image.repository;
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_receiver_payload)

BOOST_AUTO_TEST_CASE(distribution_names_pushed_and_deleted_tags) {
    // As docker-registry 2.8.2 sends it, a layer and a tag in one envelope.
    BOOST_TEST(read(Kind::distribution, R"({"events":[
        {"id":"2f5a","timestamp":"2026-11-21T06:40:12.1Z","action":"push","target":{"mediaType":
          "application/octet-stream","digest":"sha256:aa","size":64,"length":64,"repository":"team/app",
          "url":"http://127.0.0.1:5000/v2/team/app/blobs/sha256:aa"},"request":{"id":"9","addr":"127.0.0.1:4",
          "host":"127.0.0.1:5000","method":"PUT","useragent":"curl/7.88.1"},"actor":{},"source":{"addr":"h:5000",
          "instanceID":"1"}},
        {"id":"2f5b","timestamp":"2026-11-21T06:40:13Z","action":"push","target":{"mediaType":
          "application/vnd.oci.image.manifest.v1+json","digest":"sha256:bb","size":424,"length":424,
          "repository":"team/app","url":"http://127.0.0.1:5000/v2/team/app/manifests/sha256:bb","tag":"1.2.0"},
          "request":{"id":"10","host":"127.0.0.1:5000","method":"PUT"},"actor":{"name":"alice"},"source":{}}]})") ==
               "*/team/app");
    const auto event = [](std::string_view action, std::string_view target) {
        return std::string(R"({"events":[{"action":")").append(action).append(R"(","target":)").append(target) + "}]}";
    };
    BOOST_TEST(read(Kind::distribution, event("push", R"({"repository":"a/b"})")) == "nothing");
    BOOST_TEST(read(Kind::distribution, event("pull", R"({"repository":"a/b","tag":"1"})")) == "nothing");
    BOOST_TEST(read(Kind::distribution, event("mount", R"({"repository":"a/b","tag":"1"})")) == "nothing");
    BOOST_TEST(read(Kind::distribution, event("delete", R"({"repository":"a/b"})")) == "*/a/b");
    BOOST_TEST(read(Kind::distribution, R"({"events":[]})") == "nothing");
    BOOST_TEST(read(Kind::distribution, R"({"events":[1,"x",null,[],{}]})") == "nothing");
    BOOST_TEST(read(Kind::distribution, R"({"events":{}})") == "malformed");
    BOOST_TEST(read(Kind::distribution, R"({})") == "malformed");
}

BOOST_AUTO_TEST_CASE(harbor_names_the_repository_in_both_its_forms) {
    BOOST_TEST(read(Kind::harbor, R"({"type":"PUSH_ARTIFACT","occur_at":1680501893,"operator":"harbor-jobservice",
        "event_data":{"resources":[{"digest":"sha256:954b","tag":"1.0","resource_url":"harbor.dev/library/debian:1.0"}],
        "repository":{"date_created":1586922308,"name":"debian","namespace":"library","repo_full_name":
        "library/debian","repo_type":"public"}}})") == "*/library/debian");
    BOOST_TEST(read(Kind::harbor,
                    R"({"specversion":"1.0","id":"4c2fa","requestid":"8a37","source":"/projects/1/webhook/policies/15",
        "type":"harbor.artifact.pushed","datacontenttype":"application/json","time":"2023-04-03T06:04:53Z","data":{
        "resources":[{"digest":"sha256:954b","tag":"1.0","resource_url":"harbor.dev/library/debian:1.0"}],"repository":{
        "name":"debian","namespace":"library","repo_full_name":"library/debian","repo_type":"public"}},
        "operator":"robot$library+ci"})") == "*/library/debian");
    BOOST_TEST(read(Kind::harbor, R"({"type":"PULL_ARTIFACT","event_data":{"repository":{"repo_full_name":"a/b"}}})") ==
               "nothing");
    BOOST_TEST(read(Kind::harbor, R"({"type":"SCANNING_COMPLETED","event_data":{}})") == "nothing");
    BOOST_TEST(read(Kind::harbor, R"({"type":"PUSH_ARTIFACT","event_data":{"repository":{"repo_full_name":7}}})") ==
               "nothing");
    BOOST_TEST(read(Kind::harbor, R"({"type":{}})") == "malformed");
}

BOOST_AUTO_TEST_CASE(docker_hub_names_a_repository_of_its_own) {
    BOOST_TEST(read(Kind::dockerhub, R"({"callback_url":"https://registry.hub.docker.com/u/acme/web/hook/2141b/",
        "push_data":{"pushed_at":1417566161,"pusher":"trustedbuilder","tag":"latest"},"repository":{"comment_count":0,
        "dockerfile":"#\n# BUILD\u0009\u0009","is_private":true,"name":"web","namespace":"acme","owner":"acme",
        "repo_name":"acme/web","repo_url":"https://registry.hub.docker.com/u/acme/web/","status":"Active"}})") ==
               "index.docker.io/acme/web");
    BOOST_TEST(read(Kind::dockerhub, R"({"repository":{"repo_name":"nginx"}})") == "index.docker.io/library/nginx");
    BOOST_TEST(read(Kind::dockerhub, R"({"repository":{"repo_name":"a b"}})") == "malformed");
    BOOST_TEST(read(Kind::dockerhub, R"({"repository":"acme/web"})") == "malformed");
}

BOOST_AUTO_TEST_CASE(quay_names_the_address_to_pull_from) {
    BOOST_TEST(read(Kind::quay, R"({"name":"web","repository":"acme/web","namespace":"acme","docker_url":
        "quay.io/acme/web","homepage":"https://quay.io/repository/acme/web","updated_tags":["1.2.3"]})") ==
               "quay.io/acme/web");
    BOOST_TEST(read(Kind::quay, R"({"docker_url":"quay.acme.test:8443/acme/web","updated_tags":{"1":"b750"}})") ==
               "quay.acme.test:8443/acme/web");
    BOOST_TEST(read(Kind::quay, R"({"repository":"acme/web"})") == "malformed");
}

BOOST_AUTO_TEST_CASE(github_names_container_packages) {
    const std::string body = R"({"action":"published","package":{"id":12,"name":"web","namespace":"Acme","ecosystem":
        "CONTAINER","package_type":"CONTAINER","owner":{"login":"Acme","id":1},"package_version":{"id":99,"version":
        "sha256:1b","name":"sha256:1b","container_metadata":{"tag":{"name":"1.2.3","digest":"sha256:1b"}},
        "package_url":"ghcr.io/acme/web:1.2.3"},"registry":{"vendor":"GitHub Inc","type":"CONTAINER"}},
        "repository":{"full_name":"Acme/web"},"sender":{"login":"dana"}})";
    BOOST_TEST(read(Kind::github, body, "package") == "ghcr.io/acme/web");
    BOOST_TEST(read(Kind::github, body, "registry_package") == "malformed");
    BOOST_TEST(read(Kind::github,
                    R"({"registry_package":{"name":"team/web","namespace":"Acme","package_type":"CONTAINER",
        "package_version":{"package_url":""}}})",
                    "registry_package") == "ghcr.io/acme/team/web");
    BOOST_TEST(read(Kind::github, R"({"package":{"name":"web","owner":{"login":"acme"},"package_type":"docker"}})",
                    "package") == "ghcr.io/acme/web");
    BOOST_TEST(read(Kind::github, R"({"package":{"name":"web","namespace":"acme","package_type":"npm"}})", "package") ==
               "nothing");
    BOOST_TEST(read(Kind::github, R"({"package":{"package_type":"CONTAINER"}})", "package") == "malformed");
    BOOST_TEST(read(Kind::github, R"({"zen":"Keep it logically awesome.","hook_id":1})", "ping") == "nothing");
    BOOST_TEST(read(Kind::github, R"({"ref":"refs/heads/main"})", "push") == "nothing");
}

BOOST_AUTO_TEST_CASE(gitea_names_container_packages) {
    BOOST_TEST(read(Kind::gitea, R"({"action":"created","repository":null,"package":{"id":3,"owner":{"id":1,"login":
        "Acme","username":"Acme"},"repository":null,"creator":{"login":"dana"},"type":"container","name":"web",
        "version":"1.2.3","html_url":"https://git.acme.test/acme/-/packages/container/web/1.2.3","created_at":
        "2026-11-21T06:40:13Z"},"organization":null,"sender":{"login":"dana"}})",
                    "package") == "*/acme/web");
    BOOST_TEST(read(Kind::gitea, R"({"package":{"owner":{"login":"acme"},"type":"npm","name":"web"}})", "package") ==
               "nothing");
    BOOST_TEST(read(Kind::gitea, R"({"ref":"refs/heads/main"})", "push") == "nothing");
    BOOST_TEST(read(Kind::gitea, R"({"package":{"type":"container","name":"web"}})", "package") == "malformed");
}

BOOST_AUTO_TEST_CASE(gitlab_never_names_an_image) {
    BOOST_TEST(read(Kind::gitlab, R"({"object_kind":"pipeline","object_attributes":{"id":31,"status":"success"},
        "project":{"path_with_namespace":"acme/web"}})") == "all");
    BOOST_TEST(!names_images(Kind::gitlab));
}

BOOST_AUTO_TEST_CASE(generic_body_may_name_images) {
    BOOST_TEST(read(Kind::generic_hmac, "{}") == "all");
    BOOST_TEST(read(Kind::generic_hmac, R"({"image":"ghcr.io/acme/web:1.2.3"})") == "ghcr.io/acme/web");
    BOOST_TEST(read(Kind::generic_hmac, R"({"images":["nginx","ghcr.io/acme/web","nginx:1"]})") ==
               "index.docker.io/library/nginx ghcr.io/acme/web");
    BOOST_TEST(read(Kind::generic_hmac, R"({"images":[]})") == "malformed");
    BOOST_TEST(read(Kind::generic_hmac, R"({"image":"https://x/y z"})") == "malformed");
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_malformed) {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    std::string deep_in_a_name = R"({"events":)";
    for (int i = 0; i < 40; ++i)
        deep_in_a_name += R"({"a":)";
    const std::string bodies[] = {
        "",
        " ",
        "null",
        "1",
        "\"x\"",
        "[]",
        "{",
        "{}}",
        deep,
        "{\"events\":" + deep + "}",
        deep_in_a_name + "1" + std::string(41, '}'),
        std::string(1, '\0'),
        "{\"events\":\"\xff\xfe\"}",
        "{\"events\":\"\xed\xa0\x80\"}",
        R"({"events":1e999})",
        R"({"events":)" + std::string(100'000, '9') + "}",
        R"({"events":[{"action":"push","target":{"repository":"\ud800","tag":"1"}}]})",
        "{}" + std::string(k_body_limit, ' '),
        "<html>portal</html>",
        "\xef\xbb\xbf",
    };
    for (const std::string_view word : kind_words()) {
        for (const std::string& body : bodies)
            BOOST_TEST(read(*find_kind(word), body, "package") == "malformed",
                       word << ": " << body.substr(0, 40) << " of " << body.size());
    }
}

BOOST_AUTO_TEST_CASE(first_of_equal_keys_counts) {
    BOOST_TEST(read(Kind::quay, R"({"docker_url":"quay.io/a/b","docker_url":"quay.io/c/d"})") == "quay.io/a/b");
}

BOOST_AUTO_TEST_CASE(number_and_length_of_names_are_limited) {
    std::string body = R"({"images":[")" + std::string(100'000, 'a') + "\"";
    for (int i = 0; i < 5000; ++i)
        body += ",\"quay.io/acme/web" + std::to_string(i) + "\"";
    Message message;
    body += "]}";
    message.body = body;
    BOOST_TEST(read_payload(Kind::generic_hmac, message).images.size() == k_image_limit);
}

BOOST_AUTO_TEST_SUITE_END()
