// A YAML text as trees of nodes with their places, document by document, over the event parser.
// For reading objects and configuration; what is edited byte by byte goes through policy/setters instead.
// Hostile texts: size, depth and count are capped. An alias is a second pointer to the node it names, so nothing
// is copied, and a document whose aliases would expand beyond the cap is refused. Merge keys (`<<`) are resolved.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/yaml/parser.h"

namespace tidemark::policy::yaml {

enum class NodeKind { scalar, sequence, mapping };

struct Node {
    NodeKind kind = NodeKind::scalar;
    ScalarStyle style = ScalarStyle::plain;
    bool flow = false;
    // As Mark, in characters of the whole text; 32 bits because texts are capped.
    std::uint32_t index = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t weight = 1;  // nodes of this tree with every alias written out
    std::uint32_t height = 1;
    std::string value;  // of a scalar
    std::string tag;    // resolved; empty if none was written
    /// Items of a sequence; of a mapping key, value, key, value, ...
    std::vector<const Node*> children;

    bool is_mapping() const noexcept { return kind == NodeKind::mapping; }
    bool is_sequence() const noexcept { return kind == NodeKind::sequence; }
    bool is_scalar() const noexcept { return kind == NodeKind::scalar; }
    /// The value of a mapping's key (the first of that name); nullptr without it or if this is no mapping.
    const Node* find(std::string_view key) const noexcept;
};

/// What a scalar is to the readers Kubernetes uses (YAML 1.1: yes, no, on, off are booleans).
enum class ScalarType { null, boolean, number, text };

/// Precondition: a scalar.
ScalarType scalar_type(const Node& scalar) noexcept;

/// The value of a scalar of type boolean.
bool boolean_value(const Node& scalar) noexcept;

/// True for a scalar of type null: `key:`, `~`, `null`.
bool is_null(const Node& node) noexcept;

struct DocumentLimits {
    std::size_t bytes = std::size_t{32} << 20;  // of the whole text
    std::uint32_t depth = 64;
    std::uint32_t nodes = 1'000'000;  // of one document, aliases written out
};

class Document {
public:
    /// A scalar of type null for an empty document.
    const Node& root() const noexcept { return *m_root; }

private:
    friend class DocumentReader;
    Node& make_node(const EventView& event);

    // Chunks are never grown beyond what they reserved, so that nodes keep their addresses.
    std::vector<std::vector<Node>> m_chunks;
    const Node* m_root = nullptr;
};

/// Reads the documents of a text one after the other. A document that is no YAML, or too large, is answered with
/// its error; reading goes on at the next line that begins with `---`. The text must outlive the reader.
class DocumentReader {
public:
    explicit DocumentReader(std::string_view text, const DocumentLimits& limits = {});

    /// nullopt: no more documents.
    std::optional<std::variant<Document, YamlError>> next();

private:
    class Builder;
    std::optional<std::variant<Document, YamlError>> read_document();
    YamlError after_parse_error();
    Mark absolute(Mark mark) const noexcept;

    std::string_view m_text;
    DocumentLimits m_limits;
    std::optional<EventStream> m_parser;
    std::size_t m_start_byte = 0;  // where m_parser began, and the same in characters and lines
    std::size_t m_start_index = 0;
    std::size_t m_start_line = 0;
};

}  // namespace tidemark::policy::yaml
