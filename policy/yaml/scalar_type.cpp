// What a scalar is: text, number, boolean or nothing, by the rules of YAML 1.1 as the Go readers have them.
#include <algorithm>
#include <array>

#include "policy/yaml/document.h"

namespace tidemark::policy::yaml {
namespace {

constexpr std::string_view k_tag_prefix = "tag:yaml.org,2002:";

constexpr std::array<std::string_view, 9> k_true = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
constexpr std::array<std::string_view, 9> k_false = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"};

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::array<std::string_view, Size>& words) noexcept {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::size_t skip_digits(std::string_view text, std::size_t i) noexcept {
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_'))
        ++i;
    return i;
}

bool is_hexadecimal(std::string_view digits) noexcept {
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '_';
    });
}

bool is_number(std::string_view text) noexcept {
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    if (text.empty()) return false;
    if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN" || text == ".NAN")
        return true;
    if (text.size() > 2 && text[0] == '0' && text[1] == 'x') return is_hexadecimal(text.substr(2));
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'o' || text[1] == 'b'))
        return skip_digits(text, 2) == text.size();
    if (!is_digit(text[0]) && !(text[0] == '.' && text.size() > 1 && is_digit(text[1]))) return false;
    std::size_t i = skip_digits(text, 0);
    if (i < text.size() && text[i] == '.') i = skip_digits(text, i + 1);
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
        if (i == text.size()) return false;
        i = skip_digits(text, i);
    }
    return i == text.size();
}

ScalarType plain_type(std::string_view value) noexcept {
    if (value.empty()) return ScalarType::null;
    // Nearly every value is a word: one look at its first letter settles most of them.
    if (std::string_view("~nNtTfFyYoO0123456789+-.").find(value[0]) == std::string_view::npos) return ScalarType::text;
    if (value == "~" || value == "null" || value == "Null" || value == "NULL") return ScalarType::null;
    if (value.size() <= 5 && (is_one_of(value, k_true) || is_one_of(value, k_false))) return ScalarType::boolean;
    return is_number(value) ? ScalarType::number : ScalarType::text;
}

}  // namespace

ScalarType scalar_type(const Node& scalar) noexcept {
    if (scalar.tag.empty()) return scalar.style == ScalarStyle::plain ? plain_type(scalar.value) : ScalarType::text;
    std::string_view tag = scalar.tag;
    if (tag.substr(0, k_tag_prefix.size()) != k_tag_prefix) return ScalarType::text;
    tag.remove_prefix(k_tag_prefix.size());
    if (tag == "int" || tag == "float") return ScalarType::number;
    if (tag == "null") return ScalarType::null;
    if (tag == "bool") return ScalarType::boolean;
    return ScalarType::text;
}

bool boolean_value(const Node& scalar) noexcept {
    return is_one_of(scalar.value, k_true);
}

bool is_null(const Node& node) noexcept {
    return node.is_scalar() && scalar_type(node) == ScalarType::null;
}

}  // namespace tidemark::policy::yaml
