#include "mirror/notify/outgoing.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/http/url.h"
#include "mirror/notify/mail_text.h"
#include "mirror/store/json_writer.h"

namespace tidemark::mirror::notify {
namespace {

using store::JsonWriter;

/// ntfy turns longer messages into attachments; elsewhere nobody reads more.
constexpr std::size_t k_text_limit = 3500;
constexpr std::size_t k_json_limit = 256U << 10U;
constexpr std::chrono::milliseconds k_timeout{30'000};

std::string hmac_hex(std::string_view key, std::string_view text) {
    std::array<unsigned char, 32> digest{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), digest.data(), nullptr);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

/// One sink's request: the Secret's values, the texts, and the form that the kind wants.
class Composer {
public:
    Composer(const Sink& sink, const Notice& notice, const SecretValues& secret, std::chrono::sys_seconds now)
        : m_sink(sink), m_settings(sink.settings), m_notice(notice), m_secret(secret), m_now(now) {}

    Outgoing compose() {
        Outgoing outgoing;
        if (const SecretString* ca = find("ca.crt")) outgoing.tls.ca_pem = ca->reveal();
        switch (m_settings.kind) {
            case SinkKind::webhook:
                outgoing.content = webhook();
                break;
            case SinkKind::slack:
            case SinkKind::mattermost:
                outgoing.content = post(R"({"text":)" + quoted(text()) + "}");
                break;
            case SinkKind::matrix:
                outgoing.content = matrix();
                break;
            case SinkKind::ntfy:
                outgoing.content = ntfy();
                break;
            case SinkKind::mail:
                outgoing.content = mail();
                std::get<http::Mail>(outgoing.content).tls = outgoing.tls;
                break;
        }
        return outgoing;
    }

private:
    const SecretString* find(std::string_view key) const {
        const auto found = m_secret.find(key);
        return found == m_secret.end() || found->second.empty() ? nullptr : &found->second;
    }

    const SecretString& need(std::string_view key) const {
        if (const SecretString* value = find(key)) return *value;
        throw Error(ErrorKind::invalid,
                    fmt::format("the Secret {} holds no key {}", m_settings.secret_ref->to_string(), key));
    }

    std::string address() const {
        const std::string& address = m_settings.address.empty() ? need("address").reveal() : m_settings.address;
        if (http::parse_url(address)) return address;
        throw Error(ErrorKind::invalid, m_settings.address.empty()
                                            ? fmt::format("the key address of the Secret {} is no https:// or http:// "
                                                          "URL without a login",
                                                          m_settings.secret_ref->to_string())
                                            : fmt::format("{} is no URL", m_settings.address));
    }

    std::string text() const { return compose_text(m_sink, m_notice); }

    static std::string quoted(std::string_view text) {
        JsonWriter writer;
        writer.text(text);
        return writer.take();
    }

    http::Request post(std::string body) const {
        http::Request request;
        request.method = http::Method::post;
        request.url = address();
        request.content_type = "application/json";
        request.form = SecretString(std::move(body));
        request.body_limit = k_json_limit;
        request.timeout = k_timeout;
        return request;
    }

    http::Request webhook() const {
        http::Request request = post(text());
        const std::string time = std::to_string(m_now.time_since_epoch().count());
        const std::string signature = hmac_hex(need("token").reveal(), time + "." + request.form.reveal());
        request.headers = {"X-Tidemark-Delivery: " + m_notice.key, "X-Tidemark-Timestamp: " + time,
                           "X-Tidemark-Signature: sha256=" + signature};
        return request;
    }

    /// A number that comes again is the same message to the homeserver.
    http::Request matrix() const {
        http::Request request = post(R"({"msgtype":"m.text","body":)" + quoted(text()) + "}");
        request.method = http::Method::put;
        while (!request.url.empty() && request.url.back() == '/')
            request.url.pop_back();
        request.url += fmt::format("/_matrix/client/v3/rooms/{}/send/m.room.message/{}",
                                   http::escape_query(m_settings.room), m_notice.key);
        request.authorization = bearer(need("token"));
        return request;
    }

    /// As JSON to the server's root: no header can be broken, whatever the title holds.
    http::Request ntfy() const {
        const policy::EventData data = event_data(m_notice);
        const bool bad = data.severity != "info";
        JsonWriter writer;
        writer.open('{');
        writer.member("topic", m_settings.topic);
        writer.member("title", title_of(data));
        writer.member("message", text());
        writer.member("priority", std::int64_t{bad ? 4 : 3});
        writer.list("tags", std::array<std::string_view, 1>{data.severity == "error" ? "x"
                                                            : bad                    ? "warning"
                                                                                     : "white_check_mark"});
        writer.close('}');
        http::Request request = post(writer.take());
        if (const SecretString* token = find("token")) {
            request.authorization = bearer(*token);
        } else if (const SecretString* username = find("username")) {
            request.authorization =
                SecretString("Basic " + base64(username->reveal() + ":" + need("password").reveal()));
        }
        return request;
    }

    http::Mail mail() const {
        http::Mail mail;
        mail.address = m_settings.address;
        mail.tls_use = m_settings.starttls ? http::MailTls::required : http::MailTls::none;
        if (const SecretString* username = find("username")) {
            mail.username = username->reveal();
            mail.password = need("password");
        }
        mail.from = m_settings.from;
        mail.to = m_settings.to;
        mail.message =
            compose_mail({m_settings.from, m_settings.to, title_of(event_data(m_notice)), text(), m_notice.key, m_now});
        mail.timeout = k_timeout;
        return mail;
    }

    SecretString bearer(const SecretString& token) const {
        const std::string& text = token.reveal();
        if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c >= 127; }))
            throw Error(ErrorKind::invalid,
                        fmt::format("the key token of the Secret {} has characters that no header may hold",
                                    m_settings.secret_ref->to_string()));
        return SecretString("Bearer " + text);
    }

