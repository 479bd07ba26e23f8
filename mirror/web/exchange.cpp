#include "mirror/web/exchange.h"

#include <algorithm>

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <fmt/format.h>

namespace tidemark::mirror::web {
namespace {

constexpr std::size_t k_most_pairs = 64;

}  // namespace

std::optional<std::string_view> find_only(const Pairs& pairs, std::string_view name) noexcept {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : pairs) {
        if (key != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::string_view Request::query_value(std::string_view name) const noexcept {
    return find_only(query, name).value_or("");
}

std::string_view Request::header(std::string_view name) const noexcept {
    return find_only(headers, name).value_or("");
}

Answer plain_answer(int status, std::string_view text) {
    Answer answer;
    answer.status = status;
    answer.body = fmt::format("{}\n", text);
    return answer;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
    std::string encoded(text);
    if (plus_is_blank) std::replace(encoded.begin(), encoded.end(), '+', ' ');
    std::string decoded;
    try {
        Poco::URI::decode(encoded, decoded);
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
    if (decoded.find('\0') != std::string::npos) return std::nullopt;
    return decoded;
}

std::string encode(std::string_view text) {
    std::string encoded;
    Poco::URI::encode(std::string(text), "/?#&=+%;:@$,!'()*[]\"<>\\^`{|}~", encoded);
    return encoded;
}

Pairs parse_form(std::string_view text) {
    Pairs pairs;
    while (!text.empty() && pairs.size() < k_most_pairs) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals), true);
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (name && value && !name->empty()) pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

}  // namespace tidemark::mirror::web
