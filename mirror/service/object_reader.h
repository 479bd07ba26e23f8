// The objects that the configuration names, as they stand on disk: in folders, and in the Git sources as they were
// fetched last. Notices edits; a file that cannot be read as it is stays as it was. Belongs to the service's thread.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/service/last_good.h"
#include "mirror/service/schedule.h"
#include "mirror/service/workspace.h"

namespace tidemark::mirror::service {

/// A Git source's name in the schedule.
ObjectKey key_of(const GitObjects& source);

class ObjectReader {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// Reads by this configuration from now on. `fingerprint`, of its files, was taken before anything of it was read.
    void use(Configuration configuration, std::string fingerprint);
    const Configuration& configuration() const noexcept { return m_configuration; }

    /// What another configuration names, which is not in use yet. Throws what load_workspace throws.
    Workspace read(const Configuration& configuration);
    /// What this one names. Unset: it cannot be read, and problem() says why.
    std::optional<Workspace> read();

    /// Why the objects in use are not those that are there; empty: they are.
    const std::string& problem() const noexcept { return m_problem; }
    void set_problem(std::string why) { m_problem = std::move(why); }

    /// Whether to read again: files moved and have settled, or a Git source has news. Looks at the files when it is
    /// time to.
    bool has_news();
    Instant next_look() const noexcept { return m_next_look; }

    /// What became of fetching a Git source. `why` is empty if it answered.
    void source_answered(const std::string& source, const std::string& why, bool moved);
    bool sources_have_news() const noexcept { return m_sources_have_news; }
    /// Sources whose mirror read() found damaged, and that were not cloned anew since.
    const std::set<ObjectKey>& damaged() const noexcept { return m_damaged; }
    bool take_damaged(const ObjectKey& source) { return m_damaged.erase(source) > 0; }

private:
    bool find_edit(Instant now);

    Configuration m_configuration;
    LastGood m_last_good;
    SourceProblems m_source_problems;
    std::set<ObjectKey> m_damaged;
    bool m_sources_have_news = false;
    bool m_incomplete = false;  // a source was never fetched, at the last reading
    std::string m_fingerprint;
    Instant m_next_look;
    bool m_moving = false;  // files were not the same at the last two looks
    std::string m_problem;
};

}  // namespace tidemark::mirror::service