    const Sink& m_sink;
    const SinkSettings& m_settings;
    const Notice& m_notice;
    const SecretValues& m_secret;
    std::chrono::sys_seconds m_now;
};

std::string webhook_json(const Notice& notice) {
    const policy::EventData data = event_data(notice);
    JsonWriter writer;
    writer.open('{');
    writer.member("id", notice.key);
    writer.member("time", data.time);
    writer.member("severity", data.severity);
    writer.member("kind", data.kind);
    writer.member("namespace", data.object_namespace);
    writer.member("name", data.name);
    writer.member("reason", data.reason);
    writer.member("message", data.message);
    writer.member("who", data.who);
    writer.member("count", data.count);
    writer.list("details", data.details);
    writer.key("facts");
    writer.open('{');
    for (const auto& [key, value] : data.facts)
        writer.member(key, value);
    writer.close('}');
    writer.close('}');
    return writer.take();
}

bool is_json_object(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    return parser.parse(text.data(), text.size()).get(object) == simdjson::SUCCESS;
}

}  // namespace

SecretValues secret_values(const SinkSettings& settings, const SecretStore& secrets) {
    return settings.secret_ref ? secrets.get(*settings.secret_ref) : SecretValues{};
}

std::string compose_text(const Sink& sink, const Notice& notice) {
    const SinkKind kind = sink.settings.kind;
    const bool slack = kind == SinkKind::slack;
    const bool mattermost = kind == SinkKind::mattermost;
    if (kind == SinkKind::webhook && !sink.words) return webhook_json(notice);

    policy::EventData data = event_data(notice);
    if (slack || mattermost) data = escaped(std::move(data), slack ? escape_slack : escape_mattermost);
    if (!sink.words) {
        // ntfy and mails have the title elsewhere.
        if (kind == SinkKind::ntfy || kind == SinkKind::mail) return clean_text(body_of(data), k_text_limit);
        const std::string_view bold = slack ? "*" : mattermost ? "**" : "";
        return clean_text(fmt::format("{0}{1}{0}\n{2}", bold, title_of(data), body_of(data)), k_text_limit);
    }
    const auto rendered = sink.words->render_event(data, {.output_bytes = k_json_limit});
    if (!rendered) throw Error(ErrorKind::invalid, rendered.message());
    if (kind != SinkKind::webhook) return clean_text(*rendered, k_text_limit);
    if (!is_json_object(*rendered)) throw Error(ErrorKind::invalid, "what it gives is no JSON object");
    return *rendered;
}

Outgoing compose(const Sink& sink, const Notice& notice, const SecretValues& secret, std::chrono::sys_seconds now) {
    return Composer(sink, notice, secret, now).compose();
}

}  // namespace tidemark::mirror::notify
