#include "mirror/service/object_reader.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <utility>

#include "mirror/git/damage.h"
#include "mirror/service/sources.h"
#include "mirror/service/watch.h"

namespace tidemark::mirror::service {
namespace {

using Clock = std::chrono::steady_clock;

/// How often files are looked at. Looking may take this part of the time at most, where a disk is slow, and that part
/// of a core, where there are thousands of files; but nobody waits for long.
constexpr auto k_look_step = std::chrono::seconds(2);
constexpr auto k_settle_step = std::chrono::milliseconds(200);
constexpr int k_look_share = 200;
constexpr int k_look_share_of_core = 2000;
constexpr auto k_longest_look_step = std::chrono::seconds(30);

/// Of this thread.
Clock::duration used_of_core() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

ObjectKey key_of(const GitObjects& source) {
    return {"", source_name(source)};
}

void ObjectReader::use(Configuration configuration, std::string fingerprint) {
    m_configuration = std::move(configuration);
    m_fingerprint = std::move(fingerprint);
    m_next_look = Clock::now() + k_look_step;
}

Workspace ObjectReader::read(const Configuration& configuration) {
    Workspace workspace = load_workspace(configuration, Fetch::no, &m_last_good, {}, &m_source_problems);
    m_incomplete = workspace.incomplete;
    return workspace;
}

std::optional<Workspace> ObjectReader::read() {
    try {
        return read(m_configuration);
    } catch (const git::DamagedRepository& damage) {
        for (const GitObjects& source : m_configuration.object_repositories)
            if (mirror_path(m_configuration.state, source.url) == damage.folder()) m_damaged.insert(key_of(source));
        m_problem = std::string(damage.what()) + "; it is cloned anew";
    } catch (const std::exception& error) {
        m_problem = error.what();
    }
    return std::nullopt;
}

bool ObjectReader::has_news() {
    const Instant now = Clock::now();
    const bool edited = now >= m_next_look && find_edit(now);
    return std::exchange(m_sources_have_news, false) || edited;
}

/// Files that are being written are left to settle: an edit is one when nothing moved since the last look.
bool ObjectReader::find_edit(Instant now) {
    const Clock::duration used_before = used_of_core();
    const std::string fingerprint = fingerprint_files(m_configuration);
    const Clock::duration used = used_of_core() - used_before;
    const bool moved = std::exchange(m_fingerprint, fingerprint) != fingerprint;
    const Clock::duration step =
        moved ? Clock::duration(k_settle_step)
              : std::clamp<Clock::duration>(used * k_look_share_of_core, k_look_step, k_longest_look_step);
    m_next_look = Clock::now() + std::max(step, (Clock::now() - now) * k_look_share);
    return std::exchange(m_moving, moved) && !moved;
}

void ObjectReader::source_answered(const std::string& source, const std::string& why, bool moved) {
    const bool other = std::exchange(m_source_problems[source], why) != why;
    if (moved || other || m_incomplete || !m_problem.empty()) m_sources_have_news = true;
}

}  // namespace tidemark::mirror::service
