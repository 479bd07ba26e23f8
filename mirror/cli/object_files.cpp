#include "mirror/cli/object_files.h"

#include "mirror/base/files.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_object_file_limit = std::size_t{32} << 20;
constexpr std::size_t k_object_files_limit = 200'000;

bool is_object_file(std::string_view path) noexcept {
    return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

}  // namespace

policy::ObjectSet read_object_files(const Settings& settings) {
    std::vector<policy::SourceText> texts;
    const auto add = [&texts](const std::filesystem::path& path) {
        texts.push_back({path.string(), read_file(path, k_object_file_limit)});
    };
    for (const ObjectSource& source : settings.objects) {
        if (source.path.empty()) continue;
        if (!std::filesystem::is_directory(source.path)) {
            add(source.path);
            continue;
        }
        walk_files(source.path, k_object_files_limit, [&](const std::string& path) {
            if (is_object_file(path)) add(source.path / path);
        });
    }
    return policy::read_objects(texts);
}

}  // namespace tidemark::mirror::cli
