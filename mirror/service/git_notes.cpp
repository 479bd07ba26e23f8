#include "mirror/service/git_notes.h"

#include <utility>

#include <fmt/format.h>

#include "mirror/service/git_facts.h"

namespace tidemark::mirror::service {

GitNotes::GitNotes(store::Store& store, std::chrono::sys_seconds now)
    : m_store(store), m_now(now), m_branches(store.branch_facts()) {
    for (store::MirrorFacts& mirror : store.mirror_facts())
        m_mirrors.emplace(mirror.url, std::move(mirror));
}

void GitNotes::looked(const ObjectKey& automation, const AutomationResult& result) {
    if (!result.branch) return;
    store::BranchFacts seen = *result.branch;
    const auto [known, is_new] = m_branches.try_emplace(automation);
    seen.remote_words = result.remote_words.value_or(known->second.remote_words);
    seen.looked = known->second.looked;
    if (!is_new && seen == known->second) return;
    seen.looked = m_now;
    known->second = std::move(seen);
    m_branches_changed.insert(automation);
    if (!result.pushed_commit.empty()) m_grown.insert(known->second.url);
}

const store::BranchFacts* GitNotes::find_branch(const ObjectKey& automation) const {
    const auto found = m_branches.find(automation);
    return found == m_branches.end() ? nullptr : &found->second;
}

void GitNotes::answered(const Source& source, const std::string& branch, const git::BranchTips& tips) {
    const std::string& url = source.shown_url();
    store::MirrorFacts& facts = m_mirrors[url];
    facts.url = url;
    facts.path = source.mirror();
    facts.fetched = m_now;
    facts.error.clear();
    const auto found = tips.find(branch);
    const std::string tip = found != tips.end() && found->second
                                ? fmt::format("{}@sha1:{}", branch, git::to_string(*found->second))
                                : std::string();
    if (std::exchange(facts.tip, tip) != tip || facts.size == 0) m_grown.insert(url);
    m_mirrors_changed.insert(url);
}

void GitNotes::failed(const Source& source, const std::string& why) {
    const std::string& url = source.shown_url();
    store::MirrorFacts& facts = m_mirrors[url];
    facts.url = url;
    facts.path = source.mirror();
    if (std::exchange(facts.error, why) != why) m_mirrors_changed.insert(url);
}

void GitNotes::write() {
    for (const ObjectKey& automation : std::exchange(m_branches_changed, {}))
        m_store.put_branch_facts(automation, m_branches.at(automation));
    for (const std::string& url : std::exchange(m_grown, {}))
        if (const auto found = m_mirrors.find(url); found != m_mirrors.end())
            found->second.size = size_on_disk(found->second.path);
    for (const std::string& url : std::exchange(m_mirrors_changed, {}))
        m_store.put_mirror_facts(m_mirrors.at(url));
}

}  // namespace tidemark::mirror::service
