#include "policy/proposal/image_uses.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "policy/image/reference.h"
#include "policy/setters/documents.h"
#include "policy/setters/setters.h"
#include "policy/yaml/document.h"

namespace tidemark::policy::proposal {
namespace {

using yaml::Node;

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

std::string_view text_of(const Node* node) noexcept {
    return node && node->is_scalar() && !yaml::is_null(*node) ? std::string_view(node->value) : std::string_view();
}

/// The lines of a text as libyaml counts them.
class Lines {
public:
    explicit Lines(std::string_view bytes) : m_bytes(bytes) {
        for (std::size_t at = 0;;) {
            m_begins.push_back(at);
            const std::size_t end = setters::find_line_end(bytes, at);
            if (end >= bytes.size()) break;
            at = end + setters::line_end_size(bytes, end);
        }
    }

    std::string_view at(std::size_t line) const noexcept {
        if (line >= m_begins.size()) return {};
        const std::size_t begin = m_begins[line];
        return m_bytes.substr(begin, setters::find_line_end(m_bytes, begin) - begin);
    }
    std::size_t end_of(std::size_t line) const noexcept { return m_begins[line] + at(line).size(); }

private:
    std::string_view m_bytes;
    std::vector<std::size_t> m_begins;
};

/// The byte of a line's character number `column`; the byte order mark is none.
std::size_t byte_of(std::string_view line, std::size_t column) noexcept {
    std::size_t byte = line.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0;
    for (; byte < line.size(); ++byte) {
        if ((static_cast<unsigned char>(line[byte]) & 0xc0U) == 0x80) continue;
        if (column-- == 0) break;
    }
    return byte;
}

/// Name, tag and digest of "ghcr.io/acme/web:1.0@sha256:..."; false if that is no image.
bool split_image(std::string_view text, ImageUse& use) {
    if (!parse_image_reference(text)) return false;
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        use.digest = text.substr(at + 1);
        text = text.substr(0, at);
    }
    const std::size_t slash = text.rfind('/');
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
        use.tag = text.substr(colon + 1);
        text = text.substr(0, colon);
    }
    use.image = text;
    return true;
}

class Finder {
public:
    Finder(std::string_view bytes, const std::string& file, FileUses& found)
        : m_lines(bytes), m_file(file), m_found(found) {
        const auto markers = find_markers(bytes, file);
        if (!markers) return;
        for (const MarkedScalar& scalar : markers->scalars)
            m_setters.emplace(scalar.line, scalar.setter);
    }

    void read_document(const Node& root) {
        constexpr std::array<std::string_view, 3> k_not_manifests = {
            "image.toolkit.fluxcd.io/", "source.toolkit.fluxcd.io/", "apiextensions.k8s.io/"};
        const std::string_view version = text_of(root.find("apiVersion"));
        if (std::any_of(k_not_manifests.begin(), k_not_manifests.end(),
                        [version](std::string_view prefix) { return version.starts_with(prefix); }))
            return;
        visit(root, false);
    }

private:
    void visit(const Node& node, bool in_flow) {
        // An alias leads to nodes that were visited.
        if (node.is_scalar() || !m_visited.insert(&node).second) return;
        in_flow = in_flow || node.flow;
        if (node.is_sequence()) {
            for (const Node* item : node.children)
                visit(*item, in_flow);
            return;
        }
        for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
            visit_field(node.children[i]->value, *node.children[i + 1], in_flow);
    }

    void visit_field(const std::string& key, const Node& value, bool in_flow) {
        constexpr std::array<std::string_view, 3> k_containers = {"containers", "initContainers",
                                                                  "ephemeralContainers"};
        if (key == "image" && value.is_scalar()) {
            take_image(value, in_flow, Untagged::something_else);
        } else if (value.is_sequence() &&
                   std::find(k_containers.begin(), k_containers.end(), key) != k_containers.end()) {
            for (const Node* item : value.children) {
                const Node* const image = item->find("image");
                if (image && image->is_scalar())
                    take_image(*image, in_flow || value.flow || item->flow, Untagged::image);
            }
        } else if (key == "images" && value.is_sequence()) {
            for (const Node* item : value.children)
                take_kustomize_image(*item, in_flow || value.flow);
        } else if ((key == "image" || key.ends_with("Image")) && value.is_mapping()) {
            take_helm_image(value, in_flow);
        }
        visit(value, in_flow);
    }

