#include "policy/objects/read.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include <fmt/format.h>

#include "policy/base/nearest.h"
#include "policy/objects/read_kinds.h"
#include "policy/objects/spec_hash.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_image_group = "image.toolkit.fluxcd.io";
constexpr std::string_view k_source_group = "source.toolkit.fluxcd.io";
constexpr std::array<std::string_view, 3> k_image_kinds = {"ImageRepository", "ImagePolicy", "ImageUpdateAutomation"};
constexpr int k_list_depth = 4;              // a List in a List is legal, but nobody needs more
constexpr std::size_t k_file_findings = 20;  // of one text, besides those of its objects

bool contains(std::string_view text, std::string_view word) noexcept {
    // memmem scans at memory speed, which std::string_view::find does not.
    return ::memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

// Texts without any of these words are not parsed: a fleet repository has far more manifests than objects.
bool may_hold_objects(std::string_view text) noexcept {
    return contains(text, "toolkit.fluxcd.io") || contains(text, "Secret") || contains(text, "Namespace");
}

std::size_t count_kind_lines(std::string_view text) noexcept {
    std::size_t count = text.substr(0, 5) == "kind:" ? 1 : 0;
    for (std::size_t i = text.find("\nkind:"); i != std::string_view::npos; i = text.find("\nkind:", i + 6))
        ++count;
    return count;
}

struct Identity {
    std::string_view api_version;
    std::string_view kind;

    std::string_view group() const noexcept {
        const std::size_t slash = api_version.find('/');
        return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
    }
    std::string_view version() const noexcept {
        const std::size_t slash = api_version.find('/');
        return slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
    }
};

std::optional<ApiVersion> api_version_of(std::string_view version) noexcept {
    if (version == "v1") return ApiVersion::v1;
    if (version == "v1beta2") return ApiVersion::v1beta2;
    if (version == "v1beta1") return ApiVersion::v1beta1;
    return std::nullopt;
}

std::string_view text_of(const yaml::Node& mapping, std::string_view key) noexcept {
    const yaml::Node* value = mapping.find(key);
    return value && value->is_scalar() ? std::string_view(value->value) : std::string_view();
}

// Reads one text into the set.
class TextReader {
public:
    TextReader(ObjectSet& set, CompileCache& cache, SpecHasher& hasher, const SourceText& text)
        : m_set(set), m_cache(cache), m_hasher(hasher), m_text(text), m_places(text.file, text.bytes) {}

    void read() {
        yaml::DocumentReader reader(m_text.bytes);
        while (auto answer = reader.next()) {
            if (const auto* error = std::get_if<yaml::YamlError>(&*answer)) {
                report_broken(*error);
            } else {
                read_root(std::get<yaml::Document>(*answer).root(), {}, 0);
            }
        }
    }

private:
    // A template of something else that stands beside the objects is no mistake of ours to refuse.
    void report_broken(const yaml::YamlError& error) {
        const bool ours = contains(m_text.bytes, "toolkit.fluxcd.io");
        add({ours ? Severity::error : Severity::warning, m_places.place(error.mark), "",
             fmt::format("not readable as YAML: {}", error.message),
             ours ? "" : "no object of Tidemark's is named in this file"});
    }

    void add(Finding finding) {
        if (++m_findings <= k_file_findings) m_set.findings.push_back(std::move(finding));
    }

    void add_error(const yaml::Node& node, std::string message, std::string remedy = {}) {
        add({Severity::error, m_places.place(node), "", std::move(message), std::move(remedy)});
    }

    void read_root(const yaml::Node& root, const Identity& from_list, int depth) {
        if (!root.is_mapping()) {
            if (!yaml::is_null(root)) ++m_set.skipped;
            return;
        }
        Identity identity{text_of(root, "apiVersion"), text_of(root, "kind")};
        if (identity.kind.empty() && identity.api_version.empty()) identity = from_list;
        const yaml::Node* items = root.find("items");
        const bool list = identity.kind.size() >= 4 && identity.kind.substr(identity.kind.size() - 4) == "List";
        if (list && items && items->is_sequence()) {
            read_list(*items, identity, depth);
        } else {
            read_object(root, identity);
        }
    }

    void read_list(const yaml::Node& items, const Identity& identity, int depth) {
        if (depth >= k_list_depth) {
            add_error(items, fmt::format("a List within {} Lists is not read", depth));
            return;
        }
        // In "SecretList" the items may leave their kind out.
        const Identity of_items{identity.api_version, identity.kind.substr(0, identity.kind.size() - 4)};
        for (const yaml::Node* item : items.children)
            read_root(*item, of_items.kind.empty() ? Identity{} : of_items, depth + 1);
    }

    void read_object(const yaml::Node& root, const Identity& identity) {
        const std::string_view group = identity.group();
        if (group == k_image_group) {
            if (identity.kind == k_image_kinds[0]) return take(m_set.image_repositories, root, identity);
            if (identity.kind == k_image_kinds[1]) return take(m_set.image_policies, root, identity);
            if (identity.kind == k_image_kinds[2]) return take(m_set.image_update_automations, root, identity);
            const auto near = nearest(identity.kind, k_image_kinds);
            add_error(root, fmt::format("{} has no kind \"{}\"", k_image_group, identity.kind),
                      near ? fmt::format("did you mean {}?", *near) : "");
            return;
        }
        if (group == k_source_group && identity.kind == "GitRepository")
            return take(m_set.git_repositories, root, identity);
        if (identity.api_version == "v1" && identity.kind == "Secret") return take(m_set.secrets, root, identity);
        if (identity.api_version == "v1" && identity.kind == "Namespace") read_namespace(root);
        const bool lost = std::find(k_image_kinds.begin(), k_image_kinds.end(), identity.kind) != k_image_kinds.end();
        if (lost && group.empty())
            add_error(root, fmt::format("{} without its apiVersion", identity.kind),
                      fmt::format("apiVersion: {}/v1", k_image_group));
        ++m_set.skipped;
    }

    // Of a Namespace only the labels matter; it is no object of ours, so its mistakes are not judged.
    void read_namespace(const yaml::Node& root) {
        const yaml::Node* metadata = root.find("metadata");
        if (!metadata) return;
        const std::string name(text_of(*metadata, "name"));
        if (name.empty()) return;
        Labels& labels = m_set.namespace_labels[name];
        const yaml::Node* written = metadata->find("labels");
        if (!written || !written->is_mapping()) return;
        for (std::size_t i = 0; i + 1 < written->children.size(); i += 2) {
            if (written->children[i]->is_scalar() && written->children[i + 1]->is_scalar())
                labels[written->children[i]->value] = written->children[i + 1]->value;
        }
    }

    template <class Object>
    void take(std::map<ObjectKey, Object>& into, const yaml::Node& root, const Identity& identity) {
        Object object;
        object.metadata.api_version = identity.api_version;
        object.metadata.place = m_places.place(root);
        yaml::Report report(m_places, object.metadata.findings, std::string(identity.kind));
        yaml::Fields fields(root, "", report);
        fields.ignore("apiVersion");
        fields.ignore("kind");
        const bool named = read_metadata(fields, identity.kind, object.metadata);
        if constexpr (std::is_same_v<Object, ImagePolicy>) read_pin(object, fields);
        read_body(object, fields, identity);
        if (named) {
            keep(into, std::move(object), identity.kind);
        } else {
            for (Finding& finding : object.metadata.findings)
                add(std::move(finding));
        }
    }

    void read_body(Secret& secret, yaml::Fields& root, const Identity&) {
        read_secret(secret, root);
        root.finish();
    }

    template <class Object>
    void read_body(Object& object, yaml::Fields& root, const Identity& identity) {
        root.ignore("status");
        const std::optional<ApiVersion> version = api_version_of(identity.version());
        if (!version) {
            root.ignore("spec");
            root.report().error(*root.node().find("apiVersion"),
                                fmt::format("apiVersion {} is not read", identity.api_version),
                                fmt::format("{0}/v1, {0}/v1beta2 and {0}/v1beta1 are", identity.group()));
        } else if (auto spec = root.required_mapping("spec")) {
            SpecContext context{*version, m_cache};
            read_spec(object, *spec, context);
            spec->finish();
            object.metadata.spec_hash = m_hasher.hash(spec->node());
        }
        root.finish();
    }

    template <class Object>
    void keep(std::map<ObjectKey, Object>& into, Object object, std::string_view kind) {
        const auto found = into.find(object.metadata.key);
        if (found == into.end()) {
            ObjectKey key = object.metadata.key;
            into.emplace_hint(found, std::move(key), std::move(object));
            return;
        }
        const Metadata& first = found->second.metadata;
        bool equal = !first.spec_hash.empty() && first.spec_hash == object.metadata.spec_hash &&
                     first.labels == object.metadata.labels;
        if constexpr (std::is_same_v<Object, Secret>) equal = found->second.data == object.data;
        if constexpr (std::is_same_v<Object, ImagePolicy>) equal = equal && found->second.pin == object.pin;
        add({equal ? Severity::warning : Severity::error, object.metadata.place,
             fmt::format("{} {}", kind, first.key.to_string()),
             fmt::format("is also in {}, {}", to_string(first.place),
                         equal ? "word for word" : "with other content; that one is used"),
             "remove one of them"});
    }

    ObjectSet& m_set;
    CompileCache& m_cache;
    SpecHasher& m_hasher;
    const SourceText& m_text;
    yaml::Places m_places;
    std::size_t m_findings = 0;
};

}  // namespace

ObjectSet read_objects(const std::vector<SourceText>& texts) {
    ObjectSet set;
    CompileCache cache;
    SpecHasher hasher;
    for (const SourceText& text : texts) {
        if (may_hold_objects(text.bytes)) {
            TextReader(set, cache, hasher, text).read();
        } else {
            set.skipped += count_kind_lines(text.bytes);
        }
    }
    return set;
}

}  // namespace tidemark::policy
