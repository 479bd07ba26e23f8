// What drives all jobs of a Scanner: whose turn it is, logging in, redirects, retries, time limits. One thread, one
// curl multi handle. Split over engine.cpp (turns and time), traffic.cpp (limits and pauses of hosts), exchange.cpp
// (questions and answers), login.cpp.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "mirror/http/client.h"
#include "mirror/registry/answers.h"
#include "mirror/registry/gate.h"
#include "mirror/registry/host.h"
#include "mirror/registry/job.h"
#include "mirror/registry/scanner.h"
#include "mirror/registry/tokens.h"

namespace tidemark::mirror::registry {

class Scanner::Engine {
public:
    explicit Engine(const Limits& limits);

    void submit(ScanRequest request, ScanDone done);
    void submit(DigestRequest request, DigestDone done);
    bool idle() const noexcept;
    void step(std::chrono::milliseconds longest);
    void cancel() noexcept;
    void wake() noexcept { m_client.wake(); }
    void limit_hosts(std::map<std::string, HostLimits> limits);
    void end_own_pauses() noexcept;
    std::map<std::string, Clock::time_point> pauses() const;

private:
    /// A token request under way, and the jobs that wait for it.
    struct TokenFetch {
        Host* host = nullptr;
        Login login;
        std::vector<std::string> scopes;
        std::vector<std::string> keys;  // one a scope
        std::vector<Job*> waiting;
    };

    // engine.cpp
    Host& host_of(const Access& access);
    void enqueue(std::unique_ptr<Job> job);
    void refuse(std::unique_ptr<Job> job, const Error& error);
    void start_jobs(Clock::time_point now);
    bool start_one(Host& host, Clock::time_point now);
    unsigned room(const Host& host) const;
    void drain(Host& host, GiveUp reason);
    void run_timers(Clock::time_point now);
    Clock::time_point next_event(Clock::time_point now, std::chrono::milliseconds longest) const;
    void give_up(Job& job, GiveUp reason);
    void end(Job& job, GiveUp reason);
    void finish(Job& job);
    void deliver();

    // traffic.cpp
    Gate& gate_of(const std::string& host);
    Gate& gate_of(const http::Url& url);
    Gate& gate_of(const Job& job);
    void limit(Gate& gate);
    unsigned widest_window(const Host& host) const;
    void start(Gate& gate, http::Channel& channel, const http::Request& request, http::Client::Done done);
    bool may_go(const Gate& gate) const;
    void hold(Gate& gate, Held held);
    void hold(Gate& gate, Job& job, bool refused = false);
    void release(Clock::time_point now, bool refused);
    bool is_hopeless(const Gate& gate, Clock::time_point now) const;
    GiveUp pause_reason(const Gate& gate, Clock::time_point now) const;
    void refuse_waiting(Gate& gate);
    void refuse_waiting(Host& host);
    void back_off(Job& job, GiveUp reason);
    bool note_silence(Job& job, const std::string& message);
    GiveUp silence_reason(const Host& host, Clock::time_point now) const;
    double chance();

    // exchange.cpp
    void ask(Job& job);
    void send(Job& job, SecretString authorization);
    void take(Job& job, const http::Response& response);
    void take_silence(Job& job, const http::Response& response);
    bool fall_back_to_plain(Job& job, const http::Response& response);
    void follow(Job& job, const http::Response& response);
    void note_answer(Job& job);
    void try_later(Job& job, GiveUp reason);
    std::chrono::milliseconds time_left(const Job& job) const;
    GiveUp out_of_time(const Job& job) const;

    // login.cpp
    void take_unauthorized(Job& job, const http::Response& response);
    void ask_for_login(Job& job, GiveUp refusal);
    void take_challenge(Job& job, const Challenge& challenge, const http::Response& response);
    void take_bearer(Job& job, const Challenge& challenge, const http::Response& response);
    void ask_with_token(Job& job);
    void fetch_token(Job& job, const std::string& key);
    void add_scopes_of_waiting_jobs(TokenFetch& fetch, const Job& first);
    void send_fetch(const std::shared_ptr<TokenFetch>& fetch, bool by_identity_token);
    void end_fetch(TokenFetch& fetch, const GiveUp& reason);
    void take_token(const std::shared_ptr<TokenFetch>& fetch, bool by_identity_token, const http::Response& response);
    GiveUp token_refusal(const Job& job, const Login& login, const http::Response& response) const;

    const Limits m_limits;
    http::Client m_client;
    TagListReader m_reader;
    TokenStore m_tokens;
    Host m_nowhere;  // for jobs that cannot be asked at all
    std::map<std::string, HostLimits> m_host_limits;
    std::map<std::string, std::unique_ptr<Gate>> m_gates;
    std::vector<Gate*> m_holding;       // with something held
    const Gate* m_releasing = nullptr;  // what comes from there need not wait there again
    std::minstd_rand m_random{std::random_device{}()};
    std::map<std::tuple<http::Channel*, bool, std::string>, std::unique_ptr<Host>> m_hosts;
    std::vector<Host*> m_waiting_hosts;
    std::unordered_map<const Job*, std::unique_ptr<Job>> m_jobs;  // under way
    std::multimap<Clock::time_point, Job*> m_timers;
    std::unordered_map<std::string, std::shared_ptr<TokenFetch>> m_fetches;
    std::vector<std::unique_ptr<Job>> m_finished;
    std::size_t m_waiting = 0;
};

}  // namespace tidemark::mirror::registry
