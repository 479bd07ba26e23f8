// What a pass tells while it goes: one line a step and object, in the order things happen. The caller prints.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror::service {

enum class Step { objects, scan, policy, update, request };
inline constexpr std::size_t k_steps = 5;
std::string_view to_string(Step step) noexcept;

enum class Outcome {
    begun,    // takes a while; another line follows
    done,     // ready, and something moved
    same,     // ready, nothing to do
    skipped,  // suspended
    held,     // ready, but a candidate is not written
    failed,   // not ready
};

struct ReportLine {
    Step step = Step::objects;
    Outcome outcome = Outcome::done;
    std::string subject;  // "ghcr.io/acme/web", "flux-system/web"
    std::string text;     // one sentence without a final dot
    /// Further lines: the server's own words, what happens next.
    std::vector<std::string> details;
    /// The object's name where `subject` is another: two repositories may read the same image.
    std::string object = {};
};

/// Called on the pass's thread.
using Reporter = std::function<void(const ReportLine&)>;

}  // namespace tidemark::mirror::service
