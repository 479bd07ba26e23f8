#include "policy/guard/tree_path.h"

#include <algorithm>

namespace tidemark::policy::guard {

std::optional<std::string> normalise_tree_path(std::string_view path) {
    if (!path.empty() && path[0] == '/') return std::nullopt;
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(part);
        } else if (parts.empty()) {
            return std::nullopt;
        } else {
            parts.pop_back();
        }
    }
    std::string result;
    for (const std::string_view part : parts)
        result.append(result.empty() ? "" : "/").append(part);
    return result;
}

bool lies_within(std::string_view file, const std::vector<std::string>& paths) {
    return paths.empty() || std::any_of(paths.begin(), paths.end(), [file](const std::string& path) {
               const auto folder = normalise_tree_path(path);
               if (!folder) return false;
               return folder->empty() || file == *folder ||
                      (file.substr(0, folder->size()) == *folder && file.substr(folder->size(), 1) == "/");
           });
}

}  // namespace tidemark::policy::guard
