#include "mirror/service/scan.h"

#include <algorithm>

#include <fmt/format.h>
#include <zlib.h>

#include "mirror/base/error.h"
#include "mirror/service/change_log.h"
#include "mirror/service/conditions.h"
#include "mirror/service/registry_access.h"
#include "policy/image/reference.h"
#include "policy/selection/selection.h"

namespace tidemark::mirror::service {
namespace {

using policy::ExclusionList;
using policy::ImageRepository;
using policy::ObjectKind;
using store::ObjectStatus;
using store::TagList;
using store::TagListHead;

constexpr const char* k_read_failed = "ReadOperationFailed";
constexpr std::size_t k_latest_tags = 10;
/// Results that are written to the store in one go: fewer commits to disk, still bounded memory.
constexpr std::size_t k_results_per_transaction = 200;

/// One repository that is being scanned.
struct Job {
    const ImageRepository* repository;
    policy::RepositoryName name;
    std::string exclusion;  // the list as one text, to notice that it changed
    bool void_answer = false;
};

std::string exclusion_text(const ImageRepository& repository) {
    std::vector<std::string> patterns = repository.exclusion_list;
    std::sort(patterns.begin(), patterns.end());
    std::string text;
    for (const std::string& pattern : patterns)
        text += pattern + "\n";
    return text;
}

}  // namespace

class ScanRound::Run {
public:
    explicit Run(const ScanStep& step) : m_step(step), m_backoffs(step.store.backoffs()) {}

    void begin() {
        std::vector<registry::ScanRequest> requests;
        if (m_step.only) {
            for (const ObjectKey& key : *m_step.only)
                if (const auto found = m_step.objects.image_repositories.find(key);
                    found != m_step.objects.image_repositories.end())
                    prepare(key, found->second, requests);
        } else {
            for (const auto& [key, repository] : m_step.objects.image_repositories)
                prepare(key, repository, requests);
        }
        for (registry::ScanRequest& request : requests)
            m_step.scanner.submit(std::move(request),
                                  [this](registry::ScanResult&& result) { m_arrived.push_back(std::move(result)); });
        m_missing = requests.size();
    }

    void keep_only(const policy::ObjectSet& objects) {
        for (Job& job : m_jobs) {
            const auto now = objects.image_repositories.find(job.repository->metadata.key);
            job.void_answer = job.void_answer || now == objects.image_repositories.end() || now->second.suspend ||
                              now->second.metadata.spec_hash != job.repository->metadata.spec_hash;
        }
    }

    bool ended() const noexcept { return m_missing == 0; }
    std::size_t missing() const noexcept { return m_missing; }
    bool waits_for(const ObjectKey& repository) const { return m_waiting.contains(repository); }

    void store(bool whole) {
        for (const registry::ScanResult& result : std::exchange(m_arrived, {})) {
            --m_missing;
            take(result);
        }
        if (ended() && m_changes.has_rest()) {
            m_transaction.open();
            m_changes.add_rest();
        }
        if (whole || ended()) m_transaction.reset_with_commit();
    }

    ScanSummary take() { return std::exchange(m_summary, {}); }

private:
    /// Opens a transaction with the first write and commits it every so often.
    class Batch {
    public:
        explicit Batch(store::Store& store) : m_store(store) {}
        void wrote() {
            if (++m_count >= k_results_per_transaction) reset_with_commit();
        }
        void open() {
            if (!m_transaction) m_transaction.emplace(m_store);
        }
        void reset_with_commit() {
            if (m_transaction) m_transaction->commit();
            m_transaction.reset();
            m_count = 0;
        }

    private:
        store::Store& m_store;
        std::optional<store::Store::Transaction> m_transaction;
        std::size_t m_count = 0;
    };

    /// What is known of it, by itself: a round of the service is a tenth of all repositories and less.
    void read(const ObjectKey& key) {
        if (auto head = m_step.store.find_tag_list_head(key)) m_heads.emplace(key, std::move(*head));
        if (auto status = m_step.store.find_status(ObjectKind::image_repository, key))
            m_statuses.emplace(key, std::move(*status));
    }

