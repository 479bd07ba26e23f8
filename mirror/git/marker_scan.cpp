#include "mirror/git/marker_scan.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "policy/setters/setters.h"

namespace tidemark::mirror::git {
namespace {

// Below this a second thread costs more (a repository of its own) than it saves.
constexpr std::size_t k_blobs_worth_a_thread = 2000;
// What a thread takes at once: long enough that files of one folder, often deltas of each other, stay together.
// (The order of the pack itself was no faster than that of the tree.)
constexpr std::size_t k_chunk = 512;

using Markers = std::unordered_map<ObjectId, BlobMarkers>;

void scan_chunks(const Repository& repository, const std::vector<ObjectId>& blobs, std::atomic<std::size_t>& next,
                 Markers& found) {
    for (;;) {
        const std::size_t begin = next.fetch_add(k_chunk, std::memory_order_relaxed);
        if (begin >= blobs.size()) return;
        const std::size_t end = std::min(begin + k_chunk, blobs.size());
        for (std::size_t i = begin; i < end; ++i)
            if (BlobMarkers markers = scan_blob(repository, blobs[i]); markers.marked)
                found.emplace(blobs[i], std::move(markers));
    }
}

Markers scan_in_threads(const Repository& repository, const std::vector<ObjectId>& blobs, unsigned threads) {
    struct Part {
        Markers found;
        std::exception_ptr failure;
    };
    std::atomic<std::size_t> next = 0;
    std::vector<Part> parts(threads);
    const auto work = [&](Part& part, const Repository& own) noexcept {
        try {
            scan_chunks(own, blobs, next, part.found);
        } catch (...) {
            part.failure = std::current_exception();
            next = blobs.size();  // the others need not go on
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (unsigned i = 1; i < threads; ++i)
            helpers.emplace_back([&, i] {
                try {
                    const Repository own(repository.folder());
                    work(parts[i], own);
                } catch (...) {
                    parts[i].failure = std::current_exception();
                }
            });
        work(parts[0], repository);
    }
    for (Part& part : parts) {
        if (part.failure) std::rethrow_exception(part.failure);
        if (&part != &parts[0]) parts[0].found.merge(part.found);
    }
    return std::move(parts[0].found);
}

}  // namespace

BlobMarkers scan_blob(const Repository& repository, const ObjectId& blob) {
    BlobMarkers markers;
    const auto bytes = repository.find_blob(blob);
    if (!bytes) {
        markers.marked = true;
        policy::Finding& finding = markers.findings.emplace_back();
        finding.severity = policy::Severity::warning;
        finding.message = fmt::format("larger than {} MiB, not looked at", k_max_manifest_bytes >> 20);
        return markers;
    }
    if (!policy::may_hold_markers(*bytes)) return markers;
    markers.marked = true;
    auto scan = policy::find_markers(*bytes, "");
    if (!scan) {
        policy::Finding finding;
        finding.message = scan.message();
        if (scan.problem().position) {
            const std::string_view before = std::string_view(*bytes).substr(0, *scan.problem().position);
            finding.place.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
        }
        markers.findings.push_back(std::move(finding));
        return markers;
    }
    for (policy::MarkedScalar& scalar : scan->scalars)
        markers.values.push_back(
            {std::move(scalar.setter), std::move(scalar.value), static_cast<std::uint32_t>(scalar.line)});
    markers.findings = std::move(scan->findings);
    return markers;
}

std::unordered_map<ObjectId, BlobMarkers> scan_blobs(const Repository& repository, const std::vector<ObjectId>& blobs,
                                                     unsigned threads) {
    const std::size_t useful = std::max<std::size_t>(1, blobs.size() / k_blobs_worth_a_thread);
    return scan_in_threads(repository, blobs, static_cast<unsigned>(std::clamp<std::size_t>(threads, 1, useful)));
}

}  // namespace tidemark::mirror::git
