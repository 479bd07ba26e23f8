#include "mirror/registry/engine.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tidemark::mirror::registry {
namespace {

/// It becomes part of a URL.
bool is_host_name(std::string_view name) {
    return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':' || c == '[' || c == ']';
    });
}

bool is_repository_path(std::string_view path) {
    return !path.empty() && path.size() <= 255 && std::all_of(path.begin(), path.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '/';
    });
}

/// For the end of a message. A login in the address is left out.
std::string describe_proxy(const http::ProxySettings& proxy) {
    if (proxy.address.empty()) return "";
    const std::size_t scheme = proxy.address.find("://");
    const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t at = proxy.address.rfind('@');
    const std::size_t host = at == std::string::npos ? start : at + 1;
    return fmt::format(" (through the proxy {}{})", proxy.address.substr(0, start), proxy.address.substr(host));
}

}  // namespace

Scanner::Engine::Engine(const Limits& limits)
    : m_limits(limits), m_client({.host_connections = limits.host_connections, .connections = 2 * limits.requests}) {}

Host& Scanner::Engine::host_of(const Access& access) {
    const policy::RepositoryName& name = access.name;
    if (!is_host_name(name.registry) || !is_repository_path(name.repository)) {
        throw Error(ErrorKind::invalid,
                    fmt::format("{} is not a repository's name", clean_text(name.canonical(), 300)));
    }
    http::Channel& channel = m_client.channel(access.tls, access.proxy);
    const bool may_be_plain = access.insecure || policy::scheme_of(name.registry) == "http";
    std::unique_ptr<Host>& host = m_hosts[{&channel, may_be_plain, name.registry}];
    if (!host) {
        host = std::make_unique<Host>();
        host->name = name.registry;
        host->may_be_plain = may_be_plain;
        host->channel = &channel;
        host->gate = &gate_of(name.registry);
        host->window = widest_window(*host);
        host->through = describe_proxy(access.proxy);
    }
    return *host;
}

void Scanner::Engine::submit(ScanRequest request, ScanDone done) {
    try {
        Host& host = host_of(request.access);
        enqueue(make_scan_job(std::move(request), host, m_limits, m_reader, std::move(done)));
    } catch (const Error& error) {
        refuse(make_scan_job(std::move(request), m_nowhere, m_limits, m_reader, std::move(done)), error);
    }
}

void Scanner::Engine::submit(DigestRequest request, DigestDone done) {
    try {
        if (!is_tag(request.tag)) {
            throw Error(ErrorKind::invalid, fmt::format("{} is not a tag", clean_text(request.tag, 150)));
        }
        Host& host = host_of(request.access);
        enqueue(make_digest_job(std::move(request), host, m_limits, std::move(done)));
    } catch (const Error& error) {
        refuse(make_digest_job(std::move(request), m_nowhere, m_limits, std::move(done)), error);
    }
}

void Scanner::Engine::enqueue(std::unique_ptr<Job> job) {
    Host& host = job->host;
    if (host.waiting.empty()) m_waiting_hosts.push_back(&host);
    host.waiting.push_back(std::move(job));
    ++m_waiting;
}

void Scanner::Engine::refuse(std::unique_ptr<Job> job, const Error& error) {
    job->give_up({error.kind(), 0, error.what(), {}});
    m_finished.push_back(std::move(job));
}

bool Scanner::Engine::idle() const noexcept {
    return m_jobs.empty() && m_waiting == 0 && m_finished.empty();
}

void Scanner::Engine::step(std::chrono::milliseconds longest) {
    const auto now = Clock::now();
    run_timers(now);
    release(now, false);
    start_jobs(now);
    release(now, true);
    if (m_finished.empty()) {
        const auto until = next_event(now, longest);
        m_client.step(std::chrono::ceil<std::chrono::milliseconds>(until - now));
    }
    deliver();
}

