#include "hooks/install/rules_from_objects.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

namespace tidemark::hooks {

using policy::GitRepository;
using policy::ImageUpdateAutomation;
using policy::guard::BranchRules;
using policy::guard::RepositoryNames;
using policy::guard::RepositoryRules;

namespace {

using Parts = std::vector<std::string>;

Parts parts_of(std::string_view path) {
    Parts parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (end > 0) parts.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    if (!parts.empty() && parts.back().size() > 4 && parts.back().ends_with(".git")) {
        parts.back().resize(parts.back().size() - 4);
    }
    return parts;
}

/// Gitea writes folders in lower case, whatever the address says.
bool is_same(const std::string& one, const std::string& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](unsigned char a, unsigned char b) {
        const auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
        return lower(a) == lower(b);
    });
}

std::size_t common_end(const Parts& one, const Parts& other) {
    std::size_t count = 0;
    while (count < one.size() && count < other.size() &&
           is_same(one[one.size() - 1 - count], other[other.size() - 1 - count])) {
        ++count;
    }
    return count;
}

/// As rules name a repository that is not among the known paths: by its host's name, or by its path on this machine.
std::string name_of_url(const std::string& url) {
    constexpr std::string_view k_file = "file://";
    if (url.starts_with(k_file)) return url.substr(k_file.size());
    return url.starts_with('/') ? url : repository_of_url(url);
}

struct Found {
    std::vector<std::string> names;  // as rules name it; empty: none
    std::string problem;             // why none
};

Found find_by_address(const std::string& url, const std::vector<RepositoryNames>& repositories) {
    const Parts wanted = parts_of(repository_of_url(url));
    std::size_t best = std::min<std::size_t>(2, wanted.size());  // owner and name at least
    std::vector<const RepositoryNames*> found;
    for (const RepositoryNames& repository : repositories) {
        Parts parts = parts_of(repository.path);
        if (!parts.empty() && parts.back() == ".git") parts.pop_back();
        const std::size_t common = common_end(wanted, parts);
        if (common < best || common == 0) continue;
        if (common > best) found.clear();
        best = common;
        found.push_back(&repository);
    }
    if (found.empty()) return {{}, fmt::format("its address {} is none of these repositories", url)};
    if (found.size() > 1) {
        return {{},
                fmt::format("its address {} may be {} or {}; name one of them", url, found[0]->path, found[1]->path)};
    }
    std::vector<std::string> names = {found.front()->path};
    if (!found.front()->host_name.empty()) names.push_back(found.front()->host_name);
    return {std::move(names), {}};
}

/// The paths as the hook compares them; empty for the whole tree.
std::string tree_path(std::string_view path) {
    std::string out;
    for (const std::string& part : parts_of(fmt::format("{}/", path))) {
        if (part != ".") out += (out.empty() ? "" : "/") + part;
    }
    return out;
}

struct Branches {
    std::vector<BranchRules> list;  // automation branches first: the first that fits counts

    BranchRules* find(const std::string& pattern) {
        const auto found = std::find_if(list.begin(), list.end(),
                                        [&pattern](const BranchRules& branch) { return branch.pattern == pattern; });
        return found == list.end() ? nullptr : &*found;
    }

    void add_ordinary(const std::string& name) {
        if (find(name)) return;
        BranchRules branch;
        branch.pattern = name;
        branch.modes = policy::guard::default_modes();
        list.push_back(std::move(branch));
    }

    void add_automation(const std::string& name, const std::string& made_from, const std::string& path) {
        BranchRules* branch = find(name);
        const bool is_new = branch == nullptr || branch->automation_of.empty();
        if (branch == nullptr) {
            add_ordinary(name);
            branch = find(name);
        }
        branch->automation_of = made_from;
        if (is_new) {
            if (!path.empty()) branch->paths.push_back(path);
        } else if (path.empty()) {
            branch->paths.clear();  // one of them may change the whole tree
        } else if (!branch->paths.empty() &&
                   std::find(branch->paths.begin(), branch->paths.end(), path) == branch->paths.end()) {
            branch->paths.push_back(path);
        }
    }
};

class Derivation {
public:
    Derivation(const policy::ObjectSet& objects, const std::vector<RepositoryNames>& repositories)
        : m_objects(objects), m_repositories(repositories) {}

    void add(const ImageUpdateAutomation& automation) {
        const std::string subject = fmt::format("ImageUpdateAutomation {}", automation.metadata.key.to_string());
        const auto source = m_objects.git_repositories.find(automation.source);
        if (!automation.metadata.valid()) return pass_over(automation, subject, "it has mistakes");
        if (source == m_objects.git_repositories.end())
            return pass_over(automation, subject,
                             fmt::format("GitRepository {} is missing", automation.source.to_string()));
        const GitRepository& git = source->second;
        if (automation.checkout_branch.empty() && !git.other_ref.empty())
            return pass_over(automation, subject, fmt::format("its source is at {}, no branch", git.other_ref));
        const Found found = m_repositories.empty() ? Found{{name_of_url(git.url)}, {}}
                                                   : find_by_address(git.url, m_repositories);
        if (found.names.empty())
            return pass_over(automation, subject,
                             fmt::format("GitRepository {}: {}", git.metadata.key.to_string(), found.problem));
        std::string main = automation.checkout_branch.empty() ? git.branch : automation.checkout_branch;
        if (main.empty()) main = "master";  // what Flux takes where nothing is written
        Branches& branches = m_branches[found.names];
        if (!automation.push_branch.empty() && automation.push_branch != main)
            branches.add_automation(automation.push_branch, main, tree_path(automation.update_path));
        branches.add_ordinary(main);
    }

    DerivedRules take(std::optional<std::chrono::sys_seconds> warn_until) {
        DerivedRules derived;
        derived.findings = std::move(m_findings);
        for (auto& [names, branches] : m_branches) {
            RepositoryRules rules;
            rules.repositories = names;
            rules.branches = std::move(branches.list);
            rules.warn_until = warn_until;
            derived.repositories.push_back(std::move(rules));
        }
        return derived;
    }

private:
    void pass_over(const ImageUpdateAutomation& automation, const std::string& subject, const std::string& why) {
        m_findings.push_back(policy::make_finding(policy::Severity::warning, automation.metadata.place, subject,
                                                  fmt::format("guards nothing here: {}", why)));
    }

    const policy::ObjectSet& m_objects;
    const std::vector<RepositoryNames>& m_repositories;
    std::map<std::vector<std::string>, Branches> m_branches;
    policy::Findings m_findings;
};

}  // namespace

std::string repository_of_url(const std::string& url) {
    std::string_view path = url;
    const std::size_t scheme = path.find("://");
    if (scheme != std::string_view::npos) {
        path.remove_prefix(scheme + 3);
        path.remove_prefix(std::min(path.find('/'), path.size()));
    } else if (const std::size_t colon = path.find(':'); colon != std::string_view::npos && path.find('/') > colon) {
        path.remove_prefix(colon + 1);
    }
    path = path.substr(0, path.find_first_of("?#"));
    return fmt::format("{}", fmt::join(parts_of(path), "/"));
}

DerivedRules rules_from_objects(const policy::ObjectSet& objects, const std::vector<RepositoryNames>& repositories,
                                std::optional<std::chrono::sys_seconds> warn_until) {
    Derivation derivation(objects, repositories);
    for (const auto& [key, automation] : objects.image_update_automations)
        derivation.add(automation);
    return derivation.take(warn_until);
}

}  // namespace tidemark::hooks
