// One request and its answer as plain values: what handlers get and give, whatever carried them. Everything in a
// request is hostile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace tidemark::mirror::web {

/// Who is at the other end of a connection.
struct Peer {
    std::string address;  // "192.0.2.7"; empty: it came through the Unix socket
    // Of the Unix socket's peer, from the kernel:
    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups;

    bool is_local() const noexcept { return address.empty(); }
};

enum class Method { get, head, post, other };

/// Names with their values, in the order they came.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The value if the name is there exactly once: of two headers of one name, nobody knows who sent which.
std::optional<std::string_view> find_only(const Pairs& pairs, std::string_view name) noexcept;

struct Request {
    Method method = Method::get;
    std::vector<std::string> path;  // decoded parts between the slashes
    std::string path_text;          // as it was sent, without the query
    Pairs query;                    // decoded
    Pairs headers;                  // names in small letters
    std::string body;
    Peer peer;
    /// What the route's `*` stood for, in order.
    std::vector<std::string> names;

    /// The query's value; empty if it is missing or there more than once.
    std::string_view query_value(std::string_view name) const noexcept;
    /// The header's value, its name in small letters; empty as above.
    std::string_view header(std::string_view name) const noexcept;
};

struct Answer {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    Pairs headers;
    /// Whether browsers may keep it; set for what its name changes with.
    bool lasting = false;
};

/// One sentence, with a line end.
Answer plain_answer(int status, std::string_view text);

/// Pairs of `a=b&c=d`, decoded; what cannot be decoded is left out. At most 64.
Pairs parse_form(std::string_view text);

/// "%41+b" as "A b"; nullopt for broken escapes and for NUL.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank);

/// For a part of a path or a value of a query.
std::string encode(std::string_view text);

}  // namespace tidemark::mirror::web
