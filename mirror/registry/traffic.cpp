// When requests go out: limits of each host, and pauses that a registry asks for or that its trouble makes.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "mirror/registry/engine.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::registry {
namespace {

std::chrono::seconds rest_of(Clock::time_point until, Clock::time_point now) {
    return std::chrono::ceil<std::chrono::seconds>(until - now);
}

}  // namespace

Gate& Scanner::Engine::gate_of(const std::string& host) {
    std::string name = policy::registry_identity(host);
    std::unique_ptr<Gate>& gate = m_gates[name];
    if (!gate) {
        gate = std::make_unique<Gate>();
        gate->name = std::move(name);
        limit(*gate);
    }
    return *gate;
}

Gate& Scanner::Engine::gate_of(const http::Url& url) {
    return gate_of(url.origin().substr(url.scheme.size() + 3));
}

Gate& Scanner::Engine::gate_of(const Job& job) {
    return job.foreign ? gate_of(*job.led_to) : *job.host.gate;
}

void Scanner::Engine::limit(Gate& gate) {
    const auto found = m_host_limits.find(gate.name);
    gate.limits = found != m_host_limits.end() ? found->second : HostLimits{};
    gate.most = gate.limits.connections;
    gate.pace.set(gate.limits.requests_per_second, Clock::now());
}

unsigned Scanner::Engine::widest_window(const Host& host) const {
    return host.gate->limits.connections > 0 ? host.gate->limits.connections : m_limits.host_requests;
}

void Scanner::Engine::limit_hosts(std::map<std::string, HostLimits> limits) {
    m_host_limits = std::move(limits);
    unsigned connections = m_limits.host_connections;
    for (const auto& [name, each] : m_host_limits)
        connections = std::max(connections, each.connections);
    m_client.limit_host_connections(connections);
    for (const auto& [name, gate] : m_gates)
        limit(*gate);
    for (const auto& [key, host] : m_hosts)
        host->window = widest_window(*host);
}

void Scanner::Engine::end_own_pauses() noexcept {
    for (const auto& [name, gate] : m_gates)
        gate->refusals.lift();
    for (const auto& [key, host] : m_hosts)
        host->silence.lift();
}

std::map<std::string, Clock::time_point> Scanner::Engine::pauses() const {
    const auto now = Clock::now();
    std::map<std::string, Clock::time_point> pauses;
    const auto add = [&](const std::string& name, Clock::time_point until) {
        if (until > now) pauses[name] = std::max(pauses[name], until);
    };
    for (const auto& [name, gate] : m_gates)
        add(name, gate->pause_end());
    for (const auto& [key, host] : m_hosts)
        add(host->gate->name, host->silence.until());
    return pauses;
}

/// Precondition: the gate lets it through, or what is held there was asked first.
void Scanner::Engine::start(Gate& gate, http::Channel& channel, const http::Request& request, http::Client::Done done) {
    m_client.start(channel, request, [this, &gate, done = std::move(done)](const http::Response& response) {
        --gate.active;
        // Over HTTP/1.1 each of them takes a connection.
        if (gate.limits.connections == 0 && response.status != 0)
            gate.most = response.multiplexed ? 0 : m_limits.host_connections;
        done(response);
    });
    ++gate.active;
    gate.pace.take(Clock::now());
}

/// Who came before goes before.
bool Scanner::Engine::may_go(const Gate& gate) const {
    return (!gate.owes() || m_releasing == &gate) && gate.open(Clock::now());
}

void Scanner::Engine::hold(Gate& gate, Held held) {
    if (std::find(m_holding.begin(), m_holding.end(), &gate) == m_holding.end()) m_holding.push_back(&gate);
    held.since = Clock::now();
    gate.held.push_back(std::move(held));
}

void Scanner::Engine::hold(Gate& gate, Job& job, bool refused) {
    hold(gate, {.since = {},
                .host = &job.host,
                .refused = refused,
                .go =
                    [this, &job](Clock::duration waited) {
                        job.deadline += waited;
                        ask(job);
                    },
                .refuse = [this, &job](const GiveUp& reason) { end(job, reason); }});
}

