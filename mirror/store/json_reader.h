// Members of a JSON object that may be missing or of another type. For the store's own files.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace tidemark::mirror::store {

/// Empty if there is none.
inline std::string get_text(const simdjson::dom::object& from, std::string_view key) {
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

inline std::optional<std::chrono::sys_seconds> get_time(const simdjson::dom::object& from, std::string_view key) {
    std::int64_t seconds = 0;
    if (from.at_key(key).get(seconds) != simdjson::SUCCESS) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

inline std::vector<std::string> get_texts(const simdjson::dom::array& list) {
    std::vector<std::string> texts;
    for (const simdjson::dom::element item : list) {
        std::string_view text;
        if (item.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
    }
    return texts;
}

/// The texts of an array; empty if there is none.
inline std::vector<std::string> get_texts(const simdjson::dom::object& from, std::string_view key) {
    simdjson::dom::array list;
    return from.at_key(key).get(list) == simdjson::SUCCESS ? get_texts(list) : std::vector<std::string>();
}

}  // namespace tidemark::mirror::store
