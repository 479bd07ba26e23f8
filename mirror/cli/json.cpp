#include "mirror/cli/json.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Member;
using policy::yaml::Value;

class Writer {
public:
    explicit Writer(JsonLayout layout) : m_layout(layout) {}

    void value(const Value& node) {
        std::visit([this](const auto& content) { write(content); }, node.content());
    }

    std::string take() { return std::move(m_text); }

private:
    void write(const std::string& text) {
        m_text += '"';
        for (const char c : text) {
            switch (c) {
                case '"':
                    m_text += "\\\"";
                    break;
                case '\\':
                    m_text += "\\\\";
                    break;
                case '\n':
                    m_text += "\\n";
                    break;
                case '\t':
                    m_text += "\\t";
                    break;
                case '\r':
                    m_text += "\\r";
                    break;
                default:
                    if (static_cast<unsigned char>(c) < 0x20) {
                        fmt::format_to(std::back_inserter(m_text), "\\u{:04x}", static_cast<unsigned char>(c));
                    } else {
                        m_text += c;
                    }
            }
        }
        m_text += '"';
    }
    void write(bool truth) { m_text += truth ? "true" : "false"; }
    void write(std::int64_t number) { m_text += std::to_string(number); }

    void write(const Value::Sequence& items) {
        open('[');
        for (const Value& item : items) {
            next(&item != &items.front());
            value(item);
        }
        close(']', items.empty());
    }

    void write(const Value::Mapping& members) {
        std::vector<const Member*> sorted;
        for (const Member& member : members)
            sorted.push_back(&member);
        std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
        open('{');
        for (const Member* member : sorted) {
            next(member != sorted.front());
            write(member->key);
            m_text += m_layout == JsonLayout::indented ? ": " : ":";
            value(member->value);
        }
        close('}', members.empty());
    }

    void open(char bracket) {
        m_text += bracket;
        ++m_depth;
    }
    void next(bool comma) {
        if (comma) m_text += ',';
        new_line();
    }
    void close(char bracket, bool empty) {
        --m_depth;
        if (!empty) new_line();
        m_text += bracket;
    }
    void new_line() {
        if (m_layout == JsonLayout::compact) return;
        m_text += '\n';
        m_text.append(2 * m_depth, ' ');
    }

    JsonLayout m_layout;
    std::size_t m_depth = 0;
    std::string m_text;
};

}  // namespace

std::string to_json(const Value& value, JsonLayout layout) {
    Writer writer(layout);
    writer.value(value);
    std::string text = writer.take();
    if (layout == JsonLayout::indented) text += '\n';
    return text;
}

}  // namespace tidemark::mirror::cli
