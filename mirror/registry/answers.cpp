#include "mirror/registry/answers.h"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <simdjson.h>

namespace tidemark::mirror::registry {
namespace {

using policy::Problem;
using policy::Result;

constexpr std::size_t k_header_limit = 8192;
constexpr std::size_t k_error_body_limit = 64U << 10U;
constexpr std::size_t k_words_limit = 400;
constexpr std::size_t k_errors_shown = 3;
constexpr std::size_t k_token_limit = 64U << 10U;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_token_character(char c) noexcept {
    return c > ' ' && c < 127 && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

/// Walks a header of tokens, quoted strings and separators.
class HeaderCursor {
public:
    explicit HeaderCursor(std::string_view text) : m_rest(text.substr(0, k_header_limit)) {}

    bool at_end() const { return m_rest.empty(); }
    void skip_blanks_and_commas() {
        while (!m_rest.empty() && (m_rest[0] == ' ' || m_rest[0] == '\t' || m_rest[0] == ','))
            m_rest.remove_prefix(1);
    }
    void skip_blanks() {
        while (!m_rest.empty() && (m_rest[0] == ' ' || m_rest[0] == '\t'))
            m_rest.remove_prefix(1);
    }
    bool take(char c) {
        if (m_rest.empty() || m_rest[0] != c) return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::string_view take_token() {
        std::size_t size = 0;
        while (size < m_rest.size() && is_token_character(m_rest[size]))
            ++size;
        const std::string_view token = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return token;
    }
    /// A quoted string, or everything up to a comma, semicolon or blank.
    std::string take_value() {
        std::string value;
        if (take('"')) {
            while (!m_rest.empty() && m_rest[0] != '"') {
                if (m_rest[0] == '\\' && m_rest.size() > 1) m_rest.remove_prefix(1);
                value.push_back(m_rest[0]);
                m_rest.remove_prefix(1);
            }
            take('"');
            return value;
        }
        const std::size_t size = std::min(m_rest.find_first_of(",; \t"), m_rest.size());
        value = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return value;
    }
    void drop() {
        if (!m_rest.empty()) m_rest.remove_prefix(1);
    }

private:
    std::string_view m_rest;
};

void set_parameter(Challenge& challenge, std::string_view name, std::string value) {
    if (equal_ignoring_case(name, "realm")) challenge.realm = std::move(value);
    if (equal_ignoring_case(name, "service")) challenge.service = std::move(value);
    if (equal_ignoring_case(name, "scope")) challenge.scope = std::move(value);
    if (equal_ignoring_case(name, "error")) challenge.error = std::move(value);
}

struct NamedChallenge {
    std::string_view scheme;
    Challenge challenge;
};

/// "Bearer realm=..,service=.., Basic realm=..": a name followed by '=' is a parameter, any other begins a challenge.
std::vector<NamedChallenge> split_challenges(std::string_view header) {
    std::vector<NamedChallenge> found;
    HeaderCursor cursor(header);
    while (true) {
        cursor.skip_blanks_and_commas();
        if (cursor.at_end()) return found;
        const std::string_view name = cursor.take_token();
        cursor.skip_blanks();
        if (name.empty()) {
            cursor.drop();
        } else if (cursor.take('=')) {
            cursor.skip_blanks();
            std::string value = cursor.take_value();
            if (!found.empty()) set_parameter(found.back().challenge, name, std::move(value));
        } else {
            found.push_back({name, {}});
        }
    }
}

std::string_view first_line_of(std::string_view body) {
    const auto start = body.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return {};
    body.remove_prefix(start);
    return body.substr(0, body.find_first_of("\r\n"));
}

std::string_view text_of(const simdjson::dom::element& object, std::string_view key) {
    std::string_view text;
    return object.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// "CODE: message" of each error in a registry's list; also the forms of token servers and gateways.
std::string listed_errors(std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::dom::object top;
    if (parser.parse(body).get(top) != simdjson::SUCCESS) return {};
    simdjson::dom::array errors;
    std::string words;
    if (top.at_key("errors").get(errors) == simdjson::SUCCESS) {
        std::size_t count = 0;
        for (const simdjson::dom::element error : errors) {
            if (++count > k_errors_shown) break;
            const std::string_view code = text_of(error, "code");
            const std::string_view message = text_of(error, "message");
            if (!words.empty()) words += "; ";
            words += code;
            if (!code.empty() && !message.empty()) words += ": ";
            words += message;
        }
        return words;
    }
    for (const std::string_view key : {"message", "details", "error_description", "error"}) {
        std::string_view text;
        if (top.at_key(key).get(text) == simdjson::SUCCESS) return std::string(text);
    }
    return {};
}

}  // namespace

std::optional<Challenge> choose_challenge(const std::vector<std::string_view>& headers) {
    std::optional<Challenge> basic;
    for (const std::string_view header : headers) {
        for (NamedChallenge& named : split_challenges(header)) {
            if (equal_ignoring_case(named.scheme, "Bearer") && !named.challenge.realm.empty()) {
                named.challenge.kind = Challenge::Kind::bearer;
                return std::move(named.challenge);
            }
            if (equal_ignoring_case(named.scheme, "Basic")) basic = std::move(named.challenge);
        }
    }
    return basic;
}

std::optional<std::string> next_query(std::string_view link) {
    link = link.substr(0, k_header_limit);
    while (true) {
        const auto open = link.find('<');
        const auto close = link.find('>', open);
        if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
        const std::string_view target = link.substr(open + 1, close - open - 1);
        link.remove_prefix(close + 1);
        const std::string_view parameters = link.substr(0, link.find('<'));
        const auto rel = parameters.find("rel");
        const bool next = rel == std::string_view::npos || parameters.find("next", rel) != std::string_view::npos;
        if (!next) continue;
        const auto question = target.find('?');
        if (question == std::string_view::npos) return std::string();
        const std::string_view query = target.substr(question + 1);
        return std::string(query.substr(0, query.find('#')));
    }
}

std::string clean_text(std::string_view text, std::size_t limit) {
    std::string clean(text.substr(0, limit));
    if (text.size() > limit) {
        // Not within a UTF-8 character.
        while (!clean.empty() && (static_cast<unsigned char>(text[clean.size()]) & 0xc0U) == 0x80)
            clean.pop_back();
        clean += "...";
    }
    for (char& c : clean) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return clean;
}

std::string error_words(std::string_view body) {
    body = body.substr(0, k_error_body_limit);
    std::string words = listed_errors(body);
    if (words.empty()) {
        const std::string_view line = first_line_of(body);
        if (line.starts_with('<')) return "an HTML page";
        if (line.starts_with('{') || line.starts_with('[')) return {};
        words = line;
    }
    return clean_text(words, k_words_limit);
}

bool is_tag(std::string_view text) noexcept {
    const auto word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && text.size() <= 128 && word(text[0]) &&
           std::all_of(text.begin() + 1, text.end(), [&](char c) { return word(c) || c == '.' || c == '-'; });
}

bool is_digest(std::string_view text) noexcept {
    constexpr std::string_view k_prefix = "sha256:";
    return text.size() == k_prefix.size() + 64 && text.starts_with(k_prefix) &&
           std::all_of(text.begin() + k_prefix.size(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string sha256(std::string_view bytes) {
    static EVP_MD* const k_algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // each fetch takes locks
    std::string hash(32, '\0');
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()), &size, k_algorithm,
                   nullptr) != 1) {
        throw std::bad_alloc();
    }
    return hash;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view k_hex = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        text.push_back(k_hex[static_cast<unsigned char>(c) >> 4U]);
        text.push_back(k_hex[static_cast<unsigned char>(c) & 0xfU]);
    }
    return text;
}

Result<Token> read_token(std::string_view body) {
    simdjson::dom::parser parser;
    simdjson::dom::object top;
    if (body.size() > k_token_limit || parser.parse(body).get(top) != simdjson::SUCCESS) {
        return Problem{"the token server's answer is not a JSON object", {}};
    }
    Token token;
    for (const std::string_view key : {"token", "access_token"}) {
        std::string_view text;
        if (top.at_key(key).get(text) != simdjson::SUCCESS || text.empty()) continue;
        // It becomes a header line.
        const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
        if (!printable) return Problem{"the token server's token has characters that no header may hold", {}};
        token.value = SecretString(std::string(text));
        break;
    }
    if (token.value.empty()) return Problem{"the token server's answer holds no token", {}};
    std::int64_t seconds = 0;
    if (top.at_key("expires_in").get(seconds) != simdjson::SUCCESS) seconds = 60;
    token.lifetime = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 60, 24 * 3600));
    return token;
}

}  // namespace tidemark::mirror::registry
