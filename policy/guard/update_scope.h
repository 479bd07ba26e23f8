// The files in which an automation may change values: those below its update paths, and those that links below them
// lead to, as the bump follows them. Links are looked for only when a file lies nowhere else. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/guard/repository_view.h"

namespace tidemark::policy::guard {

class UpdateScope {
public:
    /// `tree` is the one that the automation began with. No paths: everything.
    UpdateScope(const std::vector<std::string>& paths, std::string tree, RepositoryView& view)
        : m_paths(paths), m_tree(std::move(tree)), m_view(view) {}

    /// Throws what the view throws.
    bool contains(std::string_view file);

private:
    void follow_links();

    std::vector<std::string> m_paths;
    std::string m_tree;
    RepositoryView& m_view;
    bool m_followed = false;
};

}  // namespace tidemark::policy::guard