/// What was refused before waits until nobody else finds out how things are: it may be the only one that is refused.
void Scanner::Engine::release(Clock::time_point now, bool refused) {
    const std::vector<Gate*> holding = m_holding;
    for (Gate* gate : holding) {
        while (gate->open(now)) {
            const auto next = std::find_if(gate->held.begin(), gate->held.end(),
                                           [&](const Held& each) { return refused || !each.refused; });
            if (next == gate->held.end()) break;
            const Held held = std::move(*next);
            gate->held.erase(next);
            m_releasing = gate;
            held.go(now - held.since);
            m_releasing = nullptr;
        }
    }
    std::erase_if(m_holding, [](const Gate* gate) { return gate->held.empty(); });
}

/// A pause that is longer than anything waits for, or whose host has refused too often in a row to hope for the next
/// answer.
bool Scanner::Engine::is_hopeless(const Gate& gate, Clock::time_point now) const {
    return gate.silent_until - now > m_limits.longest_wait ||
           (gate.refusals.until() > now && gate.refusals.strikes() >= m_limits.tries);
}

GiveUp Scanner::Engine::pause_reason(const Gate& gate, Clock::time_point now) const {
    GiveUp reason = gate.reason;
    reason.retry_after.reset();
    if (gate.silent_until > now) reason.retry_after = rest_of(gate.silent_until, now);
    if (gate.refusals.until() > now) reason.left_alone = rest_of(gate.refusals.until(), now);
    return reason;
}

/// The same reason for all that waits for a host which is not asked for a while.
void Scanner::Engine::refuse_waiting(Gate& gate) {
    const auto now = Clock::now();
    if (!is_hopeless(gate, now)) return;
    const GiveUp reason = pause_reason(gate, now);
    for (const Held& held : std::exchange(gate.held, {}))
        held.refuse(reason);
    for (Host* host : m_waiting_hosts)
        if (host->gate == &gate) drain(*host, reason);
}

/// A registry that refuses without saying for how long: what waits goes on waiting for a pause that doubles, and then
/// goes one at a time until an answer is good.
void Scanner::Engine::back_off(Job& job, GiveUp reason) {
    Gate& gate = *job.host.gate;
    if (gate.refusals.strike(m_limits.retry_delay, m_limits.longest_pause, chance(), job.asked, Clock::now())) {
        job.host.window = std::max(1U, job.host.window / 2);
        gate.reason = reason;
    }
    const auto now = Clock::now();
    const bool hopeless = is_hopeless(gate, now);
    if (++job.tries < m_limits.tries && !hopeless) return hold(gate, job, true);
    if (gate.refusals.until() > now) reason.left_alone = rest_of(gate.refusals.until(), now);
    give_up(job, std::move(reason));
    refuse_waiting(gate);
}

/// Whether the host of this job, which was not answered, is left alone from now on.
bool Scanner::Engine::note_silence(Job& job, const std::string& message) {
    Host& host = job.host;
    ++host.silences;
    host.last_silence = message;
    host.last_silence_is_its_own = message.find(job.subject()) == std::string::npos;
    if (host.silences < k_patience) return false;
    host.silence.strike(m_limits.retry_delay, m_limits.longest_pause, chance(), job.asked, Clock::now());
    return true;
}

/// What is true of the host is true of each of its repositories: the same reason is told once.
GiveUp Scanner::Engine::silence_reason(const Host& host, Clock::time_point now) const {
    GiveUp reason{ErrorKind::network, 0, host.last_silence, {}, {}};
    if (!host.last_silence_is_its_own)
        reason.message = fmt::format("not asked, because {} requests in a row failed; the last one: {}", host.silences,
                                     host.last_silence);
    if (host.silence.until() > now) reason.left_alone = rest_of(host.silence.until(), now);
    return reason;
}

void Scanner::Engine::refuse_waiting(Host& host) {
    const GiveUp reason = silence_reason(host, Clock::now());
    std::deque<Held>& held = host.gate->held;
    const auto first =
        std::stable_partition(held.begin(), held.end(), [&](const Held& each) { return each.host != &host; });
    std::vector<Held> refused(std::make_move_iterator(first), std::make_move_iterator(held.end()));
    held.erase(first, held.end());
    for (const Held& each : refused)
        each.refuse(reason);
    drain(host, reason);
}

double Scanner::Engine::chance() {
    return std::uniform_real_distribution<double>(0, 1)(m_random);
}

}  // namespace tidemark::mirror::registry
