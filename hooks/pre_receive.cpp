#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

#include "hooks/commands.h"
#include "hooks/judge_push.h"
#include "hooks/object_folders.h"
#include "hooks/probe.h"
#include "hooks/rules_file.h"
#include "hooks/updates.h"

namespace tidemark::hooks {
namespace {

using policy::guard::RefUpdate;
using policy::guard::RepositoryRules;

std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

/// Of everything that is pushed, what the decision is about: guarded branches, and the branches that an automation
/// branch is made from, as both may come in one push.
class PushedReferences {
public:
    explicit PushedReferences(const RepositoryRules* rules) : m_rules(rules) {}

    void add(RefUpdate&& update) {
        m_probed = m_probed || is_probe(update.reference);
        if (m_rules == nullptr) return;
        const bool guarded = policy::guard::find_branch(*m_rules, update.reference) != nullptr;
        m_guarded = m_guarded || guarded;
        if (guarded || is_main(update.reference)) m_updates.push_back(std::move(update));
    }

    bool guarded() const noexcept { return m_guarded; }
    bool probed() const noexcept { return m_probed; }
    std::vector<RefUpdate> take() { return std::move(m_updates); }

private:
    bool is_main(std::string_view reference) const {
        const std::string_view name = short_name(reference);
        return name != reference && std::any_of(m_rules->branches.begin(), m_rules->branches.end(),
                                                [&](const auto& branch) { return branch.automation_of == name; });
    }

    const RepositoryRules* m_rules;
    std::vector<RefUpdate> m_updates;
    bool m_guarded = false;
    bool m_probed = false;
};

int answer_probe(const LoadedRules& loaded, const RepositoryRules* rules, const policy::guard::RepositoryNames& names) {
    ProbeAnswer answer = describe_state(rules, now());
    answer.version = TIDEMARK_VERSION;
    answer.repository = names.path;
    answer.host_name = names.host_name;
    answer.rules_file = loaded.file;
    answer.problem = loaded.problem;
    if (!loaded.problem.empty()) answer.state = ProbeState::no_rules;
    print(format_probe_answer(answer) + "\n");
    return 1;
}

#ifndef TIDEMARK_SANITIZED
/// Whatever a push makes us or libgit2 keep, the host's memory is safe: allocation fails, and on-error answers.
/// (Sanitizers keep far more than a program has.)
void limit_own_memory() {
    constexpr rlim_t k_data_bytes = rlim_t{24} << 20;
    rlimit limit{};
    if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
    limit.rlim_cur = std::min(limit.rlim_max, k_data_bytes);
    ::setrlimit(RLIMIT_DATA, &limit);
}
#else
void limit_own_memory() {}
#endif

int judge_guarded(const LoadedRules& loaded, GuardedPush push, const Variables& variables) {
    push.push.pusher = pusher_of(push.host, variables);
    Overrides overrides = read_overrides(push_options(variables));
    push.push.overrides = std::move(overrides.requests);
    push.notes = std::move(overrides.notes);
    push.now = now();
    const Audience audience =
        variables("GL_REPOSITORY").empty() ? Audience::terminal : Audience::gitlab_page;
    VerdictLog log(loaded.rules.log);
    if (!loaded.problem.empty())
        return answer_failure(push, "the guard's rules cannot be used: " + loaded.problem, log, audience) ? 1 : 0;
    limit_own_memory();
    const PushedRepository repository{find_git_folder(variables), pushed_object_folders(variables)};
    return answer_push(push, repository, loaded.rules.limits, log, audience) ? 1 : 0;
}

}  // namespace

int run_pre_receive(const HookOptions& options, const Variables& variables) {
    const LoadedRules loaded = load_rules(options.rules);
    GuardedPush push;
    push.host = options.host ? *options.host : detect_host_kind(variables);
    push.names = {find_git_folder(variables), host_name_of(push.host, variables)};
    push.rules = find_rules(loaded.rules, push.names);
    push.rules_file = loaded.file;

    PushedReferences references(push.rules);
    read_updates(STDIN_FILENO, [&](RefUpdate&& update) { references.add(std::move(update)); });
    if (references.probed()) return answer_probe(loaded, push.rules, push.names);
    if (!references.guarded()) {
        if (!loaded.problem.empty()) print(make_rules_warning(loaded.problem));
        return 0;
    }
    push.push.updates = references.take();
    return judge_guarded(loaded, std::move(push), variables);
}

}  // namespace tidemark::hooks
