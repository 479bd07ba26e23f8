#include "mirror/base/notification_settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/names.h"

namespace tidemark::mirror {
namespace {

namespace yaml = policy::yaml;
using policy::ObjectKind;

constexpr std::size_t k_sink_limit = 32;
constexpr std::size_t k_address_limit = 2048;
constexpr std::size_t k_mail_address_limit = 254;
constexpr std::array<std::string_view, 6> k_kinds = {"webhook", "slack", "mattermost", "matrix", "ntfy", "mail"};

bool has_blank_or_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
}

/// The reason never repeats the address: somebody may have put a secret there.
std::optional<std::string> find_address_problem(std::string_view address, bool mail) {
    if (address.size() > k_address_limit) return fmt::format("it is longer than {} bytes", k_address_limit);
    if (has_blank_or_control(address)) return "a blank or control character stands in it";
    const std::size_t colon = address.find("://");
    const std::string_view scheme = address.substr(0, std::min(colon, address.size()));
    const bool known = mail ? scheme == "smtp" || scheme == "smtps" : scheme == "https" || scheme == "http";
    if (colon == std::string_view::npos || !known)
        return mail ? "it must begin with smtp:// or smtps://" : "it must begin with https:// or http://";
    std::string_view authority = address.substr(colon + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (authority.empty()) return "it names no host";
    if (authority.find('@') != std::string_view::npos) return "a login stands in it; that belongs into a Secret";
    return std::nullopt;
}

/// What stands between < and > in SMTP, in ASCII.
std::optional<std::string> find_mail_address_problem(std::string_view address) {
    const std::size_t at = address.rfind('@');
    const bool odd = std::any_of(address.begin(), address.end(), [](unsigned char c) {
        return c <= 0x20 || c >= 0x7f ||
               std::string_view("<>()[],;:\\\"").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (odd || at == std::string_view::npos || at == 0 || at + 1 == address.size() || address.front() == '-' ||
        address.size() > k_mail_address_limit)
        return "a mail address looks like name@example.org";
    return std::nullopt;
}

/// One entry of the list.
class SinkReader {
public:
    SinkReader(yaml::Fields& fields, SinkSettings& sink) : m_fields(fields), m_sink(sink) {}

    void read() {
        m_sink.place = m_fields.report().places().place(m_fields.node());
        if (const auto name = m_fields.required_text("name", "ops")) {
            m_sink.name = *name;
            if (const auto reason = policy::find_name_problem(*name)) error("name", *reason);
        }
        if (const auto kind = m_fields.required_text("kind", "slack")) read_kind(*kind);
        if (auto reference = m_fields.mapping("secretRef")) {
            m_sink.secret_ref = policy::read_reference(*reference, "default");
            reference->finish();
        }
        read_address();
        read_target();
        if (const auto text = m_fields.text("template")) m_sink.template_text = *text;
        read_filter();
        m_fields.finish();
    }

private:
    void error(std::string_view key, std::string_view reason) {
        const yaml::Node* node = m_fields.find(key);
        m_fields.report().error(node ? *node : m_fields.node(),
                                fmt::format("{} cannot be used: {}", m_fields.path(key), reason));
    }

    void read_kind(std::string_view word) {
        const auto found = std::find(k_kinds.begin(), k_kinds.end(), word);
        if (found == k_kinds.end()) return error("kind", fmt::format("it is one of {}", fmt::join(k_kinds, ", ")));
        m_sink.kind = static_cast<SinkKind>(found - k_kinds.begin());
    }

    bool is(SinkKind kind) const { return m_sink.kind == kind; }

    void read_address() {
        const auto address = m_fields.text("address");
        // There the address is all that a sender has to know.
        const bool is_secret = is(SinkKind::slack) || is(SinkKind::mattermost);
        const bool needs_secret = is_secret || is(SinkKind::webhook) || is(SinkKind::matrix);
        if (needs_secret && !m_sink.secret_ref) error("secretRef", "it is missing");
        if (!address) {
            if (is(SinkKind::matrix) || is(SinkKind::mail) || !m_sink.secret_ref) error("address", "it is missing");
            return;
        }
        if (is_secret) return error("address", "it is a secret; put it into the Secret, as its key address");
        m_sink.address = *address;
        if (const auto reason = find_address_problem(*address, is(SinkKind::mail))) error("address", *reason);
    }

    void read_target() {
        m_sink.room = text_of("room", SinkKind::matrix, "!id:example.org");
        m_sink.topic = text_of("topic", SinkKind::ntfy, "deployments");
        m_sink.from = text_of("from", SinkKind::mail, "tidemark@example.org");
        m_sink.to = policy::read_text_list(m_fields, "to");
        m_sink.starttls = m_fields.boolean("starttls", true);
        if (!is(SinkKind::mail)) {
            if (!m_sink.to.empty() || !m_sink.starttls) error(m_sink.to.empty() ? "starttls" : "to", "it is for mail");
            return;
        }
        if (m_sink.to.empty()) error("to", "it is missing");
        for (const std::string& address : m_sink.to) {
            if (const auto reason = find_mail_address_problem(address)) error("to", *reason);
        }
        if (!m_sink.from.empty())
            if (const auto reason = find_mail_address_problem(m_sink.from)) error("from", *reason);
    }

    /// A key that one kind must have and no other may.
    std::string text_of(std::string_view key, SinkKind kind, std::string_view example) {
        const auto text = is(kind) ? m_fields.required_text(key, example) : m_fields.text(key);
        if (!text) return {};
        if (!is(kind)) error(key, fmt::format("it is for {}", to_string(kind)));
        if (has_blank_or_control(*text)) error(key, "a blank or control character stands in it");
        return std::string(*text);
    }

    void read_filter() {
        if (const auto word = m_fields.word("severity", {"info", "warning", "error"}))
            m_sink.filter.severity = *word == "info"      ? LeastSeverity::info
                                     : *word == "warning" ? LeastSeverity::warning
                                                          : LeastSeverity::error;
        for (std::string& reason : policy::read_text_list(m_fields, "reasons"))
            m_sink.filter.reasons.insert(std::move(reason));
        for (const std::string& word : policy::read_text_list(m_fields, "kinds"))
            read_object_kind(word);
        for (const std::string& word : policy::read_text_list(m_fields, "objects"))
            read_object(word);
    }

    void read_object_kind(std::string_view word) {
        for (const ObjectKind kind :
             {ObjectKind::image_repository, ObjectKind::image_policy, ObjectKind::image_update_automation}) {
            if (policy::kind_name(kind) != word) continue;
            m_sink.filter.kinds.insert(kind);
            return;
        }
        error("kinds", "they are ImageRepository, ImagePolicy, ImageUpdateAutomation");
    }

    void read_object(const std::string& word) {
        const std::size_t slash = word.find('/');
        policy::ObjectKey key{word.substr(0, slash), slash == std::string::npos ? "" : word.substr(slash + 1)};
        if (policy::find_namespace_problem(key.object_namespace) ||
            (key.name != "*" && policy::find_name_problem(key.name)))
            return error("objects", "an object is written namespace/name, all of a namespace namespace/*");
        m_sink.filter.objects.push_back(std::move(key));
    }

    yaml::Fields& m_fields;
    SinkSettings& m_sink;
};

}  // namespace

std::string_view to_string(SinkKind kind) noexcept {
    return k_kinds[static_cast<std::size_t>(kind)];
}

std::vector<SinkSettings> read_notifications(yaml::Fields& root) {
    std::vector<SinkSettings> sinks;
    for (const yaml::Node* item : root.list("notifications")) {
        if (sinks.size() == k_sink_limit) {
            root.report().error(*item, fmt::format("there may be {} notifications at most", k_sink_limit));
            break;
        }
        yaml::Fields fields(*item, "notifications[]", root.report(), &root);
        SinkSettings sink;
        SinkReader(fields, sink).read();
        const bool known =
            std::any_of(sinks.begin(), sinks.end(), [&](const SinkSettings& other) { return other.name == sink.name; });
        if (known && !sink.name.empty())
            root.report().error(*item, fmt::format("there are two notifications of the name {}", sink.name));
        sinks.push_back(std::move(sink));
    }
    return sinks;
}

}  // namespace tidemark::mirror
