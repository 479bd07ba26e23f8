#include <boost/test/unit_test.hpp>

#include "mirror/notify/mail_text.h"

using namespace tidemark::mirror::notify;

namespace {

std::string compose(std::string subject, std::string body = "text") {
    return compose_mail({"tidemark@acme.test",
                         {"ops@acme.test", "dana@acme.test"},
                         std::move(subject),
                         std::move(body),
                         "0123",
                         std::chrono::sys_seconds(std::chrono::seconds(1'795'243'212))});
}

std::string line_of(const std::string& mail, const std::string& name) {
    const std::size_t begin = mail.find("\r\n" + name + ": ") + 2;
    return mail.substr(begin, mail.find("\r\n", begin) - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_notify_mail_text)

BOOST_AUTO_TEST_CASE(header_is_that_of_a_mail) {
    BOOST_TEST(compose("web: Pushed") ==
               "Date: Sat, 21 Nov 2026 06:40:12 +0000\r\nFrom: Tidemark <tidemark@acme.test>\r\n"
               "To: ops@acme.test,\r\n dana@acme.test\r\nSubject: web: Pushed\r\nMessage-ID: <0123@acme.test>\r\n"
               "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\ndGV4dA0K\r\n");
}

BOOST_AUTO_TEST_CASE(subject_cannot_add_a_header) {
    for (const char* subject : {"a\r\nBcc: eve@evil.test", "a\nBcc: eve@evil.test", "a\rBcc: eve@evil.test"}) {
        const std::string mail = compose(subject);
        BOOST_TEST(mail.find("\nBcc") == std::string::npos);
        BOOST_TEST(mail.find("\rBcc") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(other_letters_become_encoded_words) {
    BOOST_TEST(line_of(compose("größer"), "Subject") == "Subject: =?UTF-8?B?Z3LDtsOfZXI=?=");
    BOOST_TEST(line_of(compose("=?x"), "Subject") == "Subject: =?UTF-8?B?PT94?=");
    BOOST_TEST(line_of(compose("\xff"), "Subject") == "Subject: =?UTF-8?B?77+9?=");
}

BOOST_AUTO_TEST_CASE(no_line_is_longer_than_a_mail_may_have) {
    const std::string mail = compose(std::string(500, 'x') + "ä", std::string(5000, 'y'));
    for (std::size_t begin = 0; begin < mail.size();) {
        const std::size_t end = mail.find("\r\n", begin);
        BOOST_REQUIRE(end != std::string::npos);
        BOOST_TEST(end - begin <= 78U);
        BOOST_TEST(mail.substr(begin, end - begin).find('\n') == std::string::npos);
        begin = end + 2;
    }
}

BOOST_AUTO_TEST_SUITE_END()
