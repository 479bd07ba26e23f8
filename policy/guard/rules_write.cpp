#include <algorithm>

#include <fmt/format.h>

#include "policy/base/duration.h"
#include "policy/guard/rules.h"
#include "policy/yaml/plain.h"

namespace tidemark::policy::guard {
namespace {

bool stands_plain(std::string_view text) noexcept {
    const auto usual = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text[0] != '-' && std::all_of(text.begin(), text.end(), usual) &&
           yaml::is_plain_string(text);
}

std::string quoted(std::string_view text) {
    if (stands_plain(text)) return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            if (c == '"' || c == '\\') result += '\\';
            result += c;
        }
    }
    return result + '"';
}

std::string listed(const std::vector<std::string>& texts) {
    std::string result;
    for (const std::string& text : texts)
        result.append(result.empty() ? "" : ", ").append(quoted(text));
    return "[" + result + "]";
}

std::string size_text(std::size_t bytes) {
    constexpr std::size_t k_mebibyte = std::size_t{1} << 20;
    return bytes % k_mebibyte == 0 ? fmt::format("{}MiB", bytes / k_mebibyte) : fmt::format("{}", bytes);
}

std::string time_text(std::chrono::sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string modes_text(const BranchRules& branch) {
    std::string result;
    for (const RuleId rule : k_rules) {
        if (is_automation_rule(rule) && branch.automation_of.empty()) continue;
        result += fmt::format("{}{}: {}", result.empty() ? "" : ", ", to_string(rule), to_string(branch.modes[rule]));
    }
    return "{" + result + "}";
}

void write_branch(const BranchRules& branch, std::string& text) {
    text += fmt::format("      - branch: {}\n", quoted(branch.pattern));
    if (!branch.automation_of.empty()) text += fmt::format("        automation-of: {}\n", quoted(branch.automation_of));
    if (!branch.paths.empty()) text += fmt::format("        paths: {}\n", listed(branch.paths));
    if (!branch.pushers.empty()) text += fmt::format("        pushers: {}\n", listed(branch.pushers));
    text += fmt::format("        rules: {}\n", modes_text(branch));
}

void write_repository(const RepositoryRules& repository, std::string& text) {
    text += fmt::format("  - repository: {}\n", listed(repository.repositories));
    if (!repository.owner.empty()) text += fmt::format("    owner: {}\n", quoted(repository.owner));
    text += fmt::format("    on-error: {}\n", repository.on_error == OnError::refuse ? "refuse" : "allow");
    if (repository.warn_until) text += fmt::format("    warn-until: {}\n", time_text(*repository.warn_until));
    text += repository.branches.empty() ? "    branches: []\n" : "    branches:\n";
    for (const BranchRules& branch : repository.branches)
        write_branch(branch, text);
    if (repository.overrides.empty()) return;
    text += "    overrides:\n";
    for (const auto& [rule, identities] : repository.overrides)
        text += fmt::format("      {}: {}\n", to_string(rule), listed(identities));
}

constexpr std::string_view k_head =
    "# Rules of tidemark-hook: what a push may not do, by repository and branch. World-readable: no secrets here.\n"
    "# After an edit, try the rules by hand: tidemark-hook check --old REV --new REV --ref NAME\n";
constexpr std::string_view k_places =
    "\n# Every verdict goes here as one line of JSON: an absolute path, or syslog. Leave it out for none.\n";
constexpr std::string_view k_socket =
    "\n# The service's socket: it hears of branches that moved. Leave it out for none.\n";
constexpr std::string_view k_limits =
    "\n# Beyond these there is no judgement, and on-error of the repository answers.\n";
constexpr std::string_view k_repositories =
    "\n# The first entry that fits a repository counts, and in it the first branch. Names are absolute paths or\n"
    "# owner/name; * stays between slashes, ** does not.\n"
    "#   on-error      refuse or allow a push that could not be judged\n"
    "#   warn-until    until then nothing is refused, only warned of\n"
    "#   rules         off, warn or enforce, each\n"
    "#   automation-of the branch that an automation branch is built from; paths: where it may change marked values\n"
    "#   pushers       who may write it, if automation-pusher is not off\n"
    "#   overrides     who may push past a rule with -o tidemark.allow=RULE:REASON\n";

}  // namespace

std::string write_rules(const HookRules& rules) {
    std::string text(k_head);
    if (!rules.log.empty()) text.append(k_places).append(fmt::format("log: {}\n", quoted(rules.log)));
    if (!rules.socket.empty()) text.append(k_socket).append(fmt::format("socket: {}\n", quoted(rules.socket)));
    const Limits& limits = rules.limits;
    text.append(k_limits);
    text += fmt::format("deadline: {}\nlimits: {{files: {}, bytes: {}, commits: {}}}\n",
                        format_duration(limits.deadline), limits.files, size_text(limits.bytes), limits.commits);
    text.append(k_repositories);
    text += rules.repositories.empty() ? "repositories: []\n" : "repositories:\n";
    for (const RepositoryRules& repository : rules.repositories)
        write_repository(repository, text);
    return text;
}

}  // namespace tidemark::policy::guard
