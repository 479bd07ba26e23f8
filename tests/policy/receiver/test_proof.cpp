#include <boost/test/unit_test.hpp>

#include "policy/receiver/proof.h"
#include "tests/policy/receiver/signing.h"

using namespace tidemark::policy::receiver;
using tidemark::tests::hmac_hex;

namespace {

const std::string k_secret = "wyM7mFvq0aBzRr3L";
const std::chrono::sys_seconds k_now{std::chrono::seconds(1'790'000'000)};

Proof check(Kind kind, std::string header, std::string value, std::string body = "{}", std::string token = {}) {
    Message message;
    if (!header.empty()) message.headers.emplace_back(header, value);
    message.query_token = token;
    message.body = body;
    return check_proof(kind, k_secret, message, k_now);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_receiver_proof)

BOOST_AUTO_TEST_CASE(each_sender_shows_the_secret_in_its_own_way) {
    const std::string signature = hmac_hex(k_secret, "{}");
    // "hook:" and the secret in base64
    const std::string basic = "Basic aG9vazp3eU03bUZ2cTBhQnpScjNM";
    struct Row {
        Kind kind;
        std::string header, value;
        bool valid;
    };
    const Row rows[] = {
        {Kind::distribution, "Authorization", "Bearer " + k_secret, true},
        {Kind::distribution, "authorization", "bearer " + k_secret, true},
        {Kind::distribution, "Authorization", k_secret, true},
        {Kind::distribution, "Authorization", basic, true},
        {Kind::distribution, "Authorization", "Bearer " + k_secret + "x", false},
        {Kind::distribution, "Authorization", "Bearer", false},
        {Kind::distribution, "Authorization", "Bearer ", false},
        {Kind::distribution, "Authorization", "Basic !!!", false},
        {Kind::distribution, "X-Gitlab-Token", k_secret, false},
        {Kind::distribution, "", "", false},
        {Kind::harbor, "Authorization", k_secret, true},
        {Kind::harbor, "Authorization", "Secret " + k_secret, false},
        {Kind::gitlab, "X-Gitlab-Token", k_secret, true},
        {Kind::gitlab, "x-gitlab-token", k_secret, true},
        {Kind::gitlab, "X-Gitlab-Token", k_secret.substr(1), false},
        {Kind::gitlab, "Authorization", k_secret, false},
        {Kind::dockerhub, "Authorization", "Bearer " + k_secret, true},
        {Kind::quay, "Authorization", "Bearer " + k_secret, true},
        {Kind::quay, "Authorization", "", false},
        {Kind::github, "X-Hub-Signature-256", "sha256=" + signature, true},
        {Kind::github, "x-hub-signature-256", "sha256=" + signature, true},
        {Kind::github, "X-Hub-Signature-256", "sha256=" + signature.substr(1), false},
        {Kind::github, "X-Hub-Signature-256", "sha256=" + std::string(64, '0'), false},
        {Kind::github, "X-Hub-Signature-256", "sha256=" + std::string(64, 'g'), false},
        {Kind::github, "X-Hub-Signature-256", "", false},
        {Kind::github, "X-Hub-Signature", "sha1=" + signature, false},
        {Kind::github, "Authorization", k_secret, false},
        {Kind::gitea, "X-Gitea-Signature", signature, true},
        {Kind::gitea, "X-Forgejo-Signature", signature, true},
        {Kind::gitea, "X-Hub-Signature-256", "sha256=" + signature, true},
        {Kind::gitea, "X-Gitea-Signature", hmac_hex("another", "{}"), false},
        {Kind::generic_hmac, "X-Signature", "sha256=" + signature, true},
        {Kind::generic_hmac, "X-Tidemark-Signature", "sha256=" + signature, true},
        {Kind::generic_hmac, "X-Signature", "sha1=" + signature, false},
        {Kind::generic_hmac, "X-Signature", hmac_hex(k_secret, "{} "), false},
    };
    for (const Row& row : rows)
        BOOST_TEST(check(row.kind, row.header, row.value).valid == row.valid,
                   to_string(row.kind) << ", " << row.header << ": " << row.value);
}

BOOST_AUTO_TEST_CASE(only_senders_without_headers_may_show_it_in_the_address) {
    for (const std::string_view word : kind_words()) {
        const Kind kind = *find_kind(word);
        const bool may = kind == Kind::dockerhub || kind == Kind::quay;
        BOOST_TEST(check(kind, "", "", "{}", k_secret).valid == may, word);
        BOOST_TEST(!check(kind, "", "", "{}", "other").valid, word);
    }
}

BOOST_AUTO_TEST_CASE(header_goes_before_the_address) {
    BOOST_TEST(!check(Kind::quay, "Authorization", "Bearer wrong", "{}", k_secret).valid);
}

BOOST_AUTO_TEST_CASE(better_signature_does_not_rescue_a_wrong_one) {
    Message message;
    const std::string right = hmac_hex(k_secret, "{}");
    const std::string wrong = hmac_hex("another", "{}");
    message.headers = {{"X-Hub-Signature-256", right}, {"X-Forgejo-Signature", wrong}};
    message.body = "{}";
    BOOST_TEST(!check_proof(Kind::gitea, k_secret, message, k_now).valid);
}

BOOST_AUTO_TEST_CASE(header_that_is_there_twice_proves_nothing) {
    Message message;
    message.headers = {{"X-Gitlab-Token", k_secret}, {"x-gitlab-token", "other"}};
    BOOST_TEST(!check_proof(Kind::gitlab, k_secret, message, k_now).valid);
}

BOOST_AUTO_TEST_CASE(empty_secret_proves_nothing) {
    Message message;
    const std::string signature = hmac_hex("", "{}");
    message.headers = {{"X-Signature", signature}, {"Authorization", ""}, {"X-Gitlab-Token", ""}};
    message.body = "{}";
    for (const std::string_view word : kind_words())
        BOOST_TEST(!check_proof(*find_kind(word), "", message, k_now).valid, word);
}

BOOST_AUTO_TEST_CASE(signed_time_has_to_be_now) {
    struct Row {
        std::string time;
        bool stale;
    };
    const std::int64_t now = k_now.time_since_epoch().count();
    const Row rows[] = {{std::to_string(now), false},
                        {std::to_string(now - 300), false},
                        {std::to_string(now + 300), false},
                        {std::to_string(now - 301), true},
                        {std::to_string(now + 301), true},
                        {"soon", true},
                        {"1e9", true},
                        {"99999999999999999999999", true},
                        {"-9223372036854775808", true}};
    for (const Row& row : rows) {
        const std::string signature = "sha256=" + hmac_hex(k_secret, row.time + ".{}");
        Message message;
        message.headers = {{"X-Tidemark-Timestamp", row.time}, {"X-Tidemark-Signature", signature}};
        message.body = "{}";
        const Proof proof = check_proof(Kind::generic_hmac, k_secret, message, k_now);
        BOOST_TEST(proof.valid, row.time);
        BOOST_TEST(proof.stale == row.stale, row.time);
        // The time is part of what is signed.
        message.headers[0].second = "1790000001";
        BOOST_TEST(!check_proof(Kind::generic_hmac, k_secret, message, k_now).valid, row.time);
    }
}

BOOST_AUTO_TEST_CASE(what_is_signed_is_told_apart_by_its_content_alone) {
    const std::string one = hmac_hex(k_secret, "{\"id\":1}");
    const std::string two = hmac_hex(k_secret, "{\"id\":2}");
    const Proof first = check(Kind::github, "X-Hub-Signature-256", "sha256=" + one, "{\"id\":1}");
    const Proof again = check(Kind::github, "X-HUB-SIGNATURE-256", one, "{\"id\":1}");
    const Proof other = check(Kind::github, "X-Hub-Signature-256", "sha256=" + two, "{\"id\":2}");
    BOOST_TEST(first.signed_content.size() == 32U);
    BOOST_TEST(first.signed_content == again.signed_content);
    BOOST_TEST(first.signed_content != other.signed_content);
    BOOST_TEST(check(Kind::harbor, "Authorization", k_secret).signed_content.empty());
    BOOST_TEST(check(Kind::github, "X-Hub-Signature-256", one, "{}").signed_content.empty());
}

BOOST_AUTO_TEST_CASE(a_signing_token_of_gitlab_signs_id_time_and_body) {
    // The example of the Standard Webhooks specification, as its own libraries sign it.
    const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const std::string right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const std::string wrong = "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const std::string body = R"({"test": 2432232314})";
    const std::chrono::sys_seconds sent{std::chrono::seconds(1'614'265'330)};
    struct Row {
        std::string id, time, signature;
        bool valid;
    };
    const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const std::string time = "1614265330";
    std::string many;
    for (int i = 0; i < 8; ++i)
        many += wrong + ' ';
    const Row rows[] = {
        {id, time, right, true},
        {id, time, wrong + " " + right, true},
        {id, time, "v1a," + right.substr(3) + " " + right, true},
        {id, time, right + " ", true},
        {id, time, many + right, false},
        {id, time, wrong, false},
        {id, time, "", false},
        {id, time, "v1,", false},
        {id, time, "v1,!!!!", false},
        {id, time, right.substr(3), false},
        {id, time, "v2," + right.substr(3), false},
        {id, time, "v1," + std::string(44, 'A'), false},
        {id + "x", time, right, false},
        {"", time, right, false},
        {id, "", right, false},
        {id, "1614265331", right, false},
    };
    for (const Row& row : rows) {
        Message message;
        message.headers = {
            {"webhook-id", row.id}, {"webhook-timestamp", row.time}, {"webhook-signature", row.signature}};
        message.body = body;
        const Proof proof = check_proof(Kind::gitlab, secret, message, sent);
        BOOST_TEST(proof.valid == row.valid, row.id << " " << row.time << " " << row.signature);
        BOOST_TEST(proof.signed_content.empty() == !row.valid);
        BOOST_TEST(!proof.stale);
        // Later it is the same message, sent once more.
        const Proof late = check_proof(Kind::gitlab, secret, message, sent + k_longest_age + std::chrono::seconds(1));
        BOOST_TEST(late.valid == row.valid);
        BOOST_TEST(late.stale == row.valid);
        BOOST_TEST(!check_proof(Kind::gitlab, "whsec_AAAA", message, sent).valid);
        BOOST_TEST(!check_proof(Kind::gitlab, "whsec_", message, sent).valid);
        BOOST_TEST(!check_proof(Kind::gitlab, "whsec_no base64", message, sent).valid);
        message.body = "{}";
        BOOST_TEST(!check_proof(Kind::gitlab, secret, message, sent).valid);
    }
}

BOOST_AUTO_TEST_CASE(a_signing_token_is_never_shown) {
    const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    Message message;
    message.headers = {{"X-Gitlab-Token", secret}};
    BOOST_TEST(!check_proof(Kind::gitlab, secret, message, k_now).valid);
}

BOOST_AUTO_TEST_SUITE_END()
