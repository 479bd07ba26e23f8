#include "policy/receiver/image_index.h"

#include "policy/image/reference.h"

namespace tidemark::policy::receiver {

ImageIndex::ImageIndex(const std::map<ObjectKey, ImageRepository>& repositories) {
    for (const auto& [key, repository] : repositories) {
        if (auto name = parse_repository_name(repository.image))
            m_readers.emplace(std::move(name->repository), Reader{std::move(name->registry), key});
    }
}

std::set<ObjectKey> ImageIndex::find(const std::vector<ImageName>& images, const std::set<ObjectKey>* list) const {
    std::set<ObjectKey> found;
    for (const ImageName& image : images) {
        const auto [begin, end] = m_readers.equal_range(image.repository);
        for (auto reader = begin; reader != end; ++reader) {
            const bool same_registry = image.registry.empty() || image.registry == reader->second.registry;
            if (same_registry && (list == nullptr || list->contains(reader->second.key)))
                found.insert(reader->second.key);
        }
    }
    return found;
}

}  // namespace tidemark::policy::receiver
