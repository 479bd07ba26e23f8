#include "hooks/git_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/tree.h"

namespace tidemark::hooks {
namespace {

using mirror::git::ObjectId;
using policy::guard::FileChange;
using policy::guard::LimitReached;

// Changed paths are kept in memory: so many are no work of people or of the automation, and a hostile tree of a few
// bytes can stand for any number.
constexpr std::size_t k_max_changes = 100'000;
constexpr std::size_t k_max_path_bytes = std::size_t{8} << 20;

// A hook's memory: some MiB each, whatever is pushed. Larger objects than the cache holds are read without it.
constexpr mirror::git::MemoryLimits k_memory{
    .cache_bytes = std::size_t{2} << 20, .map_window_bytes = std::size_t{1} << 20, .map_bytes = std::size_t{8} << 20};

ObjectId id_of(const std::string& text) {
    return mirror::git::read_object_id(text, "object");
}

std::string text_of(const ObjectId& id, std::uint32_t mode) {
    return mode == 0 ? std::string() : to_string(id);
}

std::vector<std::string> texts_of(const std::vector<ObjectId>& ids) {
    std::vector<std::string> texts;
    for (const ObjectId& id : ids)
        texts.push_back(to_string(id));
    return texts;
}

mirror::git::Repository open(const std::filesystem::path& git_folder,
                             std::vector<std::filesystem::path> object_folders) {
    mirror::git::limit_memory(k_memory);
    return mirror::git::Repository(git_folder, {std::move(object_folders), mirror::git::Ownership::any});
}

}  // namespace

GitView::GitView(const std::filesystem::path& git_folder, std::vector<std::filesystem::path> object_folders,
                 const policy::guard::Limits& limits)
    : m_repository(open(git_folder, std::move(object_folders))), m_left(limits), m_limits(limits) {}

void GitView::charge_bytes(std::size_t bytes) {
    if (bytes > m_left.bytes)
        throw LimitReached(fmt::format("it changes more than the {} bytes of files that are read", m_limits.bytes));
    m_left.bytes -= bytes;
}

void GitView::charge_commits(std::size_t commits) {
    if (commits > m_left.commits)
        throw LimitReached(fmt::format("it brings more than the {} commits that are looked at", m_limits.commits));
    m_left.commits -= commits;
}

std::optional<std::string> GitView::find_tip(const std::string& reference) {
    const auto tip = m_repository.find_commit(reference);
    return tip ? std::optional(to_string(*tip)) : std::nullopt;
}

std::optional<policy::guard::CommitFacts> GitView::find_commit(const std::string& id) {
    const auto commit = m_repository.find_commit(id_of(id));
    if (!commit) return std::nullopt;
    charge_commits(1);
    const mirror::git::CommitInfo info = m_repository.read_commit(*commit);
    return policy::guard::CommitFacts{to_string(info.id), to_string(info.tree), texts_of(info.parents),
                                      info.summary()};
}

std::vector<FileChange> GitView::compare_trees(const std::string& old_tree, const std::string& new_tree) {
    const auto tree_of = [](const std::string& id) { return id.empty() ? std::nullopt : std::optional(id_of(id)); };
    std::vector<FileChange> changes;
    std::size_t path_bytes = 0;
    const auto count = [&](const std::string& path) {
        path_bytes += path.size();
        if (changes.size() >= k_max_changes || path_bytes > k_max_path_bytes)
            throw LimitReached(fmt::format("it changes more than {} files, or paths of {} MiB", k_max_changes,
                                           k_max_path_bytes >> 20));
    };
    mirror::git::compare_trees(
        m_repository, tree_of(old_tree), tree_of(new_tree), "",
        [&](mirror::git::TreeDifference&& change) {
            count(change.path);
            changes.push_back({std::move(change.path), change.old_mode, change.new_mode,
                               text_of(change.old_id, change.old_mode), text_of(change.new_id, change.new_mode)});
        },
        // Nobody can check such a path out, Tidemark and Flux read nothing there: it is no manifest.
        [&](const std::string& path, bool) { count(path); });
    return changes;
}

std::optional<std::string> GitView::find_blob(const std::string& id, std::size_t limit) {
    auto bytes = m_repository.find_blob(id_of(id), limit);
    if (bytes) charge_bytes(bytes->size());
    return bytes;
}

std::vector<std::string> GitView::find_merge_bases(const std::string& one, const std::string& other) {
    return texts_of(m_repository.find_merge_bases(id_of(one), id_of(other)));
}

bool GitView::is_ancestor(const std::string& ancestor, const std::string& descendant) {
    return m_repository.is_ancestor(id_of(ancestor), id_of(descendant));
}

std::vector<std::string> GitView::commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                                 std::size_t limit) {
    std::vector<ObjectId> bases;
    for (const std::string& id : hidden)
        bases.push_back(id_of(id));
    const auto commits = m_repository.commits_beyond(bases, id_of(tip), std::min(limit, m_left.commits + 1));
    charge_commits(commits.size());
    return texts_of(commits);
}

}  // namespace tidemark::hooks
