#include <boost/test/unit_test.hpp>

#include "policy/receiver/judge.h"
#include "tests/policy/receiver/signing.h"

using namespace tidemark::policy::receiver;
using tidemark::tests::hmac_hex;
using Outcome = Verdict::Outcome;

namespace {

const std::string k_secret = "wyM7mFvq0aBzRr3L";
const std::string k_body = R"({"docker_url":"quay.io/acme/web"})";

struct Fixture {
    Memory memory;
    Clocks now{std::chrono::sys_seconds(std::chrono::seconds(1'790'000'000)),
               std::chrono::steady_clock::time_point(std::chrono::hours(1))};

    Verdict shown(std::string_view secret, std::string_view body) {
        Message message;
        message.query_token = secret;
        message.body = body;
        return judge(Kind::quay, k_secret, message, memory, now);
    }

    Verdict with_signature(const std::string& body, const std::string& key = k_secret) {
        const std::string signature = "sha256=" + hmac_hex(key, body);
        Message message;
        message.headers = {{"X-Signature", signature}};
        message.body = body;
        return judge(Kind::generic_hmac, k_secret, message, memory, now);
    }
};

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Outcome)
BOOST_FIXTURE_TEST_SUITE(policy_receiver_judge, Fixture)

BOOST_AUTO_TEST_CASE(right_secret_means_a_scan_of_what_is_named) {
    const Verdict verdict = shown(k_secret, k_body);
    BOOST_TEST(verdict.outcome == Outcome::scan);
    BOOST_TEST(verdict.payload.images.size() == 1U);
}

BOOST_AUTO_TEST_CASE(wrong_secret_is_refused_before_the_body_is_read) {
    BOOST_TEST(shown("wrong", k_body).outcome == Outcome::wrong_secret);
    BOOST_TEST(shown("wrong", "not json").outcome == Outcome::wrong_secret);
    BOOST_TEST(with_signature("not json", "another").outcome == Outcome::wrong_secret);
}

BOOST_AUTO_TEST_CASE(body_is_refused_for_its_size_whoever_sends_it) {
    const std::string large(k_body_limit + 1, ' ');
    BOOST_TEST(shown(k_secret, large).outcome == Outcome::too_large);
    BOOST_TEST(shown("wrong", large).outcome == Outcome::too_large);
}

BOOST_AUTO_TEST_CASE(signed_message_is_taken_once) {
    BOOST_TEST(with_signature(R"({"id":1})").outcome == Outcome::scan);
    BOOST_TEST(with_signature(R"({"id":1})").outcome == Outcome::seen_before);
    BOOST_TEST(with_signature(R"({"id":2})").outcome == Outcome::scan);
}

BOOST_AUTO_TEST_CASE(unsigned_message_is_taken_each_time) {
    // Quay's bodies have no time: the same tag pushed again gives the same body.
    BOOST_TEST(shown(k_secret, k_body).outcome == Outcome::scan);
    BOOST_TEST(shown(k_secret, k_body).outcome == Outcome::scan);
}

BOOST_AUTO_TEST_CASE(too_many_are_told_when_to_come_again) {
    for (int i = 0; i < RateLimit::k_burst; ++i)
        BOOST_TEST(shown(k_secret, k_body).outcome == Outcome::scan);
    const Verdict verdict = shown(k_secret, k_body);
    BOOST_TEST(verdict.outcome == Outcome::too_many);
    BOOST_TEST(verdict.wait.count() == 1);
}

BOOST_AUTO_TEST_CASE(strangers_use_up_nothing) {
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(shown("wrong", k_body).outcome == Outcome::wrong_secret);
    BOOST_TEST(shown(k_secret, k_body).outcome == Outcome::scan);
}

BOOST_AUTO_TEST_CASE(message_that_had_to_wait_is_taken_when_it_comes_again) {
    for (int i = 0; i < RateLimit::k_burst; ++i)
        shown(k_secret, k_body);
    BOOST_TEST(with_signature(R"({"id":1})").outcome == Outcome::too_many);
    now.steady += std::chrono::seconds(2);
    BOOST_TEST(with_signature(R"({"id":1})").outcome == Outcome::scan);
}

BOOST_AUTO_TEST_SUITE_END()
