#include "policy/yaml/document.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace tidemark::policy::yaml {
namespace {

constexpr std::size_t k_first_chunk = 48;  // an object of Flux has 20 to 40 nodes
constexpr std::size_t k_next_chunk = 256;

bool is_continuation_byte(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

bool has_byte_order_mark(std::string_view text) noexcept {
    return text.substr(0, 3) == "\xEF\xBB\xBF";
}

std::uint32_t narrow(std::size_t number) noexcept {
    return static_cast<std::uint32_t>(std::min<std::size_t>(number, std::numeric_limits<std::uint32_t>::max()));
}

bool is_separator_at(std::string_view text, std::size_t position) noexcept {
    if (text.substr(position, 3) != "---") return false;
    return position + 3 == text.size() ||
           std::string_view(" \t\r\n").find(text[position + 3]) != std::string_view::npos;
}

// The next line after `position` that begins a document.
std::size_t find_separator(std::string_view text, std::size_t position) noexcept {
    for (;;) {
        position = text.find("\n---", position);
        if (position == std::string_view::npos) return position;
        ++position;
        if (is_separator_at(text, position)) return position;
    }
}

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
    if (!is_mapping()) return nullptr;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        if (children[i]->is_scalar() && children[i]->value == key) return children[i + 1];
    }
    return nullptr;
}

Node& Document::make_node(const EventView& event) {
    if (m_chunks.empty() || m_chunks.back().size() == m_chunks.back().capacity()) {
        const std::size_t size = m_chunks.empty() ? k_first_chunk : k_next_chunk;
        m_chunks.emplace_back().reserve(size);
    }
    Node& node = m_chunks.back().emplace_back();
    node.index = narrow(event.start.index);
    node.line = narrow(event.start.line);
    node.column = narrow(event.start.column);
    node.flow = event.flow;
    return node;
}

// Puts the events of one document together. After a mistake it only waits for the document's end.
class DocumentReader::Builder {
public:
    explicit Builder(const DocumentLimits& limits) : m_limits(limits) { m_open.reserve(8); }

    void add(const EventView& event) {
        if (m_error) return;
        switch (event.kind) {
            case EventKind::scalar:
                add_scalar(event);
                break;
            case EventKind::alias:
                add_alias(event);
                break;
            case EventKind::sequence_start:
                open(event, NodeKind::sequence);
                break;
            case EventKind::mapping_start:
                open(event, NodeKind::mapping);
                break;
            case EventKind::sequence_end:
            case EventKind::mapping_end:
                close();
                break;
            case EventKind::stream_start:
            case EventKind::stream_end:
            case EventKind::document_start:
            case EventKind::document_end:
                break;
        }
    }

    std::variant<Document, YamlError> finish() {
        if (m_error) return *m_error;
        if (!m_document.m_root) m_document.m_root = &m_document.make_node(EventView{});
        return std::move(m_document);
    }

private:
    struct Open {
        Node* node;
        std::string anchor;
    };

    void fail(const Mark& mark, std::string message) { m_error = YamlError{std::move(message), mark}; }

    void attach(const Node& node) {
        if (m_open.empty()) {
            m_document.m_root = &node;
        } else {
            m_open.back().node->children.push_back(&node);
        }
    }

    bool room_for_another(const Mark& mark) {
        if (++m_nodes > m_limits.nodes) fail(mark, fmt::format("more than {} values in one document", m_limits.nodes));
        return !m_error;
    }

    void add_scalar(const EventView& event) {
        if (!room_for_another(event.start)) return;
        Node& node = m_document.make_node(event);
        node.style = event.style;
        node.value = event.value;
        node.tag = event.tag;
        attach(node);
        if (!event.anchor.empty()) m_anchors[std::string(event.anchor)] = &node;
    }

    void add_alias(const EventView& event) {
        // Only finished nodes are in the table, so a node can never hold itself.
        const auto found = m_anchors.find(event.anchor);
        if (found == m_anchors.end()) {
            // Without its name: it may be a password that nobody put in quotes.
            fail(event.start, "an alias names no anchor that ends before it");
        } else if (room_for_another(event.start)) {
            attach(*found->second);
        }
    }

    void open(const EventView& event, NodeKind kind) {
        if (!room_for_another(event.start)) return;
        if (m_open.size() >= m_limits.depth) {
            fail(event.start, fmt::format("nested deeper than {} levels", m_limits.depth));
            return;
        }
        Node& node = m_document.make_node(event);
        node.kind = kind;
        node.children.reserve(8);  // most mappings of an object have up to four keys
        node.tag = event.tag;
        attach(node);
        m_open.push_back({&node, std::string(event.anchor)});
    }

    void close() {
        Open closed = std::move(m_open.back());
        m_open.pop_back();
        Node& node = *closed.node;
        if (node.is_mapping()) merge(node);
        std::uint64_t weight = 1;
        std::uint32_t height = 0;
        for (const Node* child : node.children) {
            weight += child->weight;
            height = std::max(height, child->height);
        }
        node.height = height + 1;
        node.weight = narrow(weight);
        const Mark mark{node.index, node.line, node.column};
        if (weight > m_limits.nodes) {
            fail(mark, fmt::format("its aliases stand for more than {} values", m_limits.nodes));
        } else if (node.height > m_limits.depth) {
            fail(mark, fmt::format("nested deeper than {} levels", m_limits.depth));
        } else if (!closed.anchor.empty()) {
            m_anchors[std::move(closed.anchor)] = &node;
        }
    }

