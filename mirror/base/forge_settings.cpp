#include "mirror/base/forge_settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/forge/place.h"
#include "policy/objects/field_types.h"

namespace tidemark::mirror {
namespace {

namespace yaml = policy::yaml;

constexpr std::size_t k_forge_limit = 64;
constexpr std::size_t k_url_limit = 2048;
constexpr std::array<std::string_view, 4> k_kinds = {"gitea", "forgejo", "gitlab", "github"};

/// What stands between the scheme and the path.
std::string_view authority_of(std::string_view url) noexcept {
    url = url.substr(std::min(url.find("://") + 3, url.size()));
    return url.substr(0, url.find('/'));
}

/// The reason never repeats the URL: somebody may have put a secret there.
std::optional<std::string> find_url_problem(std::string_view url) {
    if (url.size() > k_url_limit) return fmt::format("it is longer than {} bytes", k_url_limit);
    if (std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
        return "a blank, a control character or a letter outside ASCII stands in it";
    if (!url.starts_with("https://") && !url.starts_with("http://")) return "it must begin with https:// or http://";
    if (url.find_first_of("?#") != std::string_view::npos) return "it is the address of pages, without ? and #";
    if (authority_of(url).find('@') != std::string_view::npos)
        return "a login stands in it; a token belongs into the Secret of tokenSecretRef";
    if (!policy::forge_host(authority_of(url))) return "it names no host";
    return std::nullopt;
}

class ForgeReader {
public:
    explicit ForgeReader(yaml::Fields& fields) : m_fields(fields) {}

    ForgeSettings read() {
        m_forge.place = m_fields.report().places().place(m_fields.node());
        read_host();
        read_kind();
        read_url();
        if (auto reference = m_fields.mapping("tokenSecretRef")) {
            m_forge.token_secret_ref = policy::read_reference(*reference, "default");
            reference->finish();
        }
        if (m_forge.token_secret_ref && m_forge.url.starts_with("http://") &&
            !policy::is_loopback_host(authority_of(m_forge.url)))
            error("url", "a token is not sent over plain http: use https");
        m_fields.finish();
        return std::move(m_forge);
    }

private:
    void error(std::string_view key, std::string_view reason) {
        const yaml::Node* node = m_fields.find(key);
        m_fields.report().error(node ? *node : m_fields.node(),
                                fmt::format("{} cannot be used: {}", m_fields.path(key), reason));
    }

    void read_host() {
        const auto host = m_fields.required_text("host", "git.example");
        if (!host) return;
        m_forge.host = policy::forge_host(*host).value_or("");
        if (m_forge.host.empty())
            error(
                "host",
                "it is a host as the URLs of GitRepositories have it, with the port if they have one, e.g. git.example "
                "or git.example:2222");
    }

    void read_kind() {
        const auto word = m_fields.required_text("kind", "gitea");
        if (!word) return;
        const auto found = std::find(k_kinds.begin(), k_kinds.end(), *word);
        if (found == k_kinds.end()) return error("kind", fmt::format("it is one of {}", fmt::join(k_kinds, ", ")));
        m_forge.kind = static_cast<ForgeKind>(found - k_kinds.begin());
    }

    void read_url() {
        const auto url = m_fields.text("url");
        if (!url || url->empty()) {
            m_forge.url = "https://" + m_forge.host;
            // It may be ssh's, and then says nothing of the pages.
            if (m_forge.host.find(':', m_forge.host.rfind(']') + 1) != std::string::npos)
                error("url",
                      "it is missing, as the host has a port: write where its pages are, e.g. https://git.example");
            return;
        }
        m_forge.url = *url;
        while (m_forge.url.ends_with('/'))
            m_forge.url.pop_back();
        if (const auto reason = find_url_problem(*url)) error("url", *reason);
    }

    yaml::Fields& m_fields;
    ForgeSettings m_forge;
};

}  // namespace

std::string_view to_string(ForgeKind kind) noexcept {
    return k_kinds[static_cast<std::size_t>(kind)];
}

std::vector<ForgeSettings> read_forges(yaml::Fields& root) {
    std::vector<ForgeSettings> forges;
    for (const yaml::Node* item : root.list("forges")) {
        if (forges.size() == k_forge_limit) {
            root.report().error(*item, fmt::format("there may be {} forges at most", k_forge_limit));
            break;
        }
        yaml::Fields fields(*item, "forges[]", root.report(), &root);
        ForgeSettings forge = ForgeReader(fields).read();
        const bool known = std::any_of(forges.begin(), forges.end(),
                                       [&](const ForgeSettings& other) { return other.host == forge.host; });
        if (known && !forge.host.empty())
            root.report().error(*item, fmt::format("there are two forges of the host {}", forge.host));
        forges.push_back(std::move(forge));
    }
    return forges;
}

}  // namespace tidemark::mirror