    void prepare(const ObjectKey& key, const ImageRepository& repository,
                 std::vector<registry::ScanRequest>& requests) {
        if (repository.suspend) {
            m_step.report({Step::scan, Outcome::skipped, key.to_string(), "suspended", {}});
            return;
        }
        read(key);
        if (const policy::Finding* finding = first_error(repository.metadata.findings)) {
            fail(key, repository.image.empty() ? key.to_string() : repository.image, "Invalid", to_string(*finding),
                 {});
            return;
        }
        const auto name = policy::parse_repository_name(repository.image);
        if (!name) return fail(key, repository.image, "ImageURLInvalid", name.message(), {});
        if (const auto backoff = m_backoffs.find(name->registry); backoff != m_backoffs.end()) {
            const auto left = backoff->second.until - m_step.now;
            // More than anybody is given: the clock was set back meanwhile.
            if (left > std::chrono::seconds(0) && left <= k_longest_pause) {
                return leave_alone(repository, name->registry, backoff->second);
            }
            m_step.store.remove_backoff(name->registry);
        }
        try {
            Job job{&repository, *name, exclusion_text(repository), false};
            registry::ScanRequest request;
            request.id = std::to_string(m_jobs.size());
            request.access = registry_access(repository, m_step.secrets);
            const auto head = m_heads.find(key);
            if (head != m_heads.end() && head->second.canonical_name == name->canonical() &&
                head->second.exclusion == job.exclusion && is_ready(key))
                request.last_hash = head->second.body_hash;
            m_waiting.insert(key);
            m_jobs.push_back(std::move(job));
            requests.push_back(std::move(request));
        } catch (const Error& error) {
            fail(key, repository.image, "AuthenticationFailed", error.what(), {});
        }
    }

    /// Not asked now. What failed before says more than that it waits, and stays as it is.
    void leave_alone(const ImageRepository& repository, const std::string& registry, const store::Backoff& backoff) {
        const ObjectKey& key = repository.metadata.key;
        m_summary.not_before[key] = backoff.until;
        const std::string text = fmt::format("{} asked to be left alone for {} more seconds", registry,
                                             (backoff.until - m_step.now).count());
        if (is_ready(key) || !m_statuses.contains(key))
            return fail(key, repository.image, k_read_failed, text, {backoff.reason});
        m_summary.not_ready.insert(key);
        m_step.report({Step::scan, Outcome::failed, repository.image, text, {backoff.reason}, key.to_string()});
    }

    bool is_ready(const ObjectKey& key) const {
        const auto status = m_statuses.find(key);
        return status != m_statuses.end() && ready_condition(status->second) &&
               ready_condition(status->second)->status == "True";
    }

    void take(const registry::ScanResult& result) {
        const Job& job = m_jobs[std::stoul(result.id)];
        const ObjectKey& key = job.repository->metadata.key;
        m_summary.looked_at.insert(key);
        m_waiting.erase(key);
        if (job.void_answer) return;
        if (m_step.live) m_step.live->count_scan(job.name.registry, result_name(result), result.http_status);
        if (result.outcome != registry::Outcome::whole) return take_failure(job, result);
        m_transaction.open();
        if (result.unchanged) {
            m_step.store.put_scan_time(key, m_step.now);
            m_step.report({Step::scan, Outcome::same, job.repository->image, unchanged_text(key), {}, key.to_string()});
        } else {
            take_tags(job, result);
        }
        m_transaction.wrote();
    }

    static std::string result_name(const registry::ScanResult& result) {
        switch (result.outcome) {
            case registry::Outcome::whole:
                return result.unchanged ? "unchanged" : "changed";
            case registry::Outcome::partial:
                return "partial";
            case registry::Outcome::failed:
                break;
        }
        return "failed";
    }

    std::string unchanged_text(const ObjectKey& key) const {
        return fmt::format("found {} tags, none new", m_statuses.at(key).tag_count);
    }

