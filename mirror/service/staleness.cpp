#include "mirror/service/staleness.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "mirror/service/conditions.h"
#include "mirror/service/sources.h"

namespace tidemark::mirror::service {
namespace {

using std::chrono::nanoseconds;
using std::chrono::sys_seconds;
using store::ObjectStatus;

constexpr std::size_t k_most_failure_bytes = 300;

/// Empty unless the object is not ready.
std::string failure_of(const ObjectStatus& status) {
    const store::Condition* ready = ready_condition(status);
    return ready && ready->status == "False" ? ready->message : std::string();
}

bool is_active(const policy::Metadata& metadata, bool suspended, nanoseconds interval) {
    return !suspended && metadata.valid() && interval.count() > 0;
}

class Finder {
public:
    Finder(const policy::ObjectSet& objects, const std::vector<store::MirrorFacts>& mirrors) : m_objects(objects) {
        for (const store::MirrorFacts& mirror : mirrors)
            m_mirrors[std::filesystem::path(mirror.path).filename().string()] = &mirror;
    }

    std::vector<Expected> find() {
        for (const auto& [key, repository] : m_objects.image_repositories)
            if (is_active(repository.metadata, repository.suspend, repository.interval)) add(repository);
        for (const auto& [key, automation] : m_objects.image_update_automations)
            if (is_active(automation.metadata, automation.suspend, automation.interval)) add(automation);
        for (const auto& [key, interval] : m_looks)
            add_source(key, interval);
        return std::move(m_expected);
    }

private:
    void add(const policy::ImageRepository& repository) {
        m_expected.push_back({{ObjectKind::image_repository, repository.metadata.key},
                              repository.interval,
                              repository.metadata.spec_hash,
                              std::nullopt,
                              ""});
    }

    void add(const policy::ImageUpdateAutomation& automation) {
        m_expected.push_back({{ObjectKind::image_update_automation, automation.metadata.key},
                              automation.interval,
                              automation.metadata.spec_hash,
                              std::nullopt,
                              ""});
        const auto [look, is_first] = m_looks.try_emplace(automation.source, automation.interval);
        look->second = std::min(look->second, automation.interval);
    }

    void add_source(const ObjectKey& key, nanoseconds look_interval) {
        const auto found = m_objects.git_repositories.find(key);
        if (found == m_objects.git_repositories.end()) return;
        const policy::GitRepository& source = found->second;
        if (!is_active(source.metadata, source.suspend, source.interval)) return;
        Expected& expected = m_expected.emplace_back(Expected{{ObjectKind::git_repository, key},
                                                              std::max(source.interval, look_interval),
                                                              source.metadata.spec_hash,
                                                              std::nullopt,
                                                              ""});
        const auto mirror = m_mirrors.find(mirror_path("", source.url).filename().string());
        if (mirror == m_mirrors.end()) return;
        if (mirror->second->fetched.time_since_epoch().count() > 0) expected.last = mirror->second->fetched;
        expected.failure = mirror->second->error;
    }

    const policy::ObjectSet& m_objects;
    std::map<std::string, const store::MirrorFacts*> m_mirrors;  // by folder, whose name comes from the URL
    std::map<ObjectKey, nanoseconds> m_looks;                    // by GitRepository
    std::vector<Expected> m_expected;
};

std::string in_words(nanoseconds duration) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(duration).count();
    if (minutes < 60) return fmt::format("{}m", minutes);
    if (minutes < 48 * 60) return fmt::format("{}h{:02}m", minutes / 60, minutes % 60);
    return fmt::format("{} days", minutes / (24 * 60));
}

std::string_view success_of(ObjectKind kind) noexcept {
    if (kind == ObjectKind::image_repository) return "scan";
    return kind == ObjectKind::git_repository ? "fetch" : "look at Git";
}

std::string reason_of(const Expected& object, nanoseconds silence) {
    std::string reason = fmt::format("no successful {} for {}", success_of(object.name.first), in_words(silence));
    if (object.failure.empty()) return reason;
    std::size_t end = std::min(object.failure.size(), k_most_failure_bytes);
    const bool is_cut = end < object.failure.size();
    // Not within a character.
    while (is_cut && end > 0 && (static_cast<unsigned char>(object.failure[end]) & 0xC0U) == 0x80U)
        --end;
    return reason + ": " + object.failure.substr(0, end) + (is_cut ? " …" : "");
}

}  // namespace

std::vector<Expected> find_expected(const policy::ObjectSet& objects, const std::vector<store::MirrorFacts>& mirrors) {
    return Finder(objects, mirrors).find();
}

void take_status(Expected& object, const ObjectStatus& status) {
    object.failure = failure_of(status);
    if (object.name.first == ObjectKind::image_repository) {
        object.last = status.last_scan;
    } else if (const store::Condition* ready = ready_condition(status)) {
        // The state has the time of the last look only; since the first that failed none went well.
        object.last = ready->status == "True" ? status.last_run : ready->last_transition;
    }
}

bool is_too_long(nanoseconds silence, nanoseconds interval) noexcept {
    // Divided, as an interval of centuries does not fit three times.
    return silence > k_least_silence && silence / k_intervals_of_silence > interval;
}

std::vector<StaleObject> find_stale(const std::vector<Expected>& objects, const SilentFor& silent_for,
                                    sys_seconds now) {
    std::vector<StaleObject> stale;
    for (const Expected& object : objects) {
        const auto silence = silent_for(object);
        if (!silence || !is_too_long(*silence, object.interval)) continue;
        // A service that was started lately has not watched for as long as the object is silent.
        nanoseconds told = *silence;
        if (object.last && *object.last < now) told = std::max<nanoseconds>(told, now - *object.last);
        stale.push_back({object.name.first, object.name.second, reason_of(object, told),
                         object.last.value_or(std::chrono::floor<std::chrono::seconds>(now - told))});
    }
    return stale;
}

std::vector<StaleObject> find_stale(const std::vector<Expected>& objects, sys_seconds now) {
    const auto silent_for = [now](const Expected& object) -> std::optional<nanoseconds> {
        if (!object.last) return std::nullopt;
        return now - *object.last;
    };
    return find_stale(objects, silent_for, now);
}

}  // namespace tidemark::mirror::service
