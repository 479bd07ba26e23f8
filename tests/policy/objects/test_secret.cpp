#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;

namespace {

Secret secret_of(const std::string& rest) {
    return only(read("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\n" + rest).secrets);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_secret)

BOOST_AUTO_TEST_CASE(data_is_decoded_and_string_data_goes_before_it) {
    const Secret good = secret_of(
        "type: Opaque\ndata:\n  a: Zm9v\n  b: YQ==\n  c: YWI=\n  d: ''\n  e: |\n    Zm9v\n    YmFy\nstringData: {b: "
        "plain, f: 'x y'}\n");
    BOOST_TEST(lines_of(good.metadata.findings) == "");
    BOOST_TEST(good.type == "Opaque");
    BOOST_TEST(good.data.at("a") == "foo");
    BOOST_TEST(good.data.at("b") == "plain");
    BOOST_TEST(good.data.at("c") == "ab");
    BOOST_TEST(good.data.at("d") == "");
    BOOST_TEST(good.data.at("e") == "foobar");
    BOOST_TEST(good.data.at("f") == "x y");
    BOOST_TEST(good.metadata.spec_hash == "");
}

BOOST_AUTO_TEST_CASE(findings_never_show_a_value) {
    const Secret secret =
        secret_of("data: {a: hunter2!}\nstringData: {b: 12345678, c: [hunter2]}\nstringdata: {x: hunter2}\n");
    const std::string lines = lines_of(secret.metadata.findings);
    BOOST_TEST(lines.find("data.a is not base64") != std::string::npos);
    BOOST_TEST(lines.find("stringData.b must be text, is a number") != std::string::npos);
    BOOST_TEST(lines.find("unknown field stringdata (did you mean stringData?)") != std::string::npos);
    BOOST_TEST(lines.find("hunter2") == std::string::npos);
    BOOST_TEST(lines.find("12345678") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(base64_is_checked_strictly) {
    for (const std::string text : {"Zm9", "Z", "Zm9v=", "Zm=9", "Zm9v!", "===="}) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!secret_of("data: {a: '" + text + "'}\n").metadata.valid());
    }
}

BOOST_AUTO_TEST_CASE(encrypted_secret_is_refused_with_its_reason) {
    const Secret secret = secret_of("data: {a: 'ENC[AES256_GCM,data:x]'}\nsops: {version: 3.7.1}\n");
    BOOST_REQUIRE_EQUAL(secret.metadata.findings.size(), 1U);
    BOOST_TEST(mentions(secret.metadata.findings, "encrypted with SOPS"));
    BOOST_TEST(secret.data.empty());
}

BOOST_AUTO_TEST_SUITE_END()
