// Secret v1. Findings name keys, never content.
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

constexpr std::size_t k_secret_limit = std::size_t{1} << 20;  // Kubernetes' own limit

int base64_digit(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

// Standard alphabet with padding; line breaks are passed over, as Go's decoder does.
std::optional<std::string> decode_base64(std::string_view text) {
    std::string result;
    result.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r') continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int digit = base64_digit(c);
        if (digit < 0 || padding > 0) return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        if (++digits % 4 == 0) {
            for (const unsigned shift : {16U, 8U, 0U})
                result += static_cast<char>((bits >> shift) & 0xFFU);
            bits = 0;
        }
    }
    const std::size_t rest = digits % 4;
    if (rest == 1 || padding != (rest == 0 ? 0 : 4 - rest)) return std::nullopt;
    if (rest == 2) result += static_cast<char>((bits >> 4U) & 0xFFU);
    if (rest == 3) {
        result += static_cast<char>((bits >> 10U) & 0xFFU);
        result += static_cast<char>((bits >> 2U) & 0xFFU);
    }
    return result;
}

// As yaml::read_text, but a wrong value is not repeated in the message.
void read_values(yaml::Fields& root, std::string_view field, bool encoded, Secret& secret) {
    const yaml::Node* node = root.find(field);
    if (!node) return;
    yaml::Report& report = root.report();
    if (!node->is_mapping()) {
        report.error(*node, fmt::format("{} must be a mapping", field));
        return;
    }
    for (std::size_t i = 0; i + 1 < node->children.size(); i += 2) {
        const yaml::Node& key = *node->children[i];
        const yaml::Node& value = *node->children[i + 1];
        if (!key.is_scalar()) {
            report.error(key, fmt::format("a key of {} must be text", field));
        } else if (!value.is_scalar() || (scalar_type(value) != yaml::ScalarType::text && !is_null(value))) {
            report.error(value, fmt::format("{}.{} must be text, is {}", field, key.value, yaml::describe_type(value)),
                         "put it in quotes");
        } else if (!encoded) {
            secret.data[key.value] = is_null(value) ? "" : value.value;
        } else if (auto decoded = decode_base64(is_null(value) ? "" : value.value)) {
            secret.data[key.value] = std::move(*decoded);
        } else {
            report.error(value, fmt::format("{}.{} is not base64", field, key.value),
                         "write it under stringData as it is, or encode it");
        }
    }
}

}  // namespace

void read_secret(Secret& secret, yaml::Fields& root) {
    root.boolean("immutable");
    secret.type = root.text("type").value_or("");
    if (const yaml::Node* sops = root.find("sops")) {
        root.report().error(*sops, "this Secret is encrypted with SOPS, which Tidemark does not decrypt",
                            "put its values as files below the secrets folder: <namespace>/<name>/<key>");
        root.ignore("data");
        root.ignore("stringData");
        return;
    }
    read_values(root, "data", true, secret);
    read_values(root, "stringData", false, secret);  // goes before data, as in Kubernetes
    std::size_t size = 0;
    for (const auto& [key, value] : secret.data)
        size += key.size() + value.size();
    if (size > k_secret_limit)
        root.report().error(root.node(), fmt::format("the values are larger than {} bytes", k_secret_limit));
}

}  // namespace tidemark::policy
