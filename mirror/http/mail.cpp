#include "mirror/http/mail.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <string_view>

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "mirror/base/error.h"
#include "mirror/http/handle.h"
#include "mirror/http/tls.h"

namespace tidemark::mirror::http {
namespace {

constexpr int k_step_milliseconds = 200;
constexpr long k_connect_milliseconds = 10'000;

std::size_t read_message(char* buffer, std::size_t size, std::size_t count, void* rest) noexcept {
    auto& text = *static_cast<std::string_view*>(rest);
    const std::size_t taken = std::min(size * count, text.size());
    std::memcpy(buffer, text.data(), taken);
    text.remove_prefix(taken);
    return taken;
}

CURLcode use_store(CURL*, void* context, void* store) noexcept {
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(store));
    return CURLE_OK;
}

ErrorKind kind_of(CURLcode code) noexcept {
    switch (code) {
        case CURLE_LOGIN_DENIED:
            return ErrorKind::authentication;
        case CURLE_SEND_ERROR:  // a recipient or the message
        case CURLE_REMOTE_ACCESS_DENIED:
        case CURLE_WEIRD_SERVER_REPLY:
            return ErrorKind::refused;
        default:
            return ErrorKind::network;
    }
}

class Transfer {
public:
    explicit Transfer(const Mail& mail) : m_store(make_certificate_store(mail.tls)), m_rest(mail.message) {
        m_easy.set(CURLOPT_NOSIGNAL, 1L);
        m_easy.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        m_easy.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        m_easy.set(CURLOPT_URL, mail.address);
        m_easy.set(CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout.count()));
        m_easy.set(CURLOPT_CONNECTTIMEOUT_MS, k_connect_milliseconds);
        m_easy.set_pointer(CURLOPT_ERRORBUFFER, m_error.data());
        set_tls(mail);
        if (!mail.username.empty()) {
            m_easy.set(CURLOPT_USERNAME, mail.username);
            m_easy.set(CURLOPT_PASSWORD, mail.password.reveal());
        }
        m_easy.set(CURLOPT_MAIL_FROM, "<" + mail.from + ">");
        for (const std::string& address : mail.to)
            m_recipients.add("<" + address + ">");
        m_easy.set_list(CURLOPT_MAIL_RCPT, m_recipients.get());
        m_easy.set(CURLOPT_UPLOAD, 1L);
        m_easy.set_read_function(read_message);
        m_easy.set_pointer(CURLOPT_READDATA, &m_rest);
    }

    void run(const std::stop_token& stop) {
        MultiHandle multi;
        multi.add(m_easy);
        try {
            finish(multi, stop);
        } catch (...) {
            multi.remove(m_easy);
            throw;
        }
        multi.remove(m_easy);
    }

private:
    void set_tls(const Mail& mail) {
        if (mail.tls_use == MailTls::required) m_easy.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        m_easy.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        m_easy.set(CURLOPT_CAINFO, nullptr);
        m_easy.set(CURLOPT_CAPATH, nullptr);
        m_easy.set_ssl_context_function(use_store);
        m_easy.set_pointer(CURLOPT_SSL_CTX_DATA, m_store.get());
    }

    void finish(MultiHandle& multi, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            multi.perform();
            const CURLMsg* message = multi.next_message();
            if (message == nullptr) {
                multi.wait(k_step_milliseconds);
                continue;
            }
            if (message->data.result == CURLE_OK) return;
            const char* words = m_error[0] != '\0' ? m_error.data() : libcurl().easy_strerror(message->data.result);
            throw Error(kind_of(message->data.result), words);
        }
        throw Error(ErrorKind::network, "stopped before the mail was sent");
    }

    CertificateStore m_store;
    HeaderLines m_recipients;
    std::string_view m_rest;
    std::array<char, CURL_ERROR_SIZE> m_error{};
    EasyHandle m_easy;  // last: it refers to all of them
};

}  // namespace

void send_mail(const Mail& mail, std::stop_token stop) {
    Transfer(mail).run(stop);
}

}  // namespace tidemark::mirror::http
