// sprig's b64enc, b64dec, b32enc, b32dec. As there, a malformed text decodes to the words of the error.
#include <array>
#include <string>

#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

/// A base that takes `bits` of each group of bytes: 6 of 3 for base64, 5 of 5 for base32.
struct Base {
    std::string_view alphabet;
    unsigned bits;
    std::size_t letters;  // of a whole group
    std::string_view name;
};

constexpr Base k_base64{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, "base64"};
constexpr Base k_base32{"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, "base32"};

std::string encoded(const Base& base, std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 / base.bits) + base.letters);
    std::uint32_t pending = 0;
    unsigned count = 0;
    const std::uint32_t mask = (1U << base.bits) - 1;
    for (const char byte : bytes) {
        pending = (pending << 8) | static_cast<unsigned char>(byte);
        count += 8;
        for (; count >= base.bits; count -= base.bits)
            text += base.alphabet[(pending >> (count - base.bits)) & mask];
        pending &= (1U << count) - 1;
    }
    if (count > 0) text += base.alphabet[(pending << (base.bits - count)) & mask];
    while (text.size() % base.letters != 0)
        text += '=';
    return text;
}

std::string malformed(const Base& base, std::size_t position) {
    return "illegal " + std::string(base.name) + " data at input byte " + std::to_string(position);
}

/// Line breaks are skipped; the last group must be filled up with '='.
std::string decoded(const Base& base, std::string_view text) {
    std::string bytes;
    std::uint32_t pending = 0;
    unsigned count = 0;
    std::size_t letters = 0;
    std::size_t position = 0;
    const auto at_break = [&] { return position < text.size() && (text[position] == '\n' || text[position] == '\r'); };
    for (; position < text.size(); ++position) {
        if (at_break()) continue;
        const std::size_t value = base.alphabet.find(text[position]);
        if (value == std::string_view::npos) break;
        pending = (pending << base.bits) | static_cast<std::uint32_t>(value);
        count += base.bits;
        ++letters;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(static_cast<unsigned char>(pending >> count));
            pending &= (1U << count) - 1;
        }
    }
    if (position < text.size() && text[position] != '=') return malformed(base, position);
    const std::size_t used = letters % base.letters;
    // A last group of this many letters encodes whole bytes.
    const bool whole = used * base.bits % 8 < base.bits && used != 0;
    const std::size_t wanted = used == 0 ? 0 : base.letters - used;
    if (used != 0 && position == text.size()) return malformed(base, position - used);
    if (used != 0 && !whole) return malformed(base, position);
    std::size_t padding = 0;
    for (; position < text.size(); ++position) {
        if (at_break()) continue;
        if (text[position] != '=' || padding == wanted) return malformed(base, position);
        ++padding;
    }
    return padding == wanted ? bytes : malformed(base, text.size());
}

Result<Value> b64enc(Call& call) {
    return call.context.text(encoded(k_base64, call.text(0)));
}
Result<Value> b64dec(Call& call) {
    return call.context.text(decoded(k_base64, call.text(0)));
}
Result<Value> b32enc(Call& call) {
    return call.context.text(encoded(k_base32, call.text(0)));
}
Result<Value> b32dec(Call& call) {
    return call.context.text(decoded(k_base32, call.text(0)));
}

constexpr Function k_functions[] = {
    {"b64enc", "s", b64enc}, {"b64dec", "s", b64dec}, {"b32enc", "s", b32enc}, {"b32dec", "s", b32dec}};

}  // namespace

std::span<const Function> encoding_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
