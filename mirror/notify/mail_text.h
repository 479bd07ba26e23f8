// A mail's text: header fields of RFC 5322 with words of RFC 2047, and a body that every server takes as it is. Pure.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tidemark::mirror::notify {

struct MailText {
    std::string from;  // an address, checked by the configuration
    std::vector<std::string> to;
    std::string subject;  // anything; line ends become blanks
    std::string body;     // UTF-8
    std::string key;      // of the notice, for the Message-ID
    std::chrono::sys_seconds date;
};

/// Lines end with CR LF; none is longer than 78 bytes.
std::string compose_mail(const MailText& mail);

}  // namespace tidemark::mirror::notify