    /// What a name without a tag is: a container's image, or elsewhere most likely no image at all.
    enum class Untagged { image, something_else };

    void take_image(const Node& scalar, bool in_flow, Untagged untagged) {
        ImageUse use;
        if (!split_image(text_of(&scalar), use)) return;
        if (use.tag.empty() && use.digest.empty() && untagged == Untagged::something_else) return;
        add(std::move(use), scalar, in_flow);
    }

    void take_kustomize_image(const Node& item, bool in_flow) {
        const std::string_view name = text_of(item.find("name"));
        const Node* const tag = item.find("newTag");
        if (name.empty() || text_of(tag).empty()) return;
        ImageUse use;
        use.part = MarkedPart::tag;
        const std::string_view other = text_of(item.find("newName"));
        use.image = other.empty() ? name : other;
        use.renamed = name;
        use.tag = text_of(tag);
        if (parse_repository_name(use.image)) add(std::move(use), *tag, in_flow || item.flow);
    }

    void take_helm_image(const Node& image, bool in_flow) {
        const std::string_view repository = text_of(image.find("repository"));
        const std::string_view registry = text_of(image.find("registry"));
        const Node* const tag = image.find("tag");
        if (repository.empty() || text_of(tag).empty()) return;
        ImageUse use;
        use.part = MarkedPart::tag;
        use.image = registry.empty() ? std::string(repository) : std::string(registry).append("/").append(repository);
        use.tag = text_of(tag);
        if (parse_repository_name(use.image)) add(std::move(use), *tag, in_flow || image.flow);
    }

    void add(ImageUse use, const Node& scalar, bool in_flow) {
        if (!m_taken.insert(&scalar).second) return;
        use.file = m_file;
        use.line = scalar.line + std::size_t{1};
        use.value = scalar.value;
        use.line_end = m_lines.end_of(scalar.line);
        const auto setter = m_setters.find(use.line);
        if (setter != m_setters.end()) {
            use.setter = setter->second;
        } else {
            use.obstacle = find_obstacle(scalar, in_flow);
        }
        m_found.uses.push_back(std::move(use));
    }

    std::string find_obstacle(const Node& scalar, bool in_flow) const {
        if (in_flow) return "it stands in { } or [ ]; give it a line of its own";
        const std::string_view line = m_lines.at(scalar.line);
        std::string_view rest = line.substr(byte_of(line, scalar.column));
        const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
        if (quoted) rest.remove_prefix(1);
        if (!rest.starts_with(scalar.value)) return "it is written with an anchor, an escape or over several lines";
        rest.remove_prefix(scalar.value.size());
        if (quoted) rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
        const std::size_t text = rest.find_first_not_of(" \t");
        if (text == std::string_view::npos) return {};
        return rest[text] == '#' ? "its line has a comment, where the marker has to be; move that to the line above"
                                 : "more follows on its line";
    }

    Lines m_lines;
    const std::string& m_file;
    FileUses& m_found;
    std::map<std::size_t, std::string> m_setters;  // by line
    std::set<const Node*> m_visited;
    std::set<const Node*> m_taken;
};

}  // namespace

FileUses find_image_uses(std::string_view bytes, const std::string& file) {
    FileUses found;
    Finder finder(bytes, file, found);
    yaml::DocumentReader reader(bytes);
    // Nodes are known by their address: documents stay until all are read.
    std::vector<yaml::Document> documents;
    while (auto answer = reader.next()) {
        if (const auto* error = std::get_if<yaml::YamlError>(&*answer)) {
            if (found.problem.empty()) found.problem = error->message;
            continue;
        }
        documents.push_back(std::get<yaml::Document>(std::move(*answer)));
        finder.read_document(documents.back().root());
    }
    std::stable_sort(found.uses.begin(), found.uses.end(),
                     [](const ImageUse& one, const ImageUse& other) { return one.line < other.line; });
    return found;
}

}  // namespace tidemark::policy::proposal
