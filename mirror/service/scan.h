// The first step of a pass: reads the tags of every ImageRepository into the store. Only a whole scan changes what
// is stored; a partial or failed one is reported and the last whole one stands.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <stop_token>

#include "mirror/base/secrets.h"
#include "mirror/registry/scanner.h"
#include "mirror/service/live.h"
#include "mirror/service/report.h"
#include "mirror/store/store.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

/// A registry is left alone no longer than this, whatever it asks for (the Scanner's own limit).
constexpr std::chrono::hours k_longest_pause{24};

struct ScanStep {
    const policy::ObjectSet& objects;
    const SecretStore& secrets;
    store::Store& store;
    registry::Scanner& scanner;
    const Reporter& report;
    std::chrono::sys_seconds now;
    const std::set<ObjectKey>* only = nullptr;  // null: all
    std::stop_token stop = {};
    Live* live = nullptr;
};

struct ScanSummary {
    std::set<ObjectKey> changed;  // repositories whose stored tags are others than before
    std::set<ObjectKey> not_ready;
    std::set<ObjectKey> looked_at;
    /// Repositories whose registry asked to be left alone until then.
    std::map<ObjectKey, std::chrono::sys_seconds> not_before;
    /// Repositories whose registry refuses or does not answer, and for how long it is not asked.
    std::map<ObjectKey, std::chrono::seconds> left_alone;
};

/// Some repositories being scanned. Belongs to the thread of the scanner; what the step refers to lives until the end.
class ScanRound {
public:
    /// Hands those that are valid and not suspended to the scanner.
    explicit ScanRound(const ScanStep& step);
    ~ScanRound();
    ScanRound(const ScanRound&) = delete;
    ScanRound& operator=(const ScanRound&) = delete;

    /// Answers for repositories that are not among these objects as they were when the round began count for nothing.
    void keep_only(const policy::ObjectSet& objects);

    /// Every registry has answered, and all is stored.
    bool ended() const noexcept;
    /// Repositories whose registry has not answered.
    std::size_t missing() const noexcept;
    bool waits_for(const ObjectKey& repository) const;
    /// Stores what the scanner has brought since the last call, all of it with `whole`; without, a part may stay in an
    /// open transaction. Throws Error{storage} only.
    void store(bool whole);
    /// What was stored since the last call.
    ScanSummary take();

private:
    class Run;
    std::unique_ptr<Run> m_run;
};

/// A round to its end. At a stop request the answers that are missing stay unknown. Throws Error{storage} only.
ScanSummary scan_repositories(const ScanStep& step);

/// "successful scan: found 2 tags with checksum 123": the checksum is Adler-32 of the stored tags as a JSON array,
/// as Flux's default storage has it (conformance/flux-get.md).
std::string scan_message(const std::vector<std::string_view>& stored_tags);

}  // namespace tidemark::mirror::service
