// Remote::push: one `git push --porcelain` with a lease for each branch, its answers, and the reading back.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/remote.h"
#include "mirror/git/remote_state.h"

namespace tidemark::mirror::git {
namespace {

constexpr std::size_t k_max_server_option_bytes = 4096;
constexpr std::string_view k_mend_mirror = "; if the mirror is damaged, delete it: it is fetched anew";

std::vector<std::string> push_arguments(const PushOptions& options) {
    std::vector<std::string> arguments = {"push",        "--porcelain",      "--no-progress",          "--no-verify",
                                          "--no-signed", "--no-follow-tags", "--recurse-submodules=no"};
    if (options.atomic) arguments.emplace_back("--atomic");
    for (const std::string& option : options.server_options) {
        if (option.size() > k_max_server_option_bytes ||
            option.find_first_of(std::string_view("\n\0", 2)) != option.npos) {
            throw Error(ErrorKind::invalid, "a push option is longer than 4096 bytes or has a line break");
        }
        arguments.push_back("--push-option=" + option);
    }
    return arguments;
}

std::vector<std::string> push_arguments(std::span<const PushUpdate> updates, const PushOptions& options) {
    std::vector<std::string> arguments = push_arguments(options);
    for (const PushUpdate& update : updates) {
        arguments.push_back(fmt::format("--force-with-lease={}:{}", branch_reference(update.branch),
                                        update.expected ? to_string(*update.expected) : ""));
    }
    arguments.emplace_back("origin");
    for (const PushUpdate& update : updates) {
        arguments.push_back(
            fmt::format("{}:{}", update.commit ? to_string(*update.commit) : "", branch_reference(update.branch)));
    }
    return arguments;
}

std::string describe_refusal(Refusal refusal, const PushLine& line, const PushUpdate& update) {
    switch (refusal) {
        case Refusal::none:
            return {};
        case Refusal::authentication:
            return fmt::format("the credential may not write {}: {}", update.branch, line.summary);
        case Refusal::protected_branch:
            return fmt::format("{} is a protected branch: {}", update.branch, line.summary);
        case Refusal::rule:
            return fmt::format("a rule of the server refuses {}: {}", update.branch, line.summary);
        case Refusal::not_fast_forward:
            return fmt::format("{} has commits on the remote that the pushed one lacks: {}", update.branch,
                               line.summary);
        case Refusal::hook:
            return fmt::format("a hook of the server declined {}: {}", update.branch, line.summary);
        case Refusal::lease_lost:
            return fmt::format("{} is no longer {} on the remote: {}", update.branch,
                               update.expected ? "at " + to_short_string(*update.expected) : "absent", line.summary);
        case Refusal::network:
            return fmt::format("the server did not finish with {}: {}", update.branch, line.summary);
    }
    return {};
}

/// One push from the look before to the reading back.
class Pushing {
public:
    Pushing(RemoteState& state, std::span<const PushUpdate> updates, const PushOptions& options)
        : m_state(state), m_updates(updates), m_options(options) {}

    template <class List>
    PushResult run(List list) {
        for (const PushUpdate& update : m_updates) {
            m_result.branches.push_back({update.branch, Refusal::none, {}});
            branch_reference(update.branch);  // throws for what is no branch
        }
        const std::vector<PushUpdate> sent = look_before();
        if (sent.empty()) return std::move(m_result);
        send(sent);
        read_back(list);
        return std::move(m_result);
    }

private:
    PushedBranch& branch_named(std::string_view name) {
        return *std::find_if(m_result.branches.begin(), m_result.branches.end(),
                             [&](const PushedBranch& branch) { return branch.branch == name; });
    }
    void refuse(const std::string& branch, Refusal refusal, const std::string& message) {
        PushedBranch& refused = branch_named(branch);
        refused.refusal = refusal;
        refused.message = m_state.redactor.apply(message);
    }

    /// With a lease git takes any commit: whether it follows the expected one must be looked at before.
    std::vector<PushUpdate> look_before() {
        std::vector<PushUpdate> sent;
        for (const PushUpdate& update : m_updates) {
            if (follows(update)) {
                sent.push_back(update);
            } else {
                refuse(update.branch, Refusal::not_fast_forward,
                       fmt::format("{} does not follow {}, where {} is: nothing was sent",
                                   to_short_string(*update.commit), to_short_string(*update.expected), update.branch));
            }
        }
        if (m_options.atomic && sent.size() < m_updates.size()) {
            for (const PushUpdate& update : sent) {
                refuse(update.branch, Refusal::rule,
                       "nothing was sent, as another branch of the same push was refused");
            }
            sent.clear();
        }
        return sent;
    }

