// Objects with what is known about them, in the words of the objects' own status: what `get` shows and the API tells,
// so that both show the same. Plain values.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "mirror/store/status.h"
#include "policy/base/labels.h"
#include "policy/objects/objects.h"
#include "policy/yaml/emitter.h"

namespace tidemark::mirror::service {

/// One object of any kind. What its kind does not have is empty.
struct KnownObject {
    policy::ObjectKind kind = policy::ObjectKind::image_repository;
    policy::ObjectKey key;
    std::string api_version;
    policy::Labels labels;
    bool suspended = false;
    std::string image;         // of an ImageRepository
    std::string url;           // of a GitRepository
    policy::ObjectKey source;  // of an ImageUpdateAutomation
    store::ObjectStatus status;

    bool operator==(const KnownObject&) const = default;
};

using StatusOf = std::function<std::optional<store::ObjectStatus>(policy::ObjectKind, const policy::ObjectKey&)>;

/// A part of a list: who asks for thousands of objects has them made a part at a time.
struct Window {
    std::size_t offset = 0;
    std::size_t limit = std::numeric_limits<std::size_t>::max();
};

struct FoundObjects {
    std::size_t total = 0;  // in and out of the window
    std::vector<KnownObject> objects;
};

/// `status` answers what is known about an object: nothing if it was never worked on.
/// In order of namespace, then name; `name_space` nullopt and `name` empty: all. An object with mistakes has them as
/// its Ready condition. Secrets are never shown.
FoundObjects find_known_objects(const policy::ObjectSet& objects, policy::ObjectKind kind,
                                const std::optional<std::string>& name_space, const std::string& name,
                                const StatusOf& status, const Window& window = {});

/// What keeps files from being read, a line each: what is wrong with an object stands in its own status.
std::vector<std::string> problems_of_files(const policy::ObjectSet& objects);

/// apiVersion, kind, metadata, the settings that matter and the status, as the objects themselves write them.
policy::yaml::Value data_of(const KnownObject& object);

}  // namespace tidemark::mirror::service
