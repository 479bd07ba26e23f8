#include "policy/objects/spec_hash.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace tidemark::policy {
namespace {

void append_sized(std::string& out, char type, std::string_view text) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
    out += type;
    out.append(digits.data(), end);
    out += ':';
    out += text;
}

void append(std::string& out, const yaml::Node& node);

void append_scalar(std::string& out, const yaml::Node& scalar) {
    switch (yaml::scalar_type(scalar)) {
        case yaml::ScalarType::null:
            out += 'z';
            break;
        case yaml::ScalarType::boolean:
            out += yaml::boolean_value(scalar) ? 't' : 'f';
            break;
        case yaml::ScalarType::number:
            append_sized(out, 'n', scalar.value);
            break;
        case yaml::ScalarType::text:
            append_sized(out, 's', scalar.value);
            break;
    }
}

void append_mapping(std::string& out, const yaml::Node& mapping) {
    struct Member {
        std::string_view key;
        const yaml::Node* value;
    };
    std::vector<Member> members;
    members.reserve(mapping.children.size() / 2);
    for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
        // A field that is null is as good as missing.
        if (!yaml::is_null(*mapping.children[i + 1]))
            members.push_back({mapping.children[i]->value, mapping.children[i + 1]});
    }
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
    out += '{';
    for (const Member& member : members) {
        append_sized(out, 'k', member.key);
        append(out, *member.value);
    }
    out += '}';
}

// Depth and size are bounded by the document's limits, with aliases written out.
void append(std::string& out, const yaml::Node& node) {
    if (node.is_scalar()) {
        append_scalar(out, node);
    } else if (node.is_mapping()) {
        append_mapping(out, node);
    } else {
        out += '[';
        for (const yaml::Node* item : node.children)
            append(out, *item);
        out += ']';
    }
}

}  // namespace

SpecHasher::SpecHasher() : m_context(EVP_MD_CTX_new()), m_digest(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {}

std::string SpecHasher::hash(const yaml::Node& spec) {
    m_canonical.clear();
    append(m_canonical, spec);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!m_context || !m_digest || EVP_DigestInit_ex2(m_context.get(), m_digest.get(), nullptr) != 1 ||
        EVP_DigestUpdate(m_context.get(), m_canonical.data(), m_canonical.size()) != 1 ||
        EVP_DigestFinal_ex(m_context.get(), digest.data(), &size) != 1)
        return {};
    std::string hex;
    hex.reserve(2 * std::size_t{size});
    for (unsigned i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4U];
        hex += "0123456789abcdef"[digest[i] & 15U];
    }
    return hex;
}

}  // namespace tidemark::policy