    bool follows(const PushUpdate& update) {
        const bool certain =
            update.mode == PushMode::replace || !update.commit || !update.expected || update.commit == update.expected;
        if (certain) return true;
        const ProcessResult result =
            m_state.run({"merge-base", "--is-ancestor", to_string(*update.expected), to_string(*update.commit)});
        const bool answered = result.ending == Ending::exited && (result.status == 0 || result.status == 1);
        if (!answered)
            throw Error(ErrorKind::invalid,
                        fmt::format("comparing {} with {} in the mirror {}: {}{}", to_short_string(*update.commit),
                                    to_short_string(*update.expected), m_state.mirror.string(),
                                    m_state.cause_of(result, m_state.messages_of(result)).sentence, k_mend_mirror));
        return result.ok();
    }

    void send(const std::vector<PushUpdate>& sent) {
        const ProcessResult result = m_state.run(push_arguments(sent, m_options));
        const GitMessages messages = m_state.messages_of(result);
        m_result.server_lines = messages.server;
        const std::vector<PushLine> lines = parse_push_lines(m_state.redactor.apply(result.output));
        const FailureCause cause = m_state.cause_of(result, messages);
        for (const PushUpdate& update : sent) {
            const std::string reference = branch_reference(update.branch);
            const auto line = std::find_if(lines.begin(), lines.end(),
                                           [&](const PushLine& candidate) { return candidate.ref == reference; });
            if (line == lines.end()) {
                refuse(update.branch, cause.refusal,
                       fmt::format("cannot push to {}: {}", m_state.access.shown_url, cause.sentence));
            } else if (line->flag == '!') {
                const Refusal refusal = classify_refusal(*line, m_result.server_lines);
                refuse(update.branch, refusal, describe_refusal(refusal, *line, update));
            }
        }
    }

    /// What was accepted counts when the remote says so by itself.
    template <class List>
    void read_back(List list) {
        std::vector<std::string> accepted;
        for (const PushedBranch& branch : m_result.branches) {
            if (branch.ok()) accepted.push_back(branch.branch);
        }
        if (accepted.empty()) return;
        BranchTips tips;
        try {
            tips = list(accepted);
        } catch (const Error& error) {
            for (const std::string& branch : accepted) {
                refuse(branch, Refusal::network, fmt::format("accepted, but not read back: {}", error.what()));
            }
            return;
        }
        for (const PushUpdate& update : m_updates) {
            const auto tip = tips.find(update.branch);
            if (tip == tips.end() || tip->second == update.commit) continue;
            refuse(update.branch, Refusal::lease_lost,
                   fmt::format("{} was accepted, but reads back as {} instead of {}", update.branch,
                               tip->second ? to_short_string(*tip->second) : "absent",
                               update.commit ? to_short_string(*update.commit) : "absent"));
        }
    }

    RemoteState& m_state;
    std::span<const PushUpdate> m_updates;
    const PushOptions& m_options;
    PushResult m_result;
};

}  // namespace

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::none:
            return "none";
        case Refusal::authentication:
            return "authentication";
        case Refusal::protected_branch:
            return "protected branch";
        case Refusal::rule:
            return "rule";
        case Refusal::not_fast_forward:
            return "not fast-forward";
        case Refusal::hook:
            return "hook";
        case Refusal::lease_lost:
            return "lease lost";
        case Refusal::network:
            return "network";
    }
    return "none";
}

bool PushResult::ok() const noexcept {
    return std::all_of(branches.begin(), branches.end(), [](const PushedBranch& branch) { return branch.ok(); });
}

PushResult Remote::push_reference(const ObjectId& commit, const std::string& reference, PushMode mode,
                                  const PushOptions& options) {
    std::vector<std::string> arguments = push_arguments(options);
    arguments.emplace_back("origin");
    arguments.push_back(fmt::format("{}{}:{}", mode == PushMode::replace ? "+" : "", to_string(commit), reference));
    RemoteState& state = *m_state;
    const ProcessResult ran = state.run(std::move(arguments));
    const GitMessages messages = state.messages_of(ran);
    PushResult result{{{reference, Refusal::none, {}}}, messages.server};
    PushedBranch& pushed = result.branches.front();
    const std::vector<PushLine> lines = parse_push_lines(state.redactor.apply(ran.output));
    if (lines.empty()) {
        const FailureCause cause = state.cause_of(ran, messages);
        pushed.refusal = cause.refusal;
        pushed.message =
            state.redactor.apply(fmt::format("cannot push to {}: {}", state.access.shown_url, cause.sentence));
    } else if (lines.front().flag == '!') {
        pushed.refusal = classify_refusal(lines.front(), result.server_lines);
        pushed.message = state.redactor.apply(
            describe_refusal(pushed.refusal, lines.front(), PushUpdate{commit, reference, {}, mode}));
    }
    return result;
}

PushResult Remote::push(std::span<const PushUpdate> updates, const PushOptions& options) {
    return Pushing(*m_state, updates, options).run([this](std::span<const std::string> branches) {
        return list(branches);
    });
}

}  // namespace tidemark::mirror::git
