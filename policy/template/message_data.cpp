#include "policy/template/message_data.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "policy/template/message_types.h"

namespace tidemark::policy::message {
namespace {

auto object_key(const ObjectIdentity& object) {
    return std::tie(object.api_version, object.kind, object.name, object.object_namespace);
}

bool before(const Change* left, const Change* right) {
    return std::tuple_cat(std::tie(left->file), object_key(left->object)) <
           std::tuple_cat(std::tie(right->file), object_key(right->object));
}

/// "ns:policy:tag" stands for what policy ns/policy chose.
std::string policy_of(std::string_view setter) {
    const std::size_t first = setter.find(':');
    if (first == std::string_view::npos) return std::string(setter);
    const std::size_t second = setter.find(':', first + 1);
    const std::string_view name =
        setter.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    return std::string(setter.substr(0, first)) + "/" + std::string(name);
}

/// Lists and maps that grow side by side while the changes are walked in their order.
class Builder {
public:
    Builder(Context& context, const MessageData& data) : m_context(context), m_data(data) {
        for (const ImageUpdate& image : data.images)
            add_image(image);
        m_order.reserve(data.changes.size());
        for (const Change& change : data.changes)
            m_order.push_back(&change);
        std::stable_sort(m_order.begin(), m_order.end(), before);
    }

    Value build() {
        for (std::size_t begin = 0; begin < m_order.size();) {
            std::size_t end = begin;
            while (end < m_order.size() && !before(m_order[begin], m_order[end]))
                ++end;
            add_object({m_order.begin() + static_cast<std::ptrdiff_t>(begin),
                        m_order.begin() + static_cast<std::ptrdiff_t>(end)});
            begin = end;
        }
        return root();
    }

private:
    struct Object {
        Value key;
        std::vector<Value> changes;
        std::vector<Value> images;
    };

    void add_image(const ImageUpdate& image) {
        Result<ImageReference> reference = parse_image_reference(image.reference);
        if (!reference) return;
        const std::size_t slash = std::min(image.policy.find('/'), image.policy.size());
        const std::string_view policy = image.policy;
        UpdatedImage updated{policy.substr(0, slash), policy.substr(std::min(slash + 1, policy.size())),
                             image.reference, std::move(reference).value()};
        m_images.insert_or_assign(image.policy, m_context.native(std::move(updated), types::image));
    }

    Value identifier(const ObjectIdentity& object) {
        const auto view = [](const std::string& text) { return Context::view(text); };
        const Value type = m_context.structure({view(object.api_version), view(object.kind)}, types::type_meta);
        const Value name = m_context.structure({view(object.name), view(object.object_namespace)}, types::name_meta);
        const Value resource = m_context.structure({type, name}, types::resource_identifier);
        return m_context.structure({resource}, types::object_identifier);
    }

    /// The changes of one object in one file.
    void add_object(const std::vector<const Change*>& changes) {
        const Change& first = *changes.front();
        const Value key = identifier(first.object);
        std::vector<Value> list;
        std::vector<Value> images;
        std::set<std::string> policies;
        for (const Change* change : changes) {
            list.push_back(change_value(*change));
            const std::string policy = policy_of(change->setter);
            const auto image = m_images.find(policy);
            if (image == m_images.end() || !policies.insert(policy).second) continue;
            images.push_back(image->second);
            if (m_seen_policies.insert(policy).second) m_all_images.push_back(image->second);
        }
        add_to_file(first.file, key, list, images);
        Object& object =
            m_objects[{first.object.api_version, first.object.kind, first.object.name, first.object.object_namespace}];
        object.key = key;
        object.changes.insert(object.changes.end(), list.begin(), list.end());
        object.images.insert(object.images.end(), images.begin(), images.end());
    }

    Value change_value(const Change& change) {
        const Value value = m_context.structure(
            {Context::view(change.old_value), Context::view(change.new_value), Context::view(change.setter)},
            types::change);
        if (m_seen_changes.emplace(change.old_value, change.new_value, change.setter).second)
            m_changes.push_back(value);
        return value;
    }

    void add_to_file(const std::string& name, const Value& key, const std::vector<Value>& changes,
                     const std::vector<Value>& images) {
        if (!m_file || *m_file != name) {
            m_file = &name;
            m_file_changes = m_context.make_map();
            m_file_images = m_context.make_map();
            const Value images_of_file = Value::map(m_file_images, types::object_images);
            m_context.set(*m_files, Context::view(name), Value::map(m_file_changes, types::object_changes));
            m_context.set(*m_updated_files, Context::view(name),
                          m_context.structure({images_of_file}, types::file_result));
        }
        m_context.set(*m_file_changes, key, m_context.list(changes, types::change_list));
        if (!images.empty()) m_context.set(*m_file_images, key, m_context.list(images, types::image_list));
    }

    Value root() {
        Map* objects = m_context.make_map();
        Map* object_images = m_context.make_map();
        for (const auto& [name, object] : m_objects) {
            m_context.set(*objects, object.key, m_context.list(object.changes, types::change_list));
            if (!object.images.empty())
                m_context.set(*object_images, object.key, m_context.list(object.images, types::image_list));
        }
        Map* values = m_context.make_map();
        for (const auto& [key, value] : m_data.values)
            m_context.set(*values, Context::view(key), Context::view(value));
        const Value updated = m_context.structure(
            {Value::map(m_updated_files, types::file_results), Value::map(object_images, types::object_images),
             m_context.list(m_all_images, types::image_list)},
            types::image_result);
        const Value changed =
            m_context.structure({Value::map(m_files, types::file_changes), Value::map(objects, types::object_changes),
                                 m_context.list(m_changes, types::change_list), updated},
                                types::result);
        const Value automation =
            m_context.structure({Context::view(m_data.automation_namespace), Context::view(m_data.automation_name)},
                                types::namespaced_name);
        return m_context.structure({automation, updated, changed, Value::map(values, types::text_map)},
                                   types::template_data);
    }

    Context& m_context;
    const MessageData& m_data;
    std::vector<const Change*> m_order;
    std::map<std::string, Value> m_images;
    std::map<std::tuple<std::string, std::string, std::string, std::string>, Object> m_objects;
    std::vector<Value> m_changes;
    std::vector<Value> m_all_images;
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> m_seen_changes;
    std::set<std::string> m_seen_policies;
    Map* m_files = m_context.make_map();
    Map* m_updated_files = m_context.make_map();
    const std::string* m_file = nullptr;
    Map* m_file_changes = nullptr;
    Map* m_file_images = nullptr;
};

}  // namespace

Value make_message_data(Context& context, const MessageData& data) {
    return Builder(context, data).build();
}

}  // namespace tidemark::policy::message
