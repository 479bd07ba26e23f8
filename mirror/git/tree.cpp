#include "mirror/git/tree.h"

#include <algorithm>
#include <deque>
#include <map>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::git {
namespace {

// A link's target longer than this leads nowhere on any system.
constexpr std::size_t k_max_link_bytes = 4096;
constexpr int k_max_links = 40;   // as the kernel's limit
constexpr int k_max_parts = 500;  // of a path and of all the links on its way

bool is_tree_mode(std::uint32_t mode) noexcept {
    return (mode & 0170000) == k_mode_tree;
}

std::string join(const std::string& folder, std::string_view name) {
    std::string path;
    path.reserve(folder.size() + 1 + name.size());
    path += folder;
    if (!folder.empty()) path += '/';
    path += name;
    return path;
}

/// Git's order of entries: a folder sorts as if its name ended with '/'.
int compare_entries(const TreeEntry& left, const TreeEntry& right) noexcept {
    const std::size_t common = std::min(left.name.size(), right.name.size());
    if (const int order = left.name.substr(0, common).compare(right.name.substr(0, common)); order != 0) return order;
    const auto following = [common](const TreeEntry& entry) {
        if (entry.name.size() > common) return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
        return is_tree_mode(entry.mode) ? int{'/'} : 0;
    };
    if (const int order = following(left) - following(right); order != 0) return order;
    return static_cast<int>(left.name.size()) - static_cast<int>(right.name.size());  // only for unsafe names
}

std::optional<TreeEntry> find_entry(std::string_view tree, std::string_view name) {
    TreeEntries entries(tree);
    while (auto entry = entries.next())
        if (entry->name == name) return entry;
    return std::nullopt;
}

void prepend_parts(std::deque<std::string>& parts, std::string_view path) {
    std::vector<std::string> found;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (end > start) found.emplace_back(path.substr(start, end - start));
        start = end + 1;
    }
    parts.insert(parts.begin(), found.begin(), found.end());
}

/// One comparison of two trees; keeps what does not change from level to level.
class Comparison {
public:
    Comparison(const Repository& repository, const std::function<void(TreeDifference&&)>& visit,
               const RefusedVisitor& refused)
        : m_repository(repository), m_visit(visit), m_refused(refused) {}

    void run(const std::optional<ObjectId>& before, const std::optional<ObjectId>& after, const std::string& prefix,
             std::size_t depth) {
        if (before == after) return;
        if (depth > k_max_tree_depth) return m_refused(prefix, after.has_value());
        if (++m_trees > k_max_trees)
            throw Error(ErrorKind::invalid,
                        fmt::format("comparing trees at {}: more than {} folders", prefix, k_max_trees));
        const std::string old_bytes = before ? m_repository.read_tree(*before) : std::string();
        const std::string new_bytes = after ? m_repository.read_tree(*after) : std::string();
        TreeEntries old_entries(old_bytes);
        TreeEntries new_entries(new_bytes);
        auto old_entry = old_entries.next();
        auto new_entry = new_entries.next();
        while (old_entry || new_entry) {
            const int order = !old_entry ? 1 : !new_entry ? -1 : compare_entries(*old_entry, *new_entry);
            entry(order <= 0 ? &*old_entry : nullptr, order >= 0 ? &*new_entry : nullptr, prefix, depth);
            if (order <= 0) old_entry = old_entries.next();
            if (order >= 0) new_entry = new_entries.next();
        }
    }

private:
    void entry(const TreeEntry* before, const TreeEntry* after, const std::string& prefix, std::size_t depth) {
        if (before != nullptr && after != nullptr && before->mode == after->mode && before->id == after->id) return;
        const TreeEntry& any = after != nullptr ? *after : *before;
        std::string path = join(prefix, any.name);
        if (!is_safe_name(any.name)) {
            m_refused(path, after != nullptr);
            return;
        }
        if (is_tree_mode(any.mode)) {  // equal order means that both are folders, or neither
            run(before != nullptr ? std::optional(before->id) : std::nullopt,
                after != nullptr ? std::optional(after->id) : std::nullopt, path, depth + 1);
            return;
        }
        TreeDifference difference{.path = std::move(path)};
        if (before != nullptr) {
            difference.old_mode = before->mode;
            difference.old_id = before->id;
        }
        if (after != nullptr) {
            difference.new_mode = after->mode;
            difference.new_id = after->id;
        }
        m_visit(std::move(difference));
    }

    const Repository& m_repository;
    const std::function<void(TreeDifference&&)>& m_visit;
    const RefusedVisitor& m_refused;
    std::size_t m_trees = 0;
};