    void take_tags(const Job& job, const registry::ScanResult& result) {
        const ObjectKey& key = job.repository->metadata.key;
        const auto exclusion = ExclusionList::compile(job.repository->exclusion_list);
        if (!exclusion)
            return fail(key, job.repository->image, k_read_failed, "scan failed: " + exclusion.message(), {});
        std::vector<std::string_view> tags;
        tags.reserve(result.tags.size());
        for (const std::string_view tag : result.tags)
            if (!exclusion->excludes(tag)) tags.push_back(tag);
        policy::store_order(tags);

        TagList before;
        if (m_heads.contains(key)) {
            before = m_step.store.find_tag_list(key).value_or(TagList{});
            if (before.canonical_name != job.name.canonical()) before = {};
        }
        TagList list{job.name.canonical(), job.exclusion, result.hash, m_step.now,
                     make_lines(tags, before, m_step.now)};
        const bool changed = list.lines != before.lines || before.canonical_name.empty();
        m_step.store.put_tag_list(key, list);
        if (changed) {
            m_step.store.outdate_decisions(list.canonical_name);
            m_summary.changed.insert(key);
        }

        ObjectStatus status;
        status.tag_count = tags.size();
        status.latest_tags.assign(tags.begin(),
                                  tags.begin() + static_cast<std::ptrdiff_t>(std::min(tags.size(), k_latest_tags)));
        status.canonical_name = list.canonical_name;
        set_ready(status, true, "Succeeded", scan_message(tags), m_step.now);
        put_status(key, std::move(status));
        m_step.report({Step::scan, changed ? Outcome::done : Outcome::same, job.repository->image,
                       fmt::format("found {} tags{}", tags.size(), new_tags(tags, before)), result.warnings,
                       key.to_string()});
    }

    /// ", 2 new (1.2.0, 1.1.9)" for tags that the last scan had not; nothing to say at the first scan.
    static std::string new_tags(const std::vector<std::string_view>& tags, const TagList& before) {
        if (before.canonical_name.empty()) return "";
        const std::vector<std::string_view> old = before.tags();
        std::vector<std::string_view> fresh;
        std::set_difference(tags.begin(), tags.end(), old.begin(), old.end(), std::back_inserter(fresh),
                            std::greater<>());
        if (fresh.empty()) return ", none new";
        constexpr std::size_t k_shown = 3;
        std::string text = fmt::format(", {} new (", fresh.size());
        for (std::size_t i = 0; i < std::min(fresh.size(), k_shown); ++i)
            text += fmt::format("{}{}", i ? ", " : "", fresh[i]);
        return text + (fresh.size() > k_shown ? ", ...)" : ")");
    }

    void take_failure(const Job& job, const registry::ScanResult& result) {
        std::vector<std::string> details;
        if (result.retry_after) {
            // A round may have begun long ago.
            const std::chrono::sys_seconds until = m_step.now + time_gone() + *result.retry_after;
            m_transaction.open();
            m_step.store.put_backoff(job.name.registry, {until, result.message});
            m_summary.not_before[job.repository->metadata.key] = until;
            details.push_back(fmt::format("{} is left alone for {} seconds, as it asked", job.name.registry,
                                          result.retry_after->count()));
        }
        if (result.left_alone) m_summary.left_alone[job.repository->metadata.key] = *result.left_alone;
        // Where nobody answers that begins only after some tries, and would be told as something new.
        if (result.left_alone && !result.retry_after && result.http_status != 0)
            details.push_back(
                fmt::format("{} is left alone for {} seconds", job.name.registry, result.left_alone->count()));
        if (m_heads.contains(job.repository->metadata.key)) details.push_back("the last whole scan stands");
        fail(job.repository->metadata.key, job.repository->image, k_read_failed,
             failure_known(job, result)
                 .value_or((result.outcome == registry::Outcome::partial ? "scan incomplete: " : "scan failed: ") +
                           result.message),
             std::move(details));
    }

