#include "mirror/git/diff.h"

#include <memory>

#include <fmt/format.h>

#include "mirror/git/handles.h"

namespace tidemark::mirror::git {
namespace {

using DiffHandle = std::unique_ptr<git_diff, FreeHandle<git_diff, git_diff_free>>;

TreeHandle find_tree(const Repository& repository, const ObjectId& id) {
    TreeHandle tree;
    const git_oid oid = to_git(id);
    check(git_tree_lookup(Out(tree), repository.handle(), &oid), "reading tree " + to_string(id));
    return tree;
}

}  // namespace

std::string unified_diff(const Repository& repository, const ObjectId& before, const ObjectId& after,
                         std::size_t limit) {
    const TreeHandle old_tree = find_tree(repository, before);
    const TreeHandle new_tree = find_tree(repository, after);
    DiffHandle diff;
    check(git_diff_tree_to_tree(Out(diff), repository.handle(), old_tree.get(), new_tree.get(), nullptr),
          "comparing trees");
    Buffer buffer;
    check(git_diff_to_buf(buffer.get(), diff.get(), GIT_DIFF_FORMAT_PATCH), "writing the difference");
    const std::string_view text = buffer.text();
    if (text.size() <= limit) return std::string(text);
    const std::size_t end = text.rfind('\n', limit);
    return std::string(text.substr(0, end + 1)) + fmt::format("... and {} bytes more\n", text.size() - end - 1);
}

}  // namespace tidemark::mirror::git
