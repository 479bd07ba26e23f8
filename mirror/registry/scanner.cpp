#include "mirror/registry/scanner.h"

#include <utility>

#include "mirror/registry/engine.h"

namespace tidemark::mirror::registry {
namespace {

constexpr std::chrono::milliseconds k_step{60'000};

}  // namespace

Scanner::Scanner(Limits limits) : m_engine(std::make_unique<Engine>(limits)) {}
Scanner::~Scanner() = default;

void Scanner::submit(ScanRequest request, ScanDone done) {
    m_engine->submit(std::move(request), std::move(done));
}
void Scanner::submit(DigestRequest request, DigestDone done) {
    m_engine->submit(std::move(request), std::move(done));
}
bool Scanner::idle() const noexcept {
    return m_engine->idle();
}
void Scanner::step(std::chrono::milliseconds longest) {
    m_engine->step(longest);
}
void Scanner::cancel() noexcept {
    m_engine->cancel();
}
void Scanner::limit_hosts(std::map<std::string, HostLimits> limits) {
    m_engine->limit_hosts(std::move(limits));
}
void Scanner::end_own_pauses() noexcept {
    m_engine->end_own_pauses();
}
std::map<std::string, std::chrono::steady_clock::time_point> Scanner::pauses() const {
    return m_engine->pauses();
}
void Scanner::wake() noexcept {
    m_engine->wake();
}

void Scanner::scan(std::span<const ScanRequest> requests, const ScanDone& done, const std::stop_token& stop) {
    std::size_t missing = requests.size();
    for (const ScanRequest& request : requests) {
        m_engine->submit(request, [&](ScanResult&& result) {
            --missing;
            done(std::move(result));
        });
    }
    const std::stop_callback wake_up(stop, [this] { wake(); });
    while (missing > 0 && !stop.stop_requested())
        m_engine->step(k_step);
    if (missing > 0) m_engine->cancel();
}

std::vector<DigestResult> Scanner::digests(std::span<const DigestRequest> requests, const std::stop_token& stop) {
    std::vector<DigestResult> results(requests.size());
    for (DigestResult& result : results)
        result.message = "stopped before the registry answered";
    std::size_t missing = requests.size();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        m_engine->submit(requests[i], [&, i](DigestResult&& result) {
            results[i] = std::move(result);
            --missing;
        });
    }
    const std::stop_callback wake_up(stop, [this] { wake(); });
    while (missing > 0 && !stop.stop_requested())
        m_engine->step(k_step);
    if (missing > 0) m_engine->cancel();
    return results;
}

}  // namespace tidemark::mirror::registry