    // `<<: *defaults` or `<<: [*a, *b]`: own keys win, then the earlier mapping (YAML's merge key type).
    static void merge(Node& mapping) {
        std::vector<const Node*>& children = mapping.children;
        for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
            const Node& key = *children[i];
            if (!key.is_scalar() || key.value != "<<" || key.style != ScalarStyle::plain) continue;
            const Node& source = *children[i + 1];
            if (!can_be_merged(source)) return;  // left as a key that nobody knows
            children.erase(children.begin() + static_cast<std::ptrdiff_t>(i),
                           children.begin() + static_cast<std::ptrdiff_t>(i) + 2);
            if (source.is_mapping()) {
                merge_from(mapping, source);
            } else {
                for (const Node* item : source.children)
                    merge_from(mapping, *item);
            }
            return;
        }
    }

    static bool can_be_merged(const Node& source) {
        return source.is_mapping() ||
               (source.is_sequence() && std::all_of(source.children.begin(), source.children.end(),
                                                    [](const Node* item) { return item->is_mapping(); }));
    }

    static void merge_from(Node& mapping, const Node& source) {
        // A merge of very many keys is nothing people write; the cap keeps the look-up below harmless.
        constexpr std::size_t k_merge_limit = 2'000;
        for (std::size_t i = 0; i + 1 < source.children.size() && mapping.children.size() < k_merge_limit; i += 2) {
            const Node* key = source.children[i];
            if (key->is_scalar() && mapping.find(key->value)) continue;
            mapping.children.push_back(key);
            mapping.children.push_back(source.children[i + 1]);
        }
    }

    const DocumentLimits& m_limits;
    Document m_document;
    std::vector<Open> m_open;
    std::map<std::string, const Node*, std::less<>> m_anchors;
    std::uint32_t m_nodes = 0;
    std::optional<YamlError> m_error;
};

DocumentReader::DocumentReader(std::string_view text, const DocumentLimits& limits) : m_text(text), m_limits(limits) {
    m_parser.emplace(m_text);
}

std::optional<std::variant<Document, YamlError>> DocumentReader::next() {
    if (!m_parser) return std::nullopt;
    if (m_text.size() > m_limits.bytes) {
        m_parser.reset();
        return YamlError{fmt::format("{} bytes, the limit is {}", m_text.size(), m_limits.bytes), {}};
    }
    return read_document();
}

std::optional<std::variant<Document, YamlError>> DocumentReader::read_document() {
    Builder builder(m_limits);
    EventView event;
    while (m_parser->next(event)) {
        if (event.kind == EventKind::document_end) return builder.finish();
        if (event.kind == EventKind::stream_end) {
            m_parser.reset();
            return std::nullopt;
        }
        event.start = absolute(event.start);
        builder.add(event);
    }
    if (!m_parser->error()) {
        m_parser.reset();
        return std::nullopt;
    }
    return after_parse_error();
}

Mark DocumentReader::absolute(Mark mark) const noexcept {
    return {m_start_index + mark.index, m_start_line + mark.line, mark.column};
}

// The error of the broken document; the parser starts again at the next document, if there is one.
YamlError DocumentReader::after_parse_error() {
    YamlError error = *m_parser->error();
    const std::size_t wanted = error.mark.index;
    std::size_t byte = m_start_byte;
    if (byte == 0 && has_byte_order_mark(m_text)) byte = 3;
    std::size_t index = 0;
    while (byte < m_text.size() && index < wanted) {
        do {
            ++byte;
        } while (byte < m_text.size() && is_continuation_byte(m_text[byte]));
        ++index;
    }
    // An error in the encoding is found while reading ahead (its mark is a byte offset): what stands before it was
    // not answered yet, so there is no telling where to go on.
    const bool encoding = wanted != 0 && error.mark.line == 0 && error.mark.column == 0;
    if (encoding) {
        const std::string_view before = m_text.substr(m_start_byte, wanted);
        error.mark.line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    }
    error.mark = absolute(error.mark);
    // libyaml may notice a mistake only at the start of the next line, which may be the separator itself.
    std::size_t from = byte == 0 ? 0 : byte - 1;
    if (from < m_start_byte) from = m_start_byte;
    const std::size_t next = encoding ? std::string_view::npos : find_separator(m_text, from);
    m_parser.reset();
    if (next == std::string_view::npos) return error;
    for (std::size_t i = std::max(m_start_byte, has_byte_order_mark(m_text) ? std::size_t{3} : 0); i < next; ++i) {
        if (!is_continuation_byte(m_text[i])) ++m_start_index;
        if (m_text[i] == '\n') ++m_start_line;
    }
    m_start_byte = next;
    m_parser.emplace(m_text.substr(next));
    return error;
}

}  // namespace tidemark::policy::yaml
