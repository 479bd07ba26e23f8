#include "mirror/git/tree_files.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/tree.h"

namespace tidemark::mirror::git {
namespace {

policy::Finding left_out(std::string path, std::string why) {
    policy::Finding finding;
    finding.severity = policy::Severity::warning;
    finding.place.file = std::move(path);
    finding.message = std::move(why);
    return finding;
}

}  // namespace

TreeFiles read_tree_files(const Repository& repository, const ObjectId& tree, std::string_view folder,
                          const std::function<bool(std::string_view path)>& wanted, const TreeFilesLimits& limits) {
    const std::string what = fmt::format("reading the files below \"{}\" of tree {}", folder, to_string(tree));
    const auto root = find_path(repository, tree, folder);
    if (!root) throw Error(ErrorKind::not_found, what + ": there is no such path");

    TreeFiles result;
    std::vector<std::pair<std::string, ObjectId>> found;
    const auto add = [&](std::string path, std::uint32_t mode, const ObjectId& id) {
        if (!is_file_mode(mode) || !wanted(path)) return;
        if (found.size() >= limits.files)
            throw Error(ErrorKind::invalid, fmt::format("{}: more than {} files", what, limits.files));
        found.emplace_back(std::move(path), id);
    };
    if (root->mode != k_mode_tree) {
        add(root->path, root->mode, root->id);
    } else {
        compare_trees(
            repository, std::nullopt, root->id, root->path,
            [&](TreeDifference&& file) { add(std::move(file.path), file.new_mode, file.new_id); },
            [&](const std::string& path, bool) {
                if (result.findings.size() < 100)
                    result.findings.push_back(left_out(path, "a name that Tidemark does not enter"));
            });
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return path_less(a.first, b.first); });

    std::size_t total = 0;
    for (auto& [path, id] : found) {
        auto bytes = repository.find_blob(id, limits.file_bytes);
        if (!bytes) {
            result.findings.push_back(left_out(path, fmt::format("larger than {} bytes, not read", limits.file_bytes)));
            continue;
        }
        total += bytes->size();
        if (total > limits.total_bytes)
            throw Error(ErrorKind::invalid, fmt::format("{}: more than {} bytes in all", what, limits.total_bytes));
        result.texts.push_back({std::move(path), std::move(*bytes)});
    }
    return result;
}

bool is_object_file_name(std::string_view path) noexcept {
    return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

}  // namespace tidemark::mirror::git