void Scanner::Engine::cancel() noexcept {
    m_client.cancel();
    m_timers.clear();
    m_fetches.clear();
    m_jobs.clear();
    m_finished.clear();
    m_waiting_hosts.clear();
    m_waiting = 0;
    m_holding.clear();
    m_releasing = nullptr;
    for (const auto& [name, gate] : m_gates) {
        gate->held.clear();
        gate->active = 0;
    }
    for (const auto& [key, host] : m_hosts) {
        host->waiting.clear();
        host->active = 0;
    }
}

void Scanner::Engine::start_jobs(Clock::time_point now) {
    for (bool started = true; started && m_jobs.size() < m_limits.requests;) {
        started = false;
        for (Host* host : m_waiting_hosts) {
            if (m_jobs.size() >= m_limits.requests) break;
            started = start_one(*host, now) || started;
        }
        std::erase_if(m_waiting_hosts, [](const Host* host) { return host->waiting.empty(); });
    }
}

bool Scanner::Engine::start_one(Host& host, Clock::time_point now) {
    if (host.waiting.empty()) return false;
    const bool hopeless = is_hopeless(*host.gate, now);
    if (hopeless || host.silence.until() > now) {
        drain(host, hopeless ? pause_reason(*host.gate, now) : silence_reason(host, now));
        return false;
    }
    if (host.active >= room(host) || host.gate->owes() || !host.gate->open(now)) return false;
    std::unique_ptr<Job> owner = std::move(host.waiting.front());
    host.waiting.pop_front();
    --m_waiting;
    ++host.active;
    Job& job = *owner;
    job.deadline = now + std::max(job.timeout, std::chrono::nanoseconds(std::chrono::milliseconds(1)));
    m_jobs.emplace(&job, std::move(owner));
    ask(job);
    return true;
}

/// The first to come finds out the scheme and the login for all, or whether there is an answer again.
unsigned Scanner::Engine::room(const Host& host) const {
    return host.answered && host.silences < k_patience ? host.window : 1;
}

void Scanner::Engine::drain(Host& host, GiveUp reason) {
    reason.message += host.through;
    for (std::unique_ptr<Job>& job : host.waiting) {
        job->give_up(reason);
        m_finished.push_back(std::move(job));
    }
    m_waiting -= host.waiting.size();
    host.waiting.clear();
}

void Scanner::Engine::run_timers(Clock::time_point now) {
    while (!m_timers.empty() && m_timers.begin()->first <= now) {
        Job& job = *m_timers.begin()->second;
        m_timers.erase(m_timers.begin());
        ask(job);
    }
}

Clock::time_point Scanner::Engine::next_event(Clock::time_point now, std::chrono::milliseconds longest) const {
    auto next = now + longest;
    if (!m_timers.empty()) next = std::min(next, m_timers.begin()->first);
    for (const Gate* gate : m_holding)
        if (!gate->held.empty() && !gate->full()) next = std::min(next, gate->opens());
    for (const Host* host : m_waiting_hosts) {
        const bool may = !host->gate->owes() && !host->gate->full() && host->active < room(*host);
        if (may && m_jobs.size() < m_limits.requests) next = std::min(next, host->gate->opens());
    }
    return std::max(next, now);
}

void Scanner::Engine::give_up(Job& job, GiveUp reason) {
    Host& host = job.host;
    const bool unanswered = reason.http_status == 0 && reason.kind == ErrorKind::network;
    const bool paused = unanswered && note_silence(job, reason.message);
    if (paused) reason.left_alone = silence_reason(host, Clock::now()).left_alone;
    end(job, std::move(reason));
    if (paused) refuse_waiting(host);
}

void Scanner::Engine::end(Job& job, GiveUp reason) {
    reason.message += job.host.through;
    job.give_up(std::move(reason));
    finish(job);
}

void Scanner::Engine::finish(Job& job) {
    --job.host.active;
    const auto found = m_jobs.find(&job);
    m_finished.push_back(std::move(found->second));
    m_jobs.erase(found);
}

void Scanner::Engine::deliver() {
    std::vector<std::unique_ptr<Job>> finished = std::exchange(m_finished, {});
    try {
        for (std::unique_ptr<Job>& job : finished) {
            job->deliver();
            job.reset();
        }
    } catch (...) {
        cancel();
        throw;
    }
}

}  // namespace tidemark::mirror::registry
