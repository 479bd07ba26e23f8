#include "mirror/base/configuration_paths.h"

#include <fmt/format.h>

namespace tidemark::mirror {

std::optional<std::filesystem::path> read_path(policy::yaml::Fields& fields, std::string_view key,
                                               const std::filesystem::path& file) {
    const auto text = fields.text(key);
    if (!text) return std::nullopt;
    if (text->empty() || text->find('\0') != std::string_view::npos) {
        fields.report().error(*fields.node().find(key), fmt::format("{} is no path", fields.path(key)));
        return std::nullopt;
    }
    return (file.parent_path() / std::filesystem::path(*text)).lexically_normal();
}

}  // namespace tidemark::mirror