/// `replacements` are sorted by path and all start with the `skip` bytes of this folder's prefix.
ObjectId replace_below(Repository& repository, const ObjectId& tree, std::span<const BlobReplacement> replacements,
                       std::size_t skip) {
    struct Part {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    // One part for each file or folder of this tree that changes; a folder's replacements stand side by side.
    std::map<std::pair<std::string_view, bool>, Part> parts;
    for (std::size_t i = 0; i < replacements.size(); ++i) {
        const std::string_view rest = std::string_view(replacements[i].path).substr(skip);
        const std::size_t slash = rest.find('/');
        const bool folder = slash != std::string_view::npos;
        Part& part = parts.try_emplace({rest.substr(0, slash), folder}, Part{i, 0}).first->second;
        ++part.count;
    }
    std::string bytes = repository.read_tree(tree);
    TreeEntries entries(bytes);
    while (const auto entry = entries.next()) {
        const auto found = parts.find({entry->name, is_tree_mode(entry->mode)});
        if (found == parts.end()) continue;
        const auto inside = replacements.subspan(found->second.first, found->second.count);
        ObjectId id = inside.front().blob;
        if (found->first.second) {
            id = replace_below(repository, entry->id, inside, skip + entry->name.size() + 1);
        } else if (!is_file_mode(entry->mode)) {
            continue;
        }
        parts.erase(found);
        std::copy(id.bytes.begin(), id.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(entry->id_offset));
    }
    if (!parts.empty())
        throw Error(ErrorKind::invalid, fmt::format("rewriting tree {}: {} is no file of it", to_string(tree),
                                                    replacements[parts.begin()->second.first].path));
    return repository.write_tree(bytes);
}

}  // namespace

std::optional<TreeEntry> TreeEntries::next() {
    if (m_position >= m_bytes.size()) return std::nullopt;
    const auto damaged = [] { return Error(ErrorKind::invalid, "reading a tree: it is damaged"); };
    TreeEntry entry;
    std::size_t position = m_position;
    while (position < m_bytes.size() && m_bytes[position] >= '0' && m_bytes[position] <= '7')
        entry.mode = entry.mode * 8 + static_cast<std::uint32_t>(m_bytes[position++] - '0');
    if (position == m_position || position - m_position > 7 || position == m_bytes.size() || m_bytes[position] != ' ')
        throw damaged();
    const std::size_t end = m_bytes.find('\0', position + 1);
    if (end == std::string_view::npos || m_bytes.size() - end - 1 < entry.id.bytes.size()) throw damaged();
    entry.name = m_bytes.substr(position + 1, end - position - 1);
    entry.id_offset = end + 1;
    std::memcpy(entry.id.bytes.data(), m_bytes.data() + entry.id_offset, entry.id.bytes.size());
    m_position = entry.id_offset + entry.id.bytes.size();
    return entry;
}

bool is_safe_name(std::string_view name) noexcept {
    if (name.empty() || name == "." || name == ".." || name.size() > 255) return false;
    if (name.find('/') != std::string_view::npos) return false;
    return !(name.size() == 4 && name[0] == '.' && (name[1] | 32) == 'g' && (name[2] | 32) == 'i' &&
             (name[3] | 32) == 't');
}

bool path_less(std::string_view left, std::string_view right) noexcept {
    const auto rank = [](char byte) { return byte == '/' ? 0 : int{static_cast<unsigned char>(byte)} + 1; };
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [&](char a, char b) { return rank(a) < rank(b); });
}

std::optional<ResolvedPath> find_path(const Repository& repository, const ObjectId& tree, std::string_view path) {
    std::vector<std::pair<std::string, ObjectId>> folders;  // from the root down to where we stand
    std::deque<std::string> parts;
    prepend_parts(parts, path);
    int links = 0;
    for (int steps = 0; !parts.empty(); ++steps) {
        if (steps > k_max_parts || folders.size() > k_max_tree_depth) return std::nullopt;
        const std::string part = std::move(parts.front());
        parts.pop_front();
        if (part == ".") continue;
        if (part == "..") {
            if (!folders.empty()) folders.pop_back();
            continue;
        }
        if (!is_safe_name(part)) return std::nullopt;
        const std::string bytes = repository.read_tree(folders.empty() ? tree : folders.back().second);
        const auto entry = find_entry(bytes, part);
        if (!entry) return std::nullopt;
        const std::string here = join(folders.empty() ? std::string() : folders.back().first, part);
        if (is_tree_mode(entry->mode)) {
            folders.emplace_back(here, entry->id);
        } else if (entry->mode == k_mode_link) {
            const auto target = repository.find_blob(entry->id, k_max_link_bytes);
            if (++links > k_max_links || !target || target->empty()) return std::nullopt;
            if (target->front() == '/') folders.clear();  // "/" is the tree's root
            prepend_parts(parts, *target);
        } else {
            if (!parts.empty() || !is_file_mode(entry->mode)) return std::nullopt;
            return ResolvedPath{here, entry->mode, entry->id};
        }
    }
    if (folders.empty()) return ResolvedPath{"", k_mode_tree, tree};
    return ResolvedPath{folders.back().first, k_mode_tree, folders.back().second};
}

void compare_trees(const Repository& repository, const std::optional<ObjectId>& before,
                   const std::optional<ObjectId>& after, const std::string& prefix,
                   const std::function<void(TreeDifference&&)>& visit, const RefusedVisitor& refused) {
    Comparison(repository, visit, refused).run(before, after, prefix, 0);
}

ObjectId replace_blobs(Repository& repository, const ObjectId& tree, std::vector<BlobReplacement> replacements) {
    if (replacements.empty()) return tree;
    std::sort(replacements.begin(), replacements.end(), [](const BlobReplacement& left, const BlobReplacement& right) {
        return path_less(left.path, right.path);
    });
    return replace_below(repository, tree, replacements, 0);
}

}  // namespace tidemark::mirror::git
