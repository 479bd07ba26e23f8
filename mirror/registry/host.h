// What is known of one registry, as reached with one set of TLS and proxy settings: scheme, login, habits, health,
// and the jobs that wait for it.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "mirror/http/client.h"
#include "mirror/registry/answers.h"
#include "mirror/registry/pace.h"
#include "mirror/registry/tokens.h"

namespace tidemark::mirror::registry {

class Job;
struct Gate;

/// After so many requests in a row without an answer the host is left alone for a while; after so many jobs in a row
/// that were given up for 5xx the next ones are not repeated.
inline constexpr unsigned k_patience = 3;

/// What scope a token for a repository needs, as far as the host's challenges have told.
enum class ScopeRule {
    constant,        // the challenge's own scope, possibly empty, whatever the repository
    per_repository,  // "repository:<name>:<actions>"
};

struct Login {
    Challenge::Kind kind = Challenge::Kind::basic;
    std::string realm;  // resolved and allowed
    std::string service;
    ScopeRule rule = ScopeRule::constant;
    std::string scope;               // constant
    std::string actions = "pull";    // per_repository
    bool one_scope_a_token = false;  // it looks only at the first scope of a request

    std::string scope_for(const std::string& repository) const {
        return rule == ScopeRule::constant ? scope : "repository:" + repository + ":" + actions;
    }
};

struct Host {
    std::string name;  // "ghcr.io", "127.0.0.1:5000"
    bool may_be_plain = false;
    http::Channel* channel = nullptr;
    std::string through;  // " (through the proxy http://proxy:3128)", or nothing

    std::string scheme = "https";
    bool answered = false;      // by this scheme; until then one job at a time is let through
    bool answered_tls = false;  // ever; then plain http is out
    std::optional<Login> login;
    bool refuses_page_size = false;

    unsigned active = 0;
    unsigned window = 1;  // requests that may be under way, once it has answered
    unsigned good = 0;    // answers since the window last changed
    std::deque<std::unique_ptr<Job>> waiting;
    Gate* gate = nullptr;   // limits and pauses of the host, however it is reached
    unsigned refusals = 0;  // jobs in a row that were given up for 5xx, or for a pause that was asked for
    unsigned silences = 0;  // requests in a row without any answer
    Backoff silence;        // the pauses that they make
    std::string last_silence;
    bool last_silence_is_its_own = false;  // not one of a single repository

    std::string origin() const { return scheme + "://" + name; }
};

}  // namespace tidemark::mirror::registry
