// TagListReader: one pass over the body, tags stay where they are. Tags cannot hold escapes, so each is taken from the
// text between its quotes, and simdjson never copies a string.
#include <array>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/registry/answers.h"

namespace tidemark::mirror::registry {
namespace {

using policy::Problem;
using policy::Result;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t k_kept_capacity = 1U << 20U;  // simdjson holds about seven bytes for each byte of it

enum Class : unsigned char { no = 0, first = 1, later = 2 };

constexpr std::array<unsigned char, 256> k_classes = [] {
    std::array<unsigned char, 256> classes{};
    for (int c = 'a'; c <= 'z'; ++c)
        classes[static_cast<std::size_t>(c)] = first | later;
    for (int c = 'A'; c <= 'Z'; ++c)
        classes[static_cast<std::size_t>(c)] = first | later;
    for (int c = '0'; c <= '9'; ++c)
        classes[static_cast<std::size_t>(c)] = first | later;
    classes['_'] = first | later;
    classes['.'] = later;
    classes['-'] = later;
    return classes;
}();

/// The tag that begins at `text` and ends with a quote, or an empty view. Reading stops at the first character that
/// no tag has, so never beyond the body.
std::string_view tag_at(const char* text) noexcept {
    const auto class_of = [](char c) { return k_classes[static_cast<unsigned char>(c)]; };
    if ((class_of(text[0]) & first) == 0) return {};
    std::size_t size = 1;
    while (size <= 128 && (class_of(text[size]) & later) != 0)
        ++size;
    return size <= 128 && text[size] == '"' ? std::string_view(text, size) : std::string_view();
}

simdjson::error_code read_tags(ondemand::value value, std::vector<std::string_view>& tags, TagPage& page) {
    bool null = false;
    if (const auto error = value.is_null().get(null); error != simdjson::SUCCESS) return error;
    if (null) return simdjson::SUCCESS;
    ondemand::array array;
    if (const auto error = value.get_array().get(array); error != simdjson::SUCCESS) return error;
    for (auto element : array) {
        ondemand::raw_json_string raw;
        if (const auto error = element.get_raw_json_string().get(raw); error != simdjson::SUCCESS) return error;
        const std::string_view tag = tag_at(raw.raw());
        if (tag.empty()) {
            ++page.dropped;
        } else {
            tags.push_back(tag);
            ++page.tags;
        }
    }
    return simdjson::SUCCESS;
}

}  // namespace

struct TagListReader::Parser {
    ondemand::parser json;
};

TagListReader::TagListReader() : m_parser(std::make_unique<Parser>()) {}
TagListReader::~TagListReader() = default;

Result<TagPage> TagListReader::read(std::string_view body, std::vector<std::string_view>& tags) {
    const std::size_t before = tags.size();
    if (m_parser->json.capacity() > k_kept_capacity && body.size() < k_kept_capacity) {
        m_parser = std::make_unique<Parser>();
    }
    TagPage page;
    bool found = false;
    const auto read_all = [&]() -> simdjson::error_code {
        ondemand::document document;
        const simdjson::padded_string_view padded(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING);
        if (const auto error = m_parser->json.iterate(padded).get(document); error != simdjson::SUCCESS) return error;
        ondemand::object object;
        if (const auto error = document.get_object().get(object); error != simdjson::SUCCESS) return error;
        for (auto field : object) {
            ondemand::raw_json_string key;
            if (const auto error = field.key().get(key); error != simdjson::SUCCESS) return error;
            if (!key.unsafe_is_equal("tags")) continue;
            if (found) return simdjson::TAPE_ERROR;  // two lists: which one holds?
            found = true;
            ondemand::value value;
            if (const auto error = field.value().get(value); error != simdjson::SUCCESS) return error;
            if (const auto error = read_tags(value, tags, page); error != simdjson::SUCCESS) return error;
        }
        return simdjson::SUCCESS;
    };
    if (const auto error = body.empty() ? simdjson::EMPTY : read_all(); error != simdjson::SUCCESS || !found) {
        tags.resize(before);
        const bool html = body.substr(0, 256).find('<') != std::string_view::npos && !body.starts_with('{');
        if (html) return Problem{"an HTML page, not a tag list", {}};
        if (error == simdjson::SUCCESS) return Problem{"JSON, but not a tag list", {}};
        return Problem{fmt::format("not a whole tag list: {}", simdjson::error_message(error)), {}};
    }
    return page;
}

}  // namespace tidemark::mirror::registry
