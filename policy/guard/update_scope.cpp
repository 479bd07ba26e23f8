#include "policy/guard/update_scope.h"

#include <algorithm>

#include "policy/guard/judge.h"
#include "policy/guard/tree_path.h"

namespace tidemark::policy::guard {
namespace {

constexpr std::uint32_t k_link_mode = 0120000;
constexpr std::size_t k_max_target = 4096;
constexpr std::size_t k_max_links = 1000;
constexpr int k_max_rounds = 8;  // links to links

struct Link {
    std::string path;
    std::string target;  // from the root of the tree
};

/// A tree with more files than the limits allow to list counts as one without links: the file that asked for them is
/// then a finding, which says more than that nothing was judged.
std::vector<FileChange> list_files(const std::string& tree, RepositoryView& view) {
    try {
        return view.compare_trees("", tree);
    } catch (const LimitReached&) {
        return {};
    }
}

std::vector<Link> find_links(const std::string& tree, RepositoryView& view) {
    std::vector<Link> links;
    for (const FileChange& file : list_files(tree, view)) {
        if (file.new_mode != k_link_mode || links.size() == k_max_links) continue;
        const auto target = view.find_blob(file.new_id, k_max_target);
        if (!target || target->empty() || target->front() == '/') continue;
        const std::size_t slash = file.path.rfind('/');
        const std::string folder = slash == std::string::npos ? "" : file.path.substr(0, slash + 1);
        if (auto path = normalise_tree_path(folder + *target)) links.push_back({file.path, *std::move(path)});
    }
    return links;
}

}  // namespace

bool UpdateScope::contains(std::string_view file) {
    if (lies_within(file, m_paths)) return true;
    if (!m_followed) follow_links();
    return lies_within(file, m_paths);
}

void UpdateScope::follow_links() {
    m_followed = true;
    const std::vector<Link> links = find_links(m_tree, m_view);
    const auto add = [this](const std::string& path) {
        if (std::find(m_paths.begin(), m_paths.end(), path) != m_paths.end() || m_paths.size() > 2 * k_max_links)
            return false;
        m_paths.push_back(path);
        return true;
    };
    bool more = true;
    for (int round = 0; round < k_max_rounds && more; ++round) {
        more = false;
        const std::vector<std::string> known = m_paths;
        for (const Link& link : links) {
            if (lies_within(link.path, known)) more = add(link.target) || more;
            // A path that itself leads through a link goes on behind it.
            for (const std::string& path : known) {
                const std::string normal = normalise_tree_path(path).value_or("");
                if (normal.substr(0, link.path.size() + 1) == link.path + '/')
                    more = add(link.target + normal.substr(link.path.size())) || more;
            }
        }
    }
}

}  // namespace tidemark::policy::guard
