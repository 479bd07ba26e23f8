#include "tests/policy/guard/text_repository.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace tidemark::policy::guard {

std::string TextRepository::commit(const std::vector<std::string>& parents, const Files& files) {
    CommitFacts facts;
    facts.id = fmt::format("{:07x}{}", m_commits.size() + 1, std::string(33, 'c'));
    facts.tree = fmt::format("{:07x}{}", m_trees.size() + 1, std::string(33, 'e'));
    facts.parents = parents;
    m_trees.push_back(files);
    m_commits[facts.id] = facts;
    return facts.id;
}

const TextRepository::Files& TextRepository::files_of(const std::string& commit) const {
    return m_trees.at(std::stoul(m_commits.at(commit).tree.substr(0, 7), nullptr, 16) - 1);
}

std::string TextRepository::blob_id(const std::string& bytes) {
    const auto [found, is_new] = m_blob_ids.try_emplace(bytes, "");
    if (is_new) found->second = fmt::format("{:07x}{}", m_blob_ids.size(), std::string(33, 'b'));
    m_blobs[found->second] = bytes;
    return found->second;
}

std::optional<std::string> TextRepository::find_tip(const std::string& reference) {
    const auto found = m_references.find(reference);
    return found == m_references.end() ? std::nullopt : std::optional(found->second);
}

std::optional<CommitFacts> TextRepository::find_commit(const std::string& id) {
    const auto found = m_commits.find(id);
    return found == m_commits.end() ? std::nullopt : std::optional(found->second);
}

std::vector<FileChange> TextRepository::compare_trees(const std::string& old_tree, const std::string& new_tree) {
    static const Files k_empty;
    const auto files = [this](const std::string& id) -> const Files& {
        return id.empty() ? k_empty : m_trees.at(std::stoul(id.substr(0, 7), nullptr, 16) - 1);
    };
    std::map<std::string, FileChange> changes;
    for (const auto& [path, file] : files(old_tree)) {
        changes[path].old_mode = file.mode;
        changes[path].old_id = blob_id(file.bytes);
    }
    for (const auto& [path, file] : files(new_tree)) {
        changes[path].new_mode = file.mode;
        changes[path].new_id = blob_id(file.bytes);
    }
    std::vector<FileChange> result;
    for (auto& [path, change] : changes) {
        if (change.old_mode == change.new_mode && change.old_id == change.new_id) continue;
        change.path = path;
        result.push_back(change);
    }
    return result;
}

std::optional<std::string> TextRepository::find_blob(const std::string& id, std::size_t limit) {
    ++m_blobs_read;
    const std::string& bytes = m_blobs.at(id);
    return bytes.size() > limit ? std::nullopt : std::optional(bytes);
}

std::vector<std::string> TextRepository::reach(const std::string& tip) const {
    std::set<std::string, std::greater<>> seen;
    std::vector<std::string> open{tip};
    while (!open.empty()) {
        const std::string id = open.back();
        open.pop_back();
        if (!seen.insert(id).second) continue;
        const auto& parents = m_commits.at(id).parents;
        open.insert(open.end(), parents.begin(), parents.end());
    }
    return {seen.begin(), seen.end()};  // ids count upwards
}

std::vector<std::string> TextRepository::find_merge_bases(const std::string& one, const std::string& other) {
    const std::vector<std::string> of_one = reach(one);
    const std::vector<std::string> of_other = reach(other);
    std::vector<std::string> common;
    for (const std::string& id : of_one)
        if (std::find(of_other.begin(), of_other.end(), id) != of_other.end()) common.push_back(id);
    std::vector<std::string> best;
    for (const std::string& id : common) {
        const bool below = std::any_of(common.begin(), common.end(),
                                       [&](const std::string& above) { return above != id && is_ancestor(id, above); });
        if (!below) best.push_back(id);
    }
    return best;
}

bool TextRepository::is_ancestor(const std::string& ancestor, const std::string& descendant) {
    const std::vector<std::string> all = reach(descendant);
    return std::find(all.begin(), all.end(), ancestor) != all.end();
}

std::vector<std::string> TextRepository::commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                                        std::size_t limit) {
    std::set<std::string> known;
    for (const std::string& id : hidden)
        for (const std::string& below : reach(id))
            known.insert(below);
    std::vector<std::string> result;
    for (const std::string& id : reach(tip))
        if (known.count(id) == 0 && result.size() < limit) result.push_back(id);
    return result;
}

Push push_of(const std::string& branch, const std::string& old_id, const std::string& new_id) {
    Push push;
    push.updates.push_back({old_id, new_id, "refs/heads/" + branch});
    return push;
}

RepositoryRules rules_for(const std::string& branch) {
    RepositoryRules rules;
    rules.repositories = {"**"};
    rules.branches.emplace_back();
    rules.branches.back().pattern = branch;
    rules.branches.back().modes = default_modes();
    return rules;
}

RepositoryRules automation_rules() {
    RepositoryRules rules = rules_for("main");
    rules.branches.push_back(rules_for("auto").branches.front());
    rules.branches.back().automation_of = "main";
    rules.branches.back().paths = {"./apps"};
    return rules;
}

Judgement judge_with(const Push& push, const RepositoryRules& rules, RepositoryView& view) {
    return judge(push, rules, view, std::chrono::sys_days(std::chrono::year(2030) / 1 / 1), Limits());
}

std::vector<std::string> told(const Judgement& judgement) {
    std::vector<std::string> lines;
    for (const GuardFinding& finding : judgement.findings) {
        std::string line = fmt::format("{} {}", to_string(finding.verdict), to_string(finding.rule));
        if (!finding.file.empty()) line += ' ' + finding.file;
        if (finding.line > 0) line += fmt::format(":{}", finding.line);
        if (!finding.subject.empty()) line += ' ' + finding.subject;
        lines.push_back(line + ' ' + finding.text);
    }
    return lines;
}

std::vector<std::string> briefly(const Judgement& judgement) {
    std::vector<std::string> lines;
    for (const GuardFinding& finding : judgement.findings) {
        std::string line(to_string(finding.rule));
        if (!finding.file.empty()) line += ' ' + finding.file;
        if (finding.line > 0) line += fmt::format(":{}", finding.line);
        lines.push_back(line);
    }
    return lines;
}

}  // namespace tidemark::policy::guard
