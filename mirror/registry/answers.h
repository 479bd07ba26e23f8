// Reading what registries and token servers send: challenges, Link headers, error bodies, tag lists, tokens. Pure
// functions over hostile text; everything has a cap.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/secret_string.h"
#include "policy/base/result.h"

namespace tidemark::mirror::registry {

/// A WWW-Authenticate challenge of a kind that is answered.
struct Challenge {
    enum class Kind { basic, bearer };
    Kind kind = Kind::basic;
    std::string realm;
    std::string service;
    std::string scope;
    std::string error;  // "insufficient_scope", "invalid_token", ...
};

/// The best of several headers: Bearer with a realm before Basic; nullopt if neither is there.
std::optional<Challenge> choose_challenge(const std::vector<std::string_view>& headers);

/// The query (without '?', may be empty) of the first link with rel="next" of a Link header; nullopt: there is none.
/// A link without rel counts, as clients of registries take it.
std::optional<std::string> next_query(std::string_view link);

/// A short text in the registry's own words: codes and messages of its error list, else the body's beginning.
/// One line, no control characters, at most 400 bytes; may be empty.
std::string error_words(std::string_view body);

/// One line of at most `limit` bytes: control characters become spaces, the rest is cut with "...".
std::string clean_text(std::string_view text, std::size_t limit);

/// Whether a text is a tag by the distribution specification: [A-Za-z0-9_][A-Za-z0-9._-]{0,127}.
bool is_tag(std::string_view text) noexcept;

/// Whether a text is "sha256:" and 64 lower-case hex digits.
bool is_digest(std::string_view text) noexcept;

/// 32 bytes.
std::string sha256(std::string_view bytes);
std::string to_hex(std::string_view bytes);

struct TagPage {
    std::size_t tags = 0;     // appended
    std::size_t dropped = 0;  // not valid as a tag
};

/// Reads `{"name": .., "tags": [..]}`; keeps its memory between calls.
class TagListReader {
public:
    TagListReader();
    ~TagListReader();
    TagListReader(const TagListReader&) = delete;
    TagListReader& operator=(const TagListReader&) = delete;

    /// Appends the valid tags of a page, as views into `body`, which http::k_body_padding readable bytes must follow.
    /// "tags": null is an empty list. A Problem says why it is no tag list; nothing was appended then.
    policy::Result<TagPage> read(std::string_view body, std::vector<std::string_view>& tags);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

struct Token {
    SecretString value;
    std::chrono::seconds lifetime{60};
};

/// A token server's answer: `token` or `access_token`, `expires_in` raised to 60 seconds. The Problem quotes nothing.
policy::Result<Token> read_token(std::string_view body);

}  // namespace tidemark::mirror::registry
