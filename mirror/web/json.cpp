#include "mirror/web/json.h"

#include <algorithm>

#include "policy/base/timestamp.h"

namespace tidemark::mirror::web {
namespace {

/// Length of the well-formed character at the beginning of `text` (Unicode 15, table 3-7); 0: none.
std::size_t character_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t place) -> unsigned {
        return place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
    };
    const auto follows = [&](std::size_t place, unsigned low = 0x80, unsigned high = 0xBF) {
        return byte(place) >= low && byte(place) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF)
        return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
    if (first >= 0xF0 && first <= 0xF4)
        return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
    return 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 0) {
            valid += "\xEF\xBF\xBD";
        } else {
            valid += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

JsonText& JsonText::key(std::string_view name) {
    m_writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
}

JsonText& JsonText::value(std::string_view text) {
    const std::string valid = valid_utf8(text);
    m_writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    return *this;
}

JsonText& JsonText::value(std::chrono::sys_seconds time) {
    return value(policy::format_timestamp(time));
}

Answer json_answer(int status, const JsonText& text) {
    Answer answer;
    answer.status = status;
    answer.content_type = "application/json";
    answer.body = text.take() + "\n";
    return answer;
}

Answer error_answer(int status, std::string_view error, std::string_view next) {
    JsonText text;
    text.begin_object().member("error", error).member("next", next).end_object();
    return json_answer(status, text);
}

}  // namespace tidemark::mirror::web
