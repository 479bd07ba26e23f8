#include "policy/receiver/payload.h"

#include <algorithm>

#include <simdjson.h>

#include "policy/image/reference.h"

namespace tidemark::policy::receiver {
namespace {

using Element = simdjson::dom::element;
using Meaning = Payload::Meaning;

constexpr std::size_t k_name_limit = 512;

/// The element at a path of keys; nothing if there is none.
std::optional<Element> find(Element element, std::initializer_list<std::string_view> path) {
    for (const std::string_view key : path) {
        if (!element.is_object() || element.at_key(key).get(element) != simdjson::SUCCESS) return std::nullopt;
    }
    return element;
}

/// Empty for what is missing, no text, or longer than any name.
std::string_view text_at(Element element, std::initializer_list<std::string_view> path) {
    const auto found = find(element, path);
    std::string_view text;
    if (!found || found->get(text) != simdjson::SUCCESS || text.size() > k_name_limit) return {};
    return text;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return lowered;
}

class Reader {
public:
    explicit Reader(Element root) : m_root(root) {}

    Payload take(Meaning otherwise) {
        m_payload.meaning = m_payload.images.empty() ? otherwise : Meaning::images;
        return std::move(m_payload);
    }

    /// {"events": [{"action", "target": {"repository", "tag"}}]}. A layer's push has no tag, a tag's has.
    Payload distribution() {
        simdjson::dom::array events;
        const auto list = find(m_root, {"events"});
        if (!list || list->get(events) != simdjson::SUCCESS) return {};
        for (const Element event : events) {
            const std::string_view action = text_at(event, {"action"});
            const bool push = action == "push" && !text_at(event, {"target", "tag"}).empty();
            if (push || action == "delete") add("", text_at(event, {"target", "repository"}));
        }
        return take(Meaning::nothing);
    }

    /// Its own form, and the one with the names of CloudEvents.
    Payload harbor() {
        const std::string_view type = text_at(m_root, {"type"});
        if (type.empty()) return {};
        if (is_one_of(type, {"PUSH_ARTIFACT", "DELETE_ARTIFACT"}))
            add("", text_at(m_root, {"event_data", "repository", "repo_full_name"}));
        if (is_one_of(type, {"harbor.artifact.pushed", "harbor.artifact.deleted"}))
            add("", text_at(m_root, {"data", "repository", "repo_full_name"}));
        return take(Meaning::nothing);
    }

    Payload dockerhub() {
        add_reference(text_at(m_root, {"repository", "repo_name"}));
        return take(Meaning::malformed);
    }

    /// "docker_url": "quay.io/acme/web"
    Payload quay() {
        add_reference(text_at(m_root, {"docker_url"}));
        return take(Meaning::malformed);
    }

    /// Events package and registry_package, whose object has the event's name.
    Payload github(std::string_view event) {
        if (!is_one_of(event, {"package", "registry_package"})) return take(Meaning::nothing);
        const auto package = find(m_root, {event});
        if (!package) return {};
        const std::string type = lower(text_at(*package, {"package_type"}));
        if (!is_one_of(type, {"container", "docker"})) return take(Meaning::nothing);
        // "ghcr.io/acme/web:1.2.3"; not there when a version is deleted.
        const auto reference = parse_image_reference(text_at(*package, {"package_version", "package_url"}));
        if (reference) {
            add(reference->name.registry, reference->name.repository);
        } else {
            std::string_view owner = text_at(*package, {"namespace"});
            if (owner.empty()) owner = text_at(*package, {"owner", "login"});
            add_owned("ghcr.io", owner, text_at(*package, {"name"}));
        }
        return take(Meaning::malformed);
    }

    Payload gitea(std::string_view event) {
        const auto package = find(m_root, {"package"});
        if (event != "package" || !package || text_at(*package, {"type"}) != "container") return take(Meaning::nothing);
        add_owned("", text_at(*package, {"owner", "login"}), text_at(*package, {"name"}));
        return take(Meaning::malformed);
    }

    /// Ours to define: {"image": "ghcr.io/acme/web"} or {"images": [...]}, tags and digests allowed.
    Payload generic() {
        add_reference(text_at(m_root, {"image"}));
        simdjson::dom::array images;
        if (const auto list = find(m_root, {"images"}); list && list->get(images) == simdjson::SUCCESS) {
            for (const Element image : images)
                add_reference(text_at(image, {}));
        }
        return take(find(m_root, {"image"}) || find(m_root, {"images"}) ? Meaning::malformed : Meaning::all);
    }

private:
    void add(std::string_view registry, std::string_view repository) {
        ImageName name{std::string(registry), lower(repository)};
        if (repository.empty() || m_payload.images.size() >= k_image_limit) return;
        if (std::find(m_payload.images.begin(), m_payload.images.end(), name) == m_payload.images.end())
            m_payload.images.push_back(std::move(name));
    }

    void add_owned(std::string_view registry, std::string_view owner, std::string_view name) {
        if (!owner.empty() && !name.empty()) add(registry, std::string(owner).append(1, '/').append(name));
    }

    void add_reference(std::string_view text) {
        if (const auto reference = parse_image_reference(text))
            add(reference->name.registry, reference->name.repository);
    }

    Element m_root;
    Payload m_payload;
};

}  // namespace

Payload read_payload(Kind kind, const Message& message) {
    if (message.body.size() > k_body_limit) return {};
    simdjson::dom::parser parser(k_body_limit);
    Element root;
    if (parser.allocate(message.body.size() + 1, k_depth_limit) != simdjson::SUCCESS ||
        parser.parse(message.body.data(), message.body.size()).get(root) != simdjson::SUCCESS || !root.is_object())
        return {};
    Reader reader(root);
    switch (kind) {
        case Kind::distribution:
            return reader.distribution();
        case Kind::harbor:
            return reader.harbor();
        case Kind::dockerhub:
            return reader.dockerhub();
        case Kind::github:
            return reader.github(message.header("X-GitHub-Event").value_or(""));
        case Kind::gitea:
            return reader.gitea(message.header("X-Gitea-Event").value_or(""));
        case Kind::gitlab:
            return reader.take(Meaning::all);
        case Kind::quay:
            return reader.quay();
        case Kind::generic_hmac:
            return reader.generic();
    }
    return {};
}

}  // namespace tidemark::policy::receiver