    /// One that was not asked, as others of its host had failed before it, knows no other reason than its last one.
    std::optional<std::string> failure_known(const Job& job, const registry::ScanResult& result) const {
        const auto status = m_statuses.find(job.repository->metadata.key);
        if (result.requests > 0 || status == m_statuses.end()) return std::nullopt;
        const store::Condition* ready = ready_condition(status->second);
        if (!ready || ready->status == "True" || ready->reason != k_read_failed) return std::nullopt;
        return ready->message;
    }

    void fail(const ObjectKey& key, const std::string& subject, const std::string& reason, const std::string& message,
              std::vector<std::string> details) {
        m_summary.looked_at.insert(key);
        m_summary.not_ready.insert(key);
        ObjectStatus status;
        if (const auto old = m_statuses.find(key); old != m_statuses.end()) status = old->second;
        set_ready(status, false, reason, message, m_step.now);
        m_transaction.open();
        put_status(key, std::move(status), details);
        m_step.report({Step::scan, Outcome::failed, subject, message, std::move(details), key.to_string()});
    }

    void put_status(const ObjectKey& key, ObjectStatus status, const std::vector<std::string>& details = {}) {
        const auto old = m_statuses.find(key);
        if (old != m_statuses.end()) {
            status.last_scan = old->second.last_scan;  // kept with the tags
            if (status == old->second) return;
        }
        m_step.store.put_status(ObjectKind::image_repository, key, status);
        m_changes.add(
            {ObjectKind::image_repository, key, old == m_statuses.end() ? nullptr : &old->second, status, details});
        m_statuses[key] = std::move(status);
    }

    std::chrono::seconds time_gone() const {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - m_begin);
    }

    const ScanStep m_step;
    const std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::map<ObjectKey, TagListHead> m_heads;
    std::map<ObjectKey, ObjectStatus> m_statuses;
    std::map<std::string, store::Backoff> m_backoffs;
    std::vector<Job> m_jobs;
    std::set<ObjectKey> m_waiting;  // of the jobs, those without a stored answer
    Batch m_transaction{m_step.store};
    ChangeLog m_changes{m_step.store, m_step.now};
    std::vector<registry::ScanResult> m_arrived;  // not stored yet
    std::size_t m_missing = 0;                    // not stored yet, arrived or not
    ScanSummary m_summary;                        // since take()
};

ScanRound::ScanRound(const ScanStep& step) : m_run(std::make_unique<Run>(step)) {
    m_run->begin();
}

ScanRound::~ScanRound() = default;

void ScanRound::keep_only(const policy::ObjectSet& objects) {
    m_run->keep_only(objects);
}

bool ScanRound::ended() const noexcept {
    return m_run->ended();
}

std::size_t ScanRound::missing() const noexcept {
    return m_run->missing();
}

bool ScanRound::waits_for(const ObjectKey& repository) const {
    return m_run->waits_for(repository);
}

void ScanRound::store(bool whole) {
    m_run->store(whole);
}

ScanSummary ScanRound::take() {
    return m_run->take();
}

ScanSummary scan_repositories(const ScanStep& step) {
    constexpr std::chrono::minutes k_step{1};
    ScanRound round(step);
    const std::stop_callback wake_up(step.stop, [&] { step.scanner.wake(); });
    while (!round.ended() && !step.stop.stop_requested()) {
        step.scanner.step(k_step);
        round.store(false);
    }
    if (!round.ended()) step.scanner.cancel();
    round.store(true);
    return round.take();
}

std::string scan_message(const std::vector<std::string_view>& stored_tags) {
    std::string json = "[";
    for (const std::string_view tag : stored_tags)
        json += fmt::format("{}\"{}\"", json.size() > 1 ? "," : "", tag);
    json += "]";
    const unsigned long checksum =
        adler32(1, reinterpret_cast<const Bytef*>(json.data()), static_cast<uInt>(json.size()));
    return fmt::format("successful scan: found {} tags with checksum {}", stored_tags.size(), checksum);
}

}  // namespace tidemark::mirror::service
