#include "policy/guard/field_tree.h"

#include <algorithm>

namespace tidemark::policy::guard {
namespace {

using setters::EventRecord;
using setters::EventType;
using setters::ScannedScalar;

constexpr char k_between = '\n';

struct Identity {
    std::string key;
    std::string subject;
    bool named = false;
};

Identity identify(const ManifestDocument& document, std::size_t mapping) {
    Identity identity;
    const std::string_view version = find_text(document, mapping, "apiVersion");
    const std::size_t slash = version.find('/');
    const std::string_view kind = find_text(document, mapping, "kind");
    std::string_view space;
    std::string_view name;
    if (const auto metadata = find_value(document, mapping, "metadata")) {
        space = find_text(document, *metadata, "namespace");
        name = find_text(document, *metadata, "name");
    }
    identity.key.append(slash == std::string_view::npos ? "" : version.substr(0, slash));
    for (const std::string_view part : {kind, space, name})
        identity.key.append(1, k_between).append(part);
    identity.named = !kind.empty() && !name.empty();
    identity.subject.append(kind);
    if (!kind.empty() && !name.empty()) identity.subject += ' ';
    if (!space.empty() && !name.empty()) identity.subject.append(space).append(1, '/');
    identity.subject.append(name);
    return identity;
}

/// What every workload has around its containers says nothing to people.
std::string_view shorten(std::string_view path) {
    for (const std::string_view start : {".spec.jobTemplate.spec.template.spec.", ".spec.template.spec."}) {
        if (path.substr(0, start.size()) == start) return path.substr(start.size());
    }
    return path.substr(!path.empty() && path[0] == '.' ? 1 : 0);
}

}  // namespace

/// One reading of one file into the tree.
class FieldTree::Walk {
public:
    Walk(FieldTree& tree, Side side, std::size_t file, bool marked)
        : m_tree(tree), m_side(side), m_file(file), m_marked(marked) {}

    void read(const ManifestDocument& document) {
        m_document = &document;
        m_record = document.record;
        if (m_record->size() == 0 || (*m_record)[0].type != EventType::mapping_start) return;
        const std::string_view kind = find_text(document, 0, "kind");
        const auto items = kind == "List" || kind == "ResourceList" ? find_value(document, 0, "items") : std::nullopt;
        m_items = items && (*m_record)[*items].type == EventType::sequence_start ? *items : 0;
        read_object(0);
        if (m_items == 0) return;
        const std::size_t end = document.ends[m_items] - 1;
        for (std::size_t item = m_items + 1; item < end; item = document.ends[item])
            if ((*m_record)[item].type == EventType::mapping_start) read_object(item);
    }

private:
    void read_object(std::size_t mapping) {
        if (m_marked && !holds_marked(mapping)) return;
        const Identity identity = identify(*m_document, mapping);
        if (m_tree.m_which != (identity.named ? Objects::named : Objects::nameless) && m_tree.m_which != Objects::all)
            return;
        auto found = m_tree.m_objects.find(identity.key);
        if (found == m_tree.m_objects.end()) {
            if (!creates()) return;
            found = m_tree.m_objects.emplace(identity.key, Object{identity.subject, {}}).first;
        }
        m_place.clear();
        if (!identity.named) m_place = std::to_string(m_unnamed[identity.key]++) + '/';
        visit(mapping, found->second.root);
    }

    bool creates() const noexcept { return m_marked && m_side == Side::before; }

    std::vector<const ScannedScalar*>::const_iterator first_marked(std::size_t event) const {
        return std::lower_bound(m_document->marked.begin(), m_document->marked.end(), event,
                                [](const ScannedScalar* scalar, std::size_t at) { return scalar->event < at; });
    }

    bool holds_marked(std::size_t event) const {
        const auto first = first_marked(event);
        return first != m_document->marked.end() && (*first)->event < m_document->ends[event];
    }

    void visit(std::size_t event, Node& node) {
        if (m_marked && !holds_marked(event)) return;
        switch ((*m_record)[event].type) {
            case EventType::scalar:
            case EventType::null:
                take(event, node);
                return;
            case EventType::mapping_start:
                visit_mapping(event, node);
                return;
            case EventType::sequence_start:
                visit_sequence(event, node);
                return;
            case EventType::alias:
            case EventType::mapping_end:
            case EventType::sequence_end:
                return;
        }
    }

