#include "policy/template/text_tools.h"

#include "policy/template/unicode.h"

namespace tidemark::policy::message {

std::vector<std::string_view> split_text(std::string_view text, std::string_view separator, std::int64_t count) {
    std::vector<std::string_view> parts;
    if (count == 0) return parts;
    const auto more = [&] { return count < 0 || static_cast<std::int64_t>(parts.size()) < count - 1; };
    if (separator.empty()) {
        while (!text.empty()) {
            const std::size_t size = more() ? first_rune(text).size : text.size();
            parts.push_back(text.substr(0, size));
            text.remove_prefix(size);
        }
        return parts;
    }
    while (more()) {
        const std::size_t place = text.find(separator);
        if (place == std::string_view::npos) break;
        parts.push_back(text.substr(0, place));
        text.remove_prefix(place + separator.size());
    }
    parts.push_back(text);
    return parts;
}

void append_replaced(Text& out, std::string_view text, std::string_view old_part, std::string_view new_part) {
    if (old_part.empty()) {
        // Go: before each character and at the end.
        while (!text.empty() && !out.full()) {
            const std::size_t size = first_rune(text).size;
            out.append(new_part);
            out.append(text.substr(0, size));
            text.remove_prefix(size);
        }
        return out.append(new_part);
    }
    while (!out.full()) {
        const std::size_t place = text.find(old_part);
        out.append(text.substr(0, place));
        if (place == std::string_view::npos) return;
        out.append(new_part);
        text.remove_prefix(place + old_part.size());
    }
}

void append_percent_encoded(Text& out, std::string_view text, std::string_view kept, bool plus) {
    constexpr std::string_view k_digits = "0123456789ABCDEF";
    for (const char byte : text) {
        if (out.full()) return;
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (plain || kept.find(byte) != std::string_view::npos) {
            out.append(byte);
        } else if (byte == ' ' && plus) {
            out.append('+');
        } else {
            const auto code = static_cast<unsigned char>(byte);
            out.append('%');
            out.append(k_digits[code >> 4]);
            out.append(k_digits[code & 15]);
        }
    }
}

}  // namespace tidemark::policy::message
