#include "hooks/probe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "hooks/time_text.h"

namespace tidemark::hooks {
namespace {

using policy::guard::RuleMode;

constexpr std::string_view k_mark = "tidemark-probe ";
constexpr std::array k_states{ProbeState::enforced, ProbeState::warned, ProbeState::unguarded, ProbeState::no_rules};

std::string encode(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (c > ' ' && c < 0x7f && c != '%') {
            encoded += c;
        } else {
            fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            decoded += static_cast<char>(value);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

void take(ProbeAnswer& answer, std::string_view key, std::string value) {
    if (key == "version") answer.version = std::move(value);
    if (key == "until") answer.until = find_time(value);
    if (key == "repository") answer.repository = std::move(value);
    if (key == "host-name") answer.host_name = std::move(value);
    if (key == "rules") answer.rules_file = std::move(value);
    if (key == "problem") answer.problem = std::move(value);
    if (key == "state") {
        const auto* const state = std::find_if(k_states.begin(), k_states.end(),
                                               [&](ProbeState known) { return to_string(known) == value; });
        if (state != k_states.end()) answer.state = *state;
    }
}

bool refuses(const policy::guard::RepositoryRules& rules) {
    for (const policy::guard::BranchRules& branch : rules.branches)
        for (const policy::guard::RuleId rule : policy::guard::k_rules)
            if (policy::guard::mode_of(branch, rule) == RuleMode::enforce) return true;
    return false;
}

}  // namespace

bool is_probe(std::string_view reference) noexcept {
    return reference.starts_with(k_probe_prefix);
}

std::string_view to_string(ProbeState state) noexcept {
    switch (state) {
        case ProbeState::enforced:
            return "enforced";
        case ProbeState::warned:
            return "warned";
        case ProbeState::unguarded:
            return "unguarded";
        case ProbeState::no_rules:
            return "no-rules";
    }
    return "";
}

ProbeAnswer describe_state(const policy::guard::RepositoryRules* rules, std::chrono::sys_seconds now) {
    ProbeAnswer answer;
    if (rules == nullptr) return answer;
    const bool later = rules->warn_until && *rules->warn_until > now;
    answer.state = refuses(*rules) && !later ? ProbeState::enforced : ProbeState::warned;
    if (refuses(*rules) && later) answer.until = rules->warn_until;
    return answer;
}

std::string format_probe_answer(const ProbeAnswer& answer) {
    std::string line =
        fmt::format("{}version={} state={}", k_mark, encode(answer.version), to_string(answer.state));
    if (answer.until) line += " until=" + to_text(*answer.until);
    const auto add = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) line += fmt::format(" {}={}", key, encode(value));
    };
    add("repository", answer.repository);
    add("host-name", answer.host_name);
    add("rules", answer.rules_file);
    add("problem", answer.problem);
    return line;
}

std::optional<ProbeAnswer> find_probe_answer(std::string_view output) {
    const std::size_t start = output.find(k_mark);
    if (start == std::string_view::npos) return std::nullopt;
    std::string_view line = output.substr(start + k_mark.size());
    line = line.substr(0, line.find_first_of("\r\n"));
    ProbeAnswer answer;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view field = line.substr(0, end);
        if (const std::size_t equals = field.find('='); equals != std::string_view::npos)
            take(answer, field.substr(0, equals), decode(field.substr(equals + 1)));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return answer;
}

}  // namespace tidemark::hooks
