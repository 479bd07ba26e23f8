#include "mirror/registry/tokens.h"

#include <algorithm>

#include <openssl/evp.h>

#include "mirror/http/url.h"

namespace tidemark::mirror::registry {
namespace {

constexpr std::size_t k_tokens_limit = 65536;

std::string parameters(const std::string& service, const std::vector<std::string>& scopes) {
    std::string text;
    if (!service.empty()) text += "service=" + http::escape_query(service);
    for (const std::string& scope : scopes) {
        if (!text.empty()) text += '&';
        text += "scope=" + http::escape_query(scope);
    }
    return text;
}

}  // namespace

std::string credential_id(const std::optional<Credential>& credential) {
    if (!credential) return {};
    std::string all;
    for (const std::string* field : {&credential->username, &credential->password.reveal(),
                                     &credential->identity_token.reveal(), &credential->registry_token.reveal()}) {
        all += std::to_string(field->size()) + ':' + *field;
    }
    const SecretString owner(std::move(all));
    return sha256(owner.reveal());
}

const TokenStore::Entry* TokenStore::find(const std::string& key, Clock::time_point now) const {
    const auto found = m_tokens.find(key);
    return found != m_tokens.end() && now < found->second.end ? &found->second : nullptr;
}

void TokenStore::forget(const std::string& key, std::uint64_t number) {
    const auto found = m_tokens.find(key);
    if (found != m_tokens.end() && found->second.number == number) m_tokens.erase(found);
}

void TokenStore::put(const std::string& key, const Token& token, Clock::time_point now) {
    if (m_tokens.size() >= m_next_sweep) drop_ended(now);
    // A request that begins just before the end must still be answered before it.
    const auto margin = std::min<Clock::duration>(std::chrono::seconds(30), token.lifetime / 10);
    m_tokens.insert_or_assign(key, Entry{token.value, now + token.lifetime - margin, ++m_last_number});
}

void TokenStore::drop_ended(Clock::time_point now) {
    std::erase_if(m_tokens, [now](const auto& entry) { return entry.second.end <= now; });
    if (m_tokens.size() >= k_tokens_limit) m_tokens.clear();
    m_next_sweep = std::max<std::size_t>(1024, m_tokens.size() * 2);
}

std::string TokenStore::key(const std::string& realm, const std::string& service, const std::string& credential_id,
                            const std::string& scope) {
    std::string key;
    key.reserve(realm.size() + service.size() + credential_id.size() + scope.size() + 3);
    key.append(realm).append(1, '\n').append(service).append(1, '\n').append(credential_id).append(1, '\n');
    return key.append(scope);
}

http::Request token_request(const std::string& realm, const std::string& service,
                            const std::vector<std::string>& scopes, const std::optional<Credential>& credential) {
    http::Request request;
    request.url = realm;
    const std::string query = parameters(service, scopes);
    if (!query.empty()) request.url += (realm.find('?') == std::string::npos ? '?' : '&') + query;
    request.authorization = basic_authorization(credential);
    request.body_limit = 64U << 10U;
    return request;
}

http::Request identity_token_request(const std::string& realm, const std::string& service,
                                     const std::vector<std::string>& scopes, const Credential& credential) {
    std::string scope;
    for (const std::string& one : scopes)
        scope += (scope.empty() ? "" : " ") + one;
    std::string form = "grant_type=refresh_token&client_id=tidemark&service=" + http::escape_query(service) +
                       "&scope=" + http::escape_query(scope) + "&refresh_token=";
    form += http::escape_query(credential.identity_token.reveal());
    http::Request request;
    request.method = http::Method::post;
    request.url = realm;
    request.form = SecretString(std::move(form));
    request.body_limit = 64U << 10U;
    return request;
}

SecretString basic_authorization(const std::optional<Credential>& credential) {
    if (!credential || (credential->username.empty() && credential->password.empty())) return {};
    const SecretString pair(credential->username + ":" + credential->password.reveal());
    const std::string& bytes = pair.reveal();
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return SecretString("Basic " + text);
}

}  // namespace tidemark::mirror::registry
