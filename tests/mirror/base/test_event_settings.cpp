// notifications: and receivers: of the configuration.
#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"

using namespace tidemark;
using mirror::parse_configuration;

namespace {

/// The error's lines after the first, or nothing.
std::string error_of(const std::string& text) {
    try {
        parse_configuration(text, "t.yaml");
    } catch (const mirror::Error& error) {
        const std::string message = error.what();
        return message.substr(message.find('\n') + 1);
    }
    return "";
}

std::string sink_error(const std::string& keys) {
    return error_of("notifications: [{" + keys + "}]");
}
std::string receiver_error(const std::string& keys) {
    return error_of("receivers: [{" + keys + "}]");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_event_settings)

BOOST_AUTO_TEST_CASE(sink_is_read_with_its_filter) {
    const auto configuration = parse_configuration(R"(
notifications:
  - name: ops
    kind: mail
    address: smtp://mail.acme.test:587
    secretRef: {namespace: tidemark, name: mail}
    from: tidemark@acme.test
    to: [ops@acme.test, dana+x@acme.test]
    starttls: false
    template: "{{.Message}}"
    severity: warning
    reasons: [Pushed, PushRefused]
    kinds: [ImagePolicy]
    objects: [flux-system/web, "apps/*"]
)",
                                                   "t.yaml");
    BOOST_REQUIRE(configuration.notifications.size() == 1U);
    const mirror::SinkSettings& sink = configuration.notifications[0];
    BOOST_TEST(sink.name == "ops");
    BOOST_TEST((sink.kind == mirror::SinkKind::mail));
    BOOST_TEST(sink.address == "smtp://mail.acme.test:587");
    BOOST_TEST(sink.secret_ref->to_string() == "tidemark/mail");
    BOOST_TEST(sink.to.size() == 2U);
    BOOST_TEST(!sink.starttls);
    BOOST_TEST(sink.template_text == "{{.Message}}");
    BOOST_TEST((sink.filter.severity == mirror::LeastSeverity::warning));
    BOOST_TEST(sink.filter.reasons.contains("PushRefused"));
    BOOST_TEST(sink.filter.kinds.contains(policy::ObjectKind::image_policy));
    BOOST_TEST(sink.filter.objects[1].to_string() == "apps/*");
    BOOST_TEST(sink.place.line == 3U);
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_sink_are_named) {
    const std::string secret = ", secretRef: {name: x}";
    struct Row {
        std::string keys, words;
    };
    const Row rows[] = {
        {"kind: slack" + secret, "notifications[].name is missing"},
        {"name: A_b, kind: slack" + secret, "notifications[].name cannot be used"},
        {"name: a, kind: irc" + secret, "webhook, slack, mattermost, matrix, ntfy, mail"},
        {"name: a, kind: slack", "notifications[].secretRef cannot be used: it is missing"},
        {"name: a, kind: slack, address: \"https://hooks.slack.test/services/S3CRET\"" + secret, "it is a secret"},
        {"name: a, kind: ntfy, topic: t", "notifications[].address cannot be used: it is missing"},
        {"name: a, kind: ntfy, address: \"https://ntfy.test\"", "notifications[].topic is missing"},
        {"name: a, kind: ntfy, topic: t, address: \"ftp://ntfy.test\"", "must begin with https://"},
        {"name: a, kind: ntfy, topic: t, address: \"https://me:S3CRET@ntfy.test\"", "a login stands in it"},
        {"name: a, kind: ntfy, topic: t, address: \"https://ntfy.test/a b\"", "a blank"},
        {"name: a, kind: ntfy, topic: t, address: \"https:///x\"", "it names no host"},
        {"name: a, kind: webhook, address: \"https://x.test\"", "notifications[].secretRef cannot be used"},
        {"name: a, kind: matrix, address: \"https://x.test\"" + secret, "notifications[].room is missing"},
        {"name: a, kind: mail, address: \"https://x.test\", from: a@b, to: [c@d]", "smtp:// or smtps://"},
        {"name: a, kind: mail, address: \"smtp://x.test\", from: a@b", "notifications[].to cannot be used"},
        {"name: a, kind: mail, address: \"smtp://x.test\", from: \"a@b>\", to: [c@d]", "looks like name@example.org"},
        {"name: a, kind: mail, address: \"smtp://x.test\", from: a@b, to: [\"c@d\\r\\nBcc: e@f\"]", "looks like"},
        {"name: a, kind: mail, address: \"smtp://x.test\", from: a@b, to: [\"Ops <c@d>\"]", "looks like"},
        {"name: a, kind: slack, to: [c@d]" + secret, "notifications[].to cannot be used: it is for mail"},
        {"name: a, kind: slack, room: x" + secret, "notifications[].room cannot be used: it is for matrix"},
        {"name: a, kind: slack, severity: fatal" + secret, "is none of info, warning, error"},
        {"name: a, kind: slack, kinds: [Secret]" + secret, "they are ImageRepository"},
        {"name: a, kind: slack, objects: [web]" + secret, "namespace/name"},
        {"name: a, kind: slack, objects: [\"*/web\"]" + secret, "namespace/name"},
        {"name: a, kind: slack, colour: red" + secret, "colour"},
    };
    for (const Row& row : rows) {
        const std::string error = sink_error(row.keys);
        BOOST_TEST(error.find(row.words) != std::string::npos, row.keys << ": " << error);
        BOOST_TEST(error.find("S3CRET") == std::string::npos, error);
    }
}

BOOST_AUTO_TEST_CASE(names_are_taken_once) {
    BOOST_TEST(error_of("notifications:\n- {name: a, kind: slack, secretRef: {name: x}}\n"
                        "- {name: a, kind: slack, secretRef: {name: x}}\n")
                   .find("there are two notifications of the name a") != std::string::npos);
    BOOST_TEST(error_of("receivers:\n- {name: a, kind: quay, secretRef: {name: x}}\n"
                        "- {name: a, kind: quay, secretRef: {name: x}}\n")
                   .find("there are two receivers of the name a") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(receiver_is_read) {
    const auto configuration = parse_configuration(
        "receivers: [{name: hub, kind: dockerhub, secretRef: {namespace: t, name: hub}, repositories: [a/b, c/d]}]",
        "t.yaml");
    BOOST_REQUIRE(configuration.receivers.size() == 1U);
    const mirror::ReceiverSettings& receiver = configuration.receivers[0];
    BOOST_TEST(receiver.name == "hub");
    BOOST_TEST((receiver.kind == policy::receiver::Kind::dockerhub));
    BOOST_TEST(receiver.secret_ref.to_string() == "t/hub");
    BOOST_TEST(receiver.repositories->contains({"c", "d"}));
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_receiver_are_named) {
    struct Row {
        std::string keys, words;
    };
    const Row rows[] = {
        {"kind: quay, secretRef: {name: x}", "receivers[].name is missing"},
        {"name: a/b, kind: quay, secretRef: {name: x}", "receivers[].name cannot be used"},
        {"name: a, kind: jfrog, secretRef: {name: x}", "distribution, harbor"},
        {"name: a, kind: quay", "receivers[].secretRef is missing"},
        {"name: a, kind: gitlab, secretRef: {name: x}", "receivers[].repositories is missing: gitlab names no images"},
        {"name: a, kind: quay, secretRef: {name: x}, repositories: [web]", "namespace/name"},
        {"name: a, kind: quay, secretRef: {name: x}, secret: y", "secret"},
    };
    for (const Row& row : rows) {
        const std::string error = receiver_error(row.keys);
        BOOST_TEST(error.find(row.words) != std::string::npos, row.keys << ": " << error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
