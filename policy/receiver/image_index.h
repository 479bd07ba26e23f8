// Which ImageRepositories a message's images are: looked up by name, as there may be ten thousand of them.
// Immutable; any thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/receiver/payload.h"

namespace tidemark::policy::receiver {

class ImageIndex {
public:
    explicit ImageIndex(const std::map<ObjectKey, ImageRepository>& repositories);

    /// Objects that read one of these images, suspended ones too. `list`: no others than these; null: all.
    std::set<ObjectKey> find(const std::vector<ImageName>& images, const std::set<ObjectKey>* list) const;

private:
    struct Reader {
        std::string registry;
        ObjectKey key;
    };
    std::multimap<std::string, Reader, std::less<>> m_readers;  // by the repository's name
};

}  // namespace tidemark::policy::receiver
