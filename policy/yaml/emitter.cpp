#include "policy/yaml/emitter.h"

#include <algorithm>
#include <memory>
#include <new>

#include <yaml.h>

#include "policy/yaml/plain.h"

namespace tidemark::policy::yaml {
namespace {

struct Delete {
    void operator()(yaml_emitter_t* emitter) const noexcept {
        yaml_emitter_delete(emitter);
        delete emitter;
    }
};
using Handle = std::unique_ptr<yaml_emitter_t, Delete>;

// Called by libyaml, so nothing may be thrown: an allocation that fails becomes its write error.
int append(void* target, unsigned char* bytes, std::size_t size) noexcept {
    try {
        static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(bytes), size);
        return 1;
    } catch (...) {
        return 0;
    }
}

Handle make_emitter(std::string& target) {
    auto bare = std::make_unique<yaml_emitter_t>();
    if (!yaml_emitter_initialize(bare.get())) throw std::bad_alloc();
    Handle emitter(bare.release());
    yaml_emitter_set_output(emitter.get(), append, &target);
    yaml_emitter_set_unicode(emitter.get(), 1);
    return emitter;
}

std::size_t sequence_length(unsigned char first) noexcept {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    if (first >= 0xF0 && first < 0xF5) return 4;
    return 0;
}

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = sequence_length(first);
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
        }
        const auto second = static_cast<unsigned char>(length > 1 ? text[i + 1] : 0);
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90) ||
            (first == 0xF4 && second >= 0x90)) {
            return false;
        }
        i += length;
    }
    return true;
}

// NEL, LS and PS are line breaks to YAML 1.1 and text to everyone else: only escapes read back the same everywhere.
bool holds_odd_breaks(std::string_view text) noexcept {
    return text.find("\xC2\x85") != std::string_view::npos || text.find("\xE2\x80\xA8") != std::string_view::npos ||
           text.find("\xE2\x80\xA9") != std::string_view::npos;
}

yaml_scalar_style_t style_of(std::string_view text) noexcept {
    if (holds_odd_breaks(text)) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (text.find('\n') != std::string_view::npos) return YAML_LITERAL_SCALAR_STYLE;
    return is_plain_string(text) && !is_base_60(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

class Writer {
public:
    explicit Writer(yaml_emitter_t* emitter) : m_emitter(emitter) {}

    void document(const Value& root) {
        yaml_event_t event;
        yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
        emit(event);
        yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1);
        emit(event);
        value(root);
        yaml_document_end_event_initialize(&event, 1);
        emit(event);
        yaml_stream_end_event_initialize(&event);
        emit(event);
    }

    const std::string& problem() const noexcept { return m_problem; }

private:
    void emit(yaml_event_t& event) {
        // The emitter owns the event from here on, also when it refuses it.
        if (!yaml_emitter_emit(m_emitter, &event) && m_problem.empty()) {
            m_problem = m_emitter->problem ? m_emitter->problem : "the document cannot be written";
        }
    }

    void scalar(std::string_view text, yaml_scalar_style_t style) {
        yaml_event_t event;
        auto* bytes = reinterpret_cast<yaml_char_t*>(const_cast<char*>(text.data()));
        if (!yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes, static_cast<int>(text.size()), 1, 1,
                                          style)) {
            throw std::bad_alloc();
        }
        emit(event);
    }

    void text(std::string_view value) {
        if (!is_utf8(value)) {
            m_problem = "yaml: a text is not valid UTF-8";
        } else if (value.find('\x7F') != std::string_view::npos) {
            m_problem = "yaml: control characters are not allowed";
        } else {
            scalar(value.data() ? value : std::string_view(""), style_of(value));
        }
    }

    void value(const Value& value) {
        if (!m_problem.empty()) return;
        std::visit([this](const auto& content) { write(content); }, value.content());
    }

    void write(const std::string& value) { text(value); }
    void write(bool value) { scalar(value ? "true" : "false", YAML_PLAIN_SCALAR_STYLE); }
    void write(std::int64_t value) { scalar(std::to_string(value), YAML_PLAIN_SCALAR_STYLE); }

    void write(const Value::Sequence& items) {
        yaml_event_t event;
        yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
        emit(event);
        for (const Value& item : items)
            value(item);
        yaml_sequence_end_event_initialize(&event);
        emit(event);
    }

    void write(const Value::Mapping& members) {
        std::vector<const Member*> sorted;
        for (const Member& member : members)
            sorted.push_back(&member);
        std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
        yaml_event_t event;
        yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE);
        emit(event);
        for (const Member* member : sorted) {
            if (m_problem.empty()) text(member->key);
            value(member->value);
        }
        yaml_mapping_end_event_initialize(&event);
        emit(event);
    }

    yaml_emitter_t* m_emitter;
    std::string m_problem;
};

}  // namespace

Value& Value::set(std::string_view key, Value value) {
    auto& members = std::get<Mapping>(m_content);
    for (Member& member : members) {
        if (member.key == key) {
            member.value = std::move(value);
            return *this;
        }
    }
    members.push_back({std::string(key), std::move(value)});
    return *this;
}

Value& Value::set_text(std::string_view key, std::string_view text) {
    if (!text.empty()) set(key, text);
    return *this;
}

const Value* Value::find(std::string_view key) const noexcept {
    const auto* members = std::get_if<Mapping>(&m_content);
    if (!members) return nullptr;
    for (const Member& member : *members) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

bool Value::empty() const noexcept {
    if (const auto* members = std::get_if<Mapping>(&m_content)) return members->empty();
    if (const auto* items = std::get_if<Sequence>(&m_content)) return items->empty();
    return false;
}

Result<std::string> emit(const Value& root) {
    std::string target;
    Handle emitter = make_emitter(target);
    Writer writer(emitter.get());
    writer.document(root);
    if (!writer.problem().empty()) return Problem{writer.problem(), std::nullopt};
    // libyaml ends a document that holds a `|+` scalar anywhere with "...", which nobody needs behind a mapping.
    constexpr std::string_view k_end = "\n...\n";
    if (target.ends_with(k_end)) target.erase(target.size() - k_end.size() + 1);
    return target;
}

}  // namespace tidemark::policy::yaml
