#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/notify/outgoing.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::notify;

namespace {

const std::chrono::sys_seconds k_now{std::chrono::seconds(1'790'000'000)};

SinkSettings settings_of(SinkKind kind) {
    SinkSettings settings;
    settings.name = "ops";
    settings.kind = kind;
    settings.secret_ref = {"t", "ops"};
    return settings;
}

SecretValues secret_of(std::initializer_list<std::pair<const char*, const char*>> values) {
    SecretValues secret;
    for (const auto& [key, value] : values)
        secret.emplace(key, SecretString(value));
    return secret;
}

http::Request request_of(const SinkSettings& settings, const SecretValues& secret, Notice notice = sample_notice()) {
    notice.key = "00ff";
    const Sinks sinks = make_sinks({settings});
    return std::get<http::Request>(compose(*sinks.front(), notice, secret, k_now).content);
}

std::string error_of(const SinkSettings& settings, const SecretValues& secret) {
    try {
        request_of(settings, secret);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_notify_outgoing)

BOOST_AUTO_TEST_CASE(webhook_is_signed_over_time_and_body) {
    SinkSettings settings = settings_of(SinkKind::webhook);
    settings.address = "https://deploy.test/hook?x=1";
    settings.template_text = "{}";
    const http::Request request = request_of(settings, secret_of({{"token", "key"}}));
    BOOST_TEST((request.method == http::Method::post));
    BOOST_TEST(request.url == settings.address);
    BOOST_TEST(request.form.reveal() == "{}");
    // printf '1790000000.{}' | openssl dgst -sha256 -hmac key
    const std::vector<std::string> expected = {
        "X-Tidemark-Delivery: 00ff", "X-Tidemark-Timestamp: 1790000000",
        "X-Tidemark-Signature: sha256=099d33989336226b12c85da813adf6100e1bbab1e91bede9a41ddeb7882d66b8"};
    BOOST_TEST(request.headers == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(webhook_tells_all_of_an_event) {
    SinkSettings settings = settings_of(SinkKind::webhook);
    const SecretValues secret = secret_of({{"token", "key"}, {"address", "https://deploy.test/s3cret"}});
    Notice notice = sample_notice();
    notice.event.message = "say \"no\"\n\xff";
    notice.count = 2;
    const http::Request request = request_of(settings, secret, notice);
    BOOST_TEST(request.url == "https://deploy.test/s3cret");
    BOOST_TEST(request.form.reveal() ==
               "{\"id\":\"00ff\",\"time\":\"2026-09-21T14:13:20Z\",\"severity\":\"info\",\"kind\":"
               "\"ImageUpdateAutomation\",\"namespace\":\"flux-system\",\"name\":\"sample\",\"reason\":\"Sample\","
               "\"message\":\"say \\\"no\\\"\\u000a\ufffd\",\"who\":\"tidemark notify test\",\"count\":2,\"details\":"
               "[\"what a Git host says to a push stands here\"],\"facts\":{\"image\":\"ghcr.io/acme/web\",\"new\":"
               "\"1.2.4\",\"old\":\"1.2.3\"}}");
}

BOOST_AUTO_TEST_CASE(chats_get_a_text) {
    for (const SinkKind kind : {SinkKind::slack, SinkKind::mattermost}) {
        SinkSettings settings = settings_of(kind);
        settings.template_text = "{{.Message}}";
        Notice notice = sample_notice();
        notice.event.message = "<!here>";
        const http::Request request = request_of(settings, secret_of({{"address", "https://chat.test/T0/B0"}}), notice);
        BOOST_TEST(request.url == "https://chat.test/T0/B0");
        BOOST_TEST(request.content_type == "application/json");
        BOOST_TEST(request.form.reveal() == R"({"text":"&lt;!here&gt;"})");
    }
}

BOOST_AUTO_TEST_CASE(room_of_matrix_is_part_of_the_path) {
    SinkSettings settings = settings_of(SinkKind::matrix);
    settings.address = "https://matrix.test/";
    settings.room = "!a/b:matrix.test";
    settings.template_text = "hi";
    const http::Request request = request_of(settings, secret_of({{"token", "syt"}}));
    BOOST_TEST((request.method == http::Method::put));
    BOOST_TEST(request.url ==
               "https://matrix.test/_matrix/client/v3/rooms/%21a%2Fb%3Amatrix.test/send/m.room.message/00ff");
    BOOST_TEST(request.authorization.reveal() == "Bearer syt");
    BOOST_TEST(request.form.reveal() == R"({"msgtype":"m.text","body":"hi"})");
}

BOOST_AUTO_TEST_CASE(ntfy_logs_in_as_it_can) {
    SinkSettings settings = settings_of(SinkKind::ntfy);
    settings.address = "https://ntfy.test";
    settings.topic = "deployments";
    settings.template_text = "hi";
    BOOST_TEST(request_of(settings, {}).authorization.empty());
    BOOST_TEST(request_of(settings, secret_of({{"token", "tk"}})).authorization.reveal() == "Bearer tk");
    const http::Request request = request_of(settings, secret_of({{"username", "u"}, {"password", "p"}}));
    BOOST_TEST(request.authorization.reveal() == "Basic dTpw");
    BOOST_TEST(request.form.reveal() == R"({"topic":"deployments","title":"flux-system/sample: Sample","message":"hi",)"
                                        R"("priority":3,"tags":["white_check_mark"]})");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_without_the_secret) {
    SinkSettings slack = settings_of(SinkKind::slack);
    SinkSettings matrix = settings_of(SinkKind::matrix);
    matrix.address = "https://matrix.test";
    matrix.room = "!a:b";
    struct Row {
        SinkSettings settings;
        SecretValues secret;
        std::string words;
    };
    const Row rows[] = {
        {slack, {}, "the Secret t/ops holds no key address"},
        {slack, secret_of({{"address", "chat.test/S3CRET"}}), "the key address of the Secret t/ops is no https://"},
        {slack, secret_of({{"address", "https://me:S3CRET@chat.test/"}}), "the key address of the Secret t/ops is no"},
        {matrix, secret_of({{"password", "x"}}), "the Secret t/ops holds no key token"},
        {matrix, secret_of({{"token", "S3CRET\r\nX-Evil: 1"}}), "has characters that no header may hold"},
    };
    for (const Row& row : rows) {
        const std::string error = error_of(row.settings, row.secret);
        BOOST_TEST(error.find(row.words) != std::string::npos, error);
        BOOST_TEST(error.find("S3CRET") == std::string::npos, error);
    }
}

BOOST_AUTO_TEST_CASE(template_is_tried_when_it_is_read) {
    struct Row {
        SinkKind kind;
        std::string text, words;
    };
    const Row rows[] = {{SinkKind::slack, "{{.Message", "its template cannot be used"},
                        {SinkKind::slack, "{{.Mesage}}", "Mesage"},
                        {SinkKind::slack, "{{nofunction}}", "nofunction"},
                        {SinkKind::webhook, "{{.Message}}", "it gives is no JSON object"},
                        {SinkKind::webhook, "[]", "it gives is no JSON object"},
                        {SinkKind::webhook, "{\"a\": {{toJson .Message}}}", ""}};
    for (const Row& row : rows) {
        SinkSettings settings = settings_of(row.kind);
        settings.template_text = row.text;
        std::string error;
        try {
            make_sinks({settings});
        } catch (const Error& problem) {
            error = problem.what();
        }
        BOOST_TEST(error.empty() == row.words.empty(), error);
        BOOST_TEST(error.find(row.words) != std::string::npos, error);
    }
}

BOOST_AUTO_TEST_CASE(mail_is_addressed_by_the_configuration_alone) {
    SinkSettings settings = settings_of(SinkKind::mail);
    settings.address = "smtp://mail.test:587";
    settings.from = "tidemark@acme.test";
    settings.to = {"ops@acme.test"};
    const Sinks sinks = make_sinks({settings});
    const Outgoing outgoing = compose(*sinks.front(), sample_notice(),
                                      secret_of({{"username", "u"}, {"password", "p"}, {"ca.crt", "PEM"}}), k_now);
    const auto& mail = std::get<http::Mail>(outgoing.content);
    BOOST_TEST((mail.tls_use == http::MailTls::required));
    BOOST_TEST(mail.tls.ca_pem == "PEM");
    BOOST_TEST(mail.username == "u");
    BOOST_TEST(mail.to.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