    std::string step_of(std::size_t key) const {
        switch ((*m_record)[key].type) {
            case EventType::scalar:
            case EventType::null:
                return "." + std::string(m_record->text(key));
            case EventType::alias:
                return ".*" + std::string(m_record->text(key));
            case EventType::mapping_start:
            case EventType::sequence_start:
            case EventType::mapping_end:
            case EventType::sequence_end:
                break;
        }
        return ".?";
    }

    void visit_mapping(std::size_t mapping, Node& node) {
        for (std::size_t key = mapping + 1; (*m_record)[key].type != EventType::mapping_end;) {
            const std::size_t value = m_document->ends[key];
            descend(value, node, step_of(key));
            key = m_document->ends[value];
        }
    }

    void visit_sequence(std::size_t sequence, Node& node) {
        std::size_t number = 0;
        for (std::size_t item = sequence + 1; (*m_record)[item].type != EventType::sequence_end; ++number) {
            const std::string_view name = find_text(*m_document, item, "name");
            const bool object = sequence == m_items && (*m_record)[item].type == EventType::mapping_start;
            if (!name.empty() && !object) {
                descend(item, node, "[" + std::string(name) + "]");
            } else if (!object) {
                const std::size_t size = m_place.size();
                m_place += std::to_string(number) + '/';
                descend(item, node, "[]");
                m_place.resize(size);
            }
            item = m_document->ends[item];
        }
    }

    void descend(std::size_t event, Node& node, std::string step) {
        if (m_marked && !holds_marked(event)) return;
        auto child = node.children.find(step);
        if (child == node.children.end()) {
            if (!creates() || m_tree.is_full()) return;
            child = node.children.emplace(std::move(step), std::make_unique<Node>()).first;
        }
        visit(event, *child->second);
    }

    /// A field with nothing behind its colon is a field that went.
    void take(std::size_t event, Node& node) {
        const auto scalar = first_marked(event);
        const bool marked = scalar != m_document->marked.end() && (*scalar)->event == event;
        if (marked != m_marked) return;
        if (!marked && (*m_record)[event].type == EventType::null && m_record->text(event).empty()) return;
        if (!node.field) {
            if (!creates()) return;
            node.field = std::make_unique<Field>();
        }
        if (++m_tree.m_occurrences > k_max_occurrences) return;
        Occurrence one;
        if (marked) one.setter = (*scalar)->marked.setter;
        if (marked) one.line = (*scalar)->marked.line;
        one.value = m_record->text(event);
        one.place = m_place;
        one.file = m_file;
        one.document = m_document->span.begin;
        one.event = event;
        (m_side == Side::before ? node.field->before : node.field->after).push_back(std::move(one));
    }

    FieldTree& m_tree;
    Side m_side;
    std::size_t m_file;
    bool m_marked;
    const ManifestDocument* m_document = nullptr;
    const EventRecord* m_record = nullptr;
    std::size_t m_items = 0;  // of a List; 0 is none
    std::string m_place;
    std::map<std::string, std::size_t> m_unnamed;
};

void FieldTree::add_marked(Side side, std::size_t file, const Manifest& manifest) {
    Walk walk(*this, side, file, true);
    for (const ManifestDocument& document : manifest.marked_documents())
        walk.read(document);
}

void FieldTree::add_unmarked(Side side, std::size_t file, const Manifest& manifest) {
    Walk walk(*this, side, file, false);
    std::vector<EventRecord> unmarked;
    for (const ManifestDocument& document : manifest.all_documents(unmarked))
        walk.read(document);
}

bool FieldTree::is_complete() const {
    const std::function<bool(const Node&)> complete = [&complete](const Node& node) {
        return (!node.field || has_all_markers(*node.field)) &&
               std::all_of(node.children.begin(), node.children.end(),
                           [&complete](const auto& child) { return complete(*child.second); });
    };
    return std::all_of(m_objects.begin(), m_objects.end(),
                       [&complete](const auto& object) { return complete(object.second.root); });
}

void FieldTree::for_each_loss(const TakeLoss& take) const {
    struct Visit {
        const TakeLoss& take;
        const std::string& object;
        std::string path;
        void node(const Node& node) {
            if (node.field) {
                for (const FieldLoss& loss : find_losses(*node.field))
                    take(*node.field, loss, object + (object.empty() ? "" : ", ") + std::string(shorten(path)));
            }
            for (const auto& [step, child] : node.children) {
                const std::size_t size = path.size();
                path += step;
                this->node(*child);
                path.resize(size);
            }
        }
    };
    for (const auto& [key, object] : m_objects)
        Visit{take, object.subject, {}}.node(object.root);
}

}  // namespace tidemark::policy::guard
