#include "policy/setters/marker.h"

#include <optional>

#include <fmt/format.h>
#include <rapidjson/document.h>

namespace tidemark::policy::setters {
namespace {

using Json = rapidjson::Value;

constexpr std::string_view k_key = "$imagepolicy";
constexpr std::string_view k_definition = "#/definitions/io.k8s.cli.setters.";
constexpr std::size_t k_max_comment = 16384;

std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// A reference is a JSON pointer in a URL: percent-decoded, then ~1 and ~0.
std::optional<std::string> decode_reference(std::string_view text) {
    if (text.find_first_of("%~") == std::string_view::npos) return std::string(text);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        plain += static_cast<char>(high * 16 + low);
        i += 2;
    }
    std::string decoded;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const bool escape = plain[i] == '~' && i + 1 < plain.size() && (plain[i + 1] == '0' || plain[i + 1] == '1');
        decoded += !escape ? plain[i] : plain[++i] == '1' ? '/' : '~';
    }
    return decoded;
}

/// The usual form, {"$imagepolicy": "ns:name"} with nothing to decode, without a JSON parser.
std::optional<std::string_view> read_usual_form(std::string_view text) noexcept {
    constexpr std::string_view k_opening = "{\"$imagepolicy\":";
    if (text.substr(0, k_opening.size()) != k_opening) return std::nullopt;
    text.remove_prefix(k_opening.size());
    while (!text.empty() && text[0] == ' ')
        text.remove_prefix(1);
    if (text.size() < 3 || text[0] != '"' || text.substr(text.size() - 2) != "\"}") return std::nullopt;
    text = text.substr(1, text.size() - 3);
    for (const char c : text) {
        const bool usual = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == ':' || c == '_';
        if (!usual) return std::nullopt;
    }
    return text;
}

std::string_view text_of(const Json& value) noexcept {
    return {value.GetString(), value.GetStringLength()};
}

bool is_string_or_list_of_strings(const Json& value) {
    if (value.IsString()) return true;
    if (!value.IsArray()) return false;
    for (const Json& item : value.GetArray()) {
        if (!item.IsString()) return false;
    }
    return true;
}

/// Keys that a JSON schema gives a type; one of another type makes the comment no schema at all.
bool fits_schema(std::string_view key, const Json& value) {
    const auto is_any_of = [key](std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names) {
            if (key == name) return true;
        }
        return false;
    };
    if (value.IsNull()) return true;
    if (key == "type") return is_string_or_list_of_strings(value);
    if (is_any_of({"id", "$schema", "description", "format", "title", "pattern", "discriminator"}))
        return value.IsString();
    if (is_any_of({"maximum", "minimum", "multipleOf"})) return value.IsNumber();
    if (is_any_of({"maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"}))
        return value.IsInt64();
    if (is_any_of({"exclusiveMaximum", "exclusiveMinimum", "uniqueItems", "nullable", "readOnly"}))
        return value.IsBool();
    if (is_any_of({"enum", "required", "allOf", "oneOf", "anyOf"})) return value.IsArray();
    if (is_any_of({"properties", "patternProperties", "definitions", "dependencies", "not"})) return value.IsObject();
    return true;
}

struct Content {
    bool only_texts = true;  // all values are strings or null
    bool schema = true;
    std::optional<std::string> policy;  // of $imagepolicy, if it is a string
    bool policy_key = false;
    std::optional<std::string> reference;  // of $ref
};

Content read_members(const Json& object) {
    Content content;
    for (const auto& member : object.GetObject()) {
        const std::string_view key = text_of(member.name);
        const bool is_text = member.value.IsString();
        content.only_texts = content.only_texts && (is_text || member.value.IsNull());
        content.schema = content.schema && fits_schema(key, member.value);
        if (key == k_key) {
            content.policy_key = true;
            content.policy.reset();
            if (is_text) content.policy = text_of(member.value);
        } else if (key == "$ref") {
            content.reference.reset();
            if (is_text) content.reference = text_of(member.value);
        }
    }
    return content;
}

Marker broken(std::string problem) {
    return {MarkerKind::broken, "", std::move(problem)};
}

Marker marker_of(std::string_view reference) {
    std::optional<std::string> setter = decode_reference(reference);
    if (!setter) return broken(fmt::format("the policy \"{}\" holds a % that is no escape", reference));
    return {MarkerKind::marker, *std::move(setter), ""};
}

Marker interpret(const Content& content) {
    if (content.policy_key && content.only_texts) {
        if (!content.policy || content.policy->empty()) return broken("$imagepolicy names no policy");
        return marker_of(*content.policy);
    }
    if (content.policy_key) {
        if (!content.policy) return broken("$imagepolicy must be a string, \"NAMESPACE:POLICY\"");
        return broken("a key beside $imagepolicy is neither a string nor null");
    }
    if (content.reference && content.schema && content.reference->substr(0, k_definition.size()) == k_definition)
        return marker_of(std::string_view(*content.reference).substr(k_definition.size()));
    return {};
}

}  // namespace

Marker parse_marker(std::string_view comment) {
    while (!comment.empty() && comment[0] == '#')
        comment.remove_prefix(1);
    const std::string_view text = trim_blanks(comment);
    if (const auto setter = read_usual_form(text); setter && !setter->empty())
        return {MarkerKind::marker, std::string(*setter), ""};

    const bool meant = text.find(k_key) != std::string_view::npos;
    const Marker no_json = meant ? broken("the comment is not one JSON object and nothing else") : Marker{};
    if (text.empty() || text[0] != '{' || text.size() > k_max_comment) return no_json;
    // A NUL would end the text for the parser.
    if (text.find('\0') != std::string_view::npos) return no_json;
    rapidjson::Document root;
    root.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (root.HasParseError() || !root.IsObject()) return no_json;
    Marker marker = interpret(read_members(root));
    if (marker.kind == MarkerKind::comment && meant) return broken("$imagepolicy is no key of the comment's object");
    return marker;
}

std::string check_setter(std::string_view setter) {
    const std::size_t first = setter.find(':');
    if (first == std::string_view::npos || first == 0) return fmt::format("\"{}\" is not NAMESPACE:POLICY", setter);
    const std::size_t second = setter.find(':', first + 1);
    const std::string_view policy =
        setter.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    if (policy.empty()) return fmt::format("\"{}\" names no policy behind its namespace", setter);
    if (second == std::string_view::npos) return {};
    const std::string_view part = setter.substr(second + 1);
    if (part == "tag" || part == "name" || part == "digest") return {};
    return fmt::format("\"{}\" asks for the part \"{}\"; there are tag, name and digest", setter, part);
}

}  // namespace tidemark::policy::setters
