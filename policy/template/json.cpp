#include "policy/template/json.h"

#include <cmath>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "policy/template/number.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

constexpr int k_deepest = 200;

class Writer {
public:
    Writer(Text& out, JsonStyle style) : m_out(out), m_style(style) {}

    bool value(const Value& value, int depth) {
        if (depth > k_deepest) m_out.budget().stop("a value is nested too deeply to be encoded");
        if (!m_out.budget().spend_steps(1)) return false;
        if (!value.missing() && value.type().to_json) return text(value.type().to_json(value));
        switch (value.kind()) {
            case Kind::none:
            case Kind::nil:
                return put("null");
            case Kind::boolean:
                return put(value.as_boolean() ? "true" : "false");
            case Kind::integer:
                return put(std::to_string(value.as_integer()));
            case Kind::natural:
                return put(std::to_string(value.as_natural()));
            case Kind::floating:
                return number(value.as_floating());
            case Kind::text:
                return text(value.as_text());
            case Kind::list:
                return list(value, depth);
            case Kind::map:
                return map(value, depth);
            case Kind::structure:
                return structure(value, depth);
            case Kind::complex:
            case Kind::native:
                return false;
        }
        return false;
    }

private:
    bool put(std::string_view part) {
        m_out.append(part);
        return !m_out.full();
    }

    /// As JavaScript writes numbers.
    bool number(double number) {
        if (!std::isfinite(number)) return false;
        const double size = std::fabs(number);
        if (size == 0 || (size >= 1e-6 && size < 1e21)) return put(format_floating(number, 'f', -1));
        std::string text = format_floating(number, 'e', -1);
        // e-09 is written e-9.
        if (text.size() > 4 && text[text.size() - 4] == 'e' && text[text.size() - 3] == '-' &&
            text[text.size() - 2] == '0')
            text.erase(text.size() - 2, 1);
        return put(text);
    }

    bool text(std::string_view content) {
        m_out.append('"');
        while (!content.empty() && !m_out.full()) {
            const Rune rune = first_rune(content);
            escaped(rune, content.substr(0, rune.size));
            content.remove_prefix(rune.size);
        }
        return put("\"");
    }

    void escaped(const Rune& rune, std::string_view bytes) {
        constexpr std::string_view k_codes = "\b\f\n\r\t";
        constexpr std::string_view k_letters = "bfnrt";
        if (!rune.valid) return m_out.append("\\ufffd");
        if (rune.code == '"' || rune.code == '\\') {
            m_out.append('\\');
            return m_out.append(bytes);
        }
        const std::size_t letter = k_codes.find(bytes.front());
        const bool html = rune.code == '<' || rune.code == '>' || rune.code == '&';
        if (rune.code < 0x80 && letter != std::string_view::npos) {
            m_out.append('\\');
            m_out.append(k_letters[letter]);
        } else if (rune.code < ' ' || rune.code == 0x2028 || rune.code == 0x2029 || (html && m_style.escape_html)) {
            m_out.append(fmt::format("\\u{:04x}", static_cast<unsigned>(rune.code)));
        } else {
            m_out.append(bytes);
        }
    }

    void new_line(int depth) {
        if (!m_style.indent) return;
        m_out.append('\n');
        m_out.append(static_cast<std::size_t>(depth) * 2, ' ');
    }

    /// A member's comma, line and name.
    bool name(std::string_view name, int depth, bool& first) {
        if (!first) m_out.append(',');
        first = false;
        new_line(depth);
        return text(name) && put(m_style.indent ? ": " : ":");
    }

    bool list(const Value& items, int depth) {
        if (items.is_nil()) return put("null");
        if (items.size() == 0) return put("[]");
        m_out.append('[');
        bool first = true;
        for (const Value& item : items.items()) {
            if (!first) m_out.append(',');
            first = false;
            new_line(depth + 1);
            if (!value(item, depth + 1)) return false;
        }
        new_line(depth);
        return put("]");
    }

    bool map(const Value& entries, int depth) {
        if (entries.type().key != &types::text) return false;
        if (entries.is_nil()) return put("null");
        if (entries.size() == 0) return put("{}");
        m_out.append('{');
        bool first = true;
        for (const auto& [key, item] : entries.as_map()->entries) {
            if (!name(key.as_text(), depth + 1, first) || !value(item, depth + 1)) return false;
        }
        new_line(depth);
        return put("}");
    }

    bool structure(const Value& whole, int depth) {
        m_out.append('{');
        bool first = true;
        if (!members(whole, depth, first)) return false;
        if (!first) new_line(depth);
        return put("}");
    }

    /// Embedded structures give their members to the outer one.
    bool members(const Value& whole, int depth, bool& first) {
        for (std::size_t index = 0; index < whole.fields().size(); ++index) {
            const Field& field = whole.type().fields[index];
            const Value& item = whole.fields()[index];
            if (field.hidden) continue;
            if (field.embedded) {
                if (!members(item, depth, first)) return false;
                continue;
            }
            const bool renamed = !field.json_name.empty();  // and left out where it is empty
            if (renamed && item.size() == 0) continue;
            if (!name(renamed ? field.json_name : field.name, depth + 1, first) || !value(item, depth + 1))
                return false;
        }
        return true;
    }

    Text& m_out;
    JsonStyle m_style;
};

using Json = rapidjson::Value;

std::string text_of(const Json& text) {
    return std::string(text.GetString(), text.GetStringLength());
}

/// Makes values of parsed JSON; nothing if it is nested too deeply.
class Converter {
public:
    explicit Converter(Context& context) : m_context(context) {}

    std::optional<Value> run(const Json& root) {
        Value value = converted(root, 0);
        if (m_too_deep) return std::nullopt;
        return value;
    }

private:
    Value converted(const Json& element, int depth) {
        m_too_deep = m_too_deep || depth > k_deepest;
        if (m_too_deep || !m_context.budget().spend_steps(1)) return Value::nil();
        switch (element.GetType()) {
            case rapidjson::kArrayType:
                return list(element, depth);
            case rapidjson::kObjectType:
                return map(element, depth);
            case rapidjson::kNumberType:
                return Value::floating(element.GetDouble());
            case rapidjson::kStringType:
                return m_context.text(text_of(element));
            case rapidjson::kTrueType:
            case rapidjson::kFalseType:
                return Value::boolean(element.GetBool());
            case rapidjson::kNullType:
                break;
        }
        return Value::nil();
    }

    Value list(const Json& array, int depth) {
        std::vector<Value> items;
        for (const Json& item : array.GetArray())
            items.push_back(converted(item, depth + 1));
        return m_context.list(items);
    }

    Value map(const Json& object, int depth) {
        Map* map = m_context.make_map();
        for (const auto& member : object.GetObject())
            m_context.set(*map, m_context.text(text_of(member.name)), converted(member.value, depth + 1));
        return Value::map(map, types::dict);
    }

    Context& m_context;
    bool m_too_deep = false;
};

}  // namespace

bool append_json(Text& out, const Value& value, JsonStyle style) {
    return Writer(out, style).value(value, 0);
}

std::optional<Value> parse_json(Context& context, std::string_view text) {
    // The parser's own tables take several times the text.
    constexpr std::size_t k_table_factor = 16;
    if (!context.budget().spend_bytes(text.size() * k_table_factor)) return std::nullopt;
    constexpr unsigned k_how =
        rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag;
    rapidjson::Document root;
    root.Parse<k_how>(text.data(), text.size());
    if (root.HasParseError()) return std::nullopt;
    return Converter(context).run(root);
}

}  // namespace tidemark::policy::message
