#include "mirror/cli/csv.h"

#include <fmt/format.h>

namespace tidemark::mirror::cli {
namespace {

policy::Problem error_at(std::size_t offset, std::string_view what) {
    return {fmt::format("parse error on line 1, column {}: {}", offset + 1, what), offset};
}

/// A quoted field from its opening quote on; `position` ends behind the closing one.
policy::Result<std::string> take_quoted(std::string_view text, std::size_t& position) {
    std::string field;
    for (++position; position < text.size(); ++position) {
        if (text[position] != '"') {
            field += text[position];
        } else if (position + 1 < text.size() && text[position + 1] == '"') {
            field += '"';
            ++position;
        } else {
            ++position;
            if (position == text.size() || text[position] == ',') return field;
            return error_at(position - 1, "extraneous or missing \" in quoted-field");
        }
    }
    return error_at(position, "extraneous or missing \" in quoted-field");
}

}  // namespace

policy::Result<std::vector<std::string>> parse_csv_line(std::string_view text) {
    std::vector<std::string> fields;
    if (text.empty()) return fields;
    for (std::size_t position = 0;; ++position) {
        if (position < text.size() && text[position] == '"') {
            auto field = take_quoted(text, position);
            if (!field) return field.problem();
            fields.push_back(*std::move(field));
        } else {
            const std::size_t end = std::min(text.find(',', position), text.size());
            const std::string_view field = text.substr(position, end - position);
            const std::size_t quote = field.find('"');
            if (quote != std::string_view::npos) return error_at(position + quote, "bare \" in non-quoted-field");
            fields.emplace_back(field);
            position = end;
        }
        if (position >= text.size()) return fields;
    }
}

}  // namespace tidemark::mirror::cli
