// One mail by SMTP, through libcurl: STARTTLS or TLS from the start, login by what the server offers. What the message
// says is the caller's. Any thread; blocks.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "mirror/base/secret_string.h"
#include "mirror/http/settings.h"

namespace tidemark::mirror::http {

enum class MailTls {
    required,  // by STARTTLS where the address is smtp://
    none,      // what the address says
};

struct Mail {
    std::string address;  // smtp://host:port or smtps://host:port
    MailTls tls_use = MailTls::required;
    TlsSettings tls;
    std::string username;  // empty: no login
    SecretString password;
    std::string from;             // without brackets
    std::vector<std::string> to;  // without brackets
    std::string message;          // header and body as RFC 5322 wants them, lines end with CR LF
    std::chrono::milliseconds timeout{60'000};
};

/// Returns once the server took the mail for all of its recipients. Throws Error{network|authentication|refused|...}
/// with libcurl's words, which hold no secret; Error{network} when stopped.
void send_mail(const Mail& mail, std::stop_token stop);

}  // namespace tidemark::mirror::http
