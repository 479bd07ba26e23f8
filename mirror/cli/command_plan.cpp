#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hooks/install/rules_file.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/guard_preview.h"
#include "mirror/cli/hooks_options.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"
#include "mirror/cli/plural.h"
#include "mirror/service/pass.h"

namespace tidemark::mirror::cli {
namespace {

using service::Proposal;

struct Options {
    bool diff = false;
    std::string output;
    std::string rules;
};

std::string_view last_part(std::string_view image) {
    return image.substr(image.find_last_of('/') + 1);
}

std::string shown_path(const Proposal& proposal, const policy::Change& change) {
    return proposal.path_prefix + change.file;
}

/// "apps/web.yaml:10    nginx:1.25.1 → nginx:1.25.3      flux-system:web", columns aligned.
std::string format_changes(const Proposal& proposal) {
    std::size_t place_width = 0;
    std::size_t value_width = 0;
    std::vector<std::array<std::string, 3>> rows;
    for (const policy::Change& change : proposal.changes) {
        // The registry's name is the same on both sides, as a rule: only what tells them apart is shown.
        const bool shorten = change.old_value.substr(0, change.old_value.find_last_of('/') + 1) ==
                             change.new_value.substr(0, change.new_value.find_last_of('/') + 1);
        const std::string_view from = shorten ? last_part(change.old_value) : std::string_view(change.old_value);
        const std::string_view to = shorten ? last_part(change.new_value) : std::string_view(change.new_value);
        rows.push_back({fmt::format("{}:{}", shown_path(proposal, change), change.line),
                        fmt::format("{} → {}", from, to), change.setter});
        place_width = std::max(place_width, rows.back()[0].size());
        value_width = std::max(value_width, rows.back()[1].size());
    }
    std::string text;
    for (const auto& row : rows)
        text += fmt::format("  {:<{}}    {:<{}}    {}\n", row[0], place_width, row[1], value_width, row[2]);
    return text;
}

std::string indented(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out += end == 0 ? "\n" : fmt::format("  {}\n", text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string lines_of(const std::optional<GuardPreview>& guard) {
    return guard ? fmt::format("\n{}\n", fmt::join(guard->lines, "\n")) : "";
}

std::string format_proposal(const Proposal& proposal, const std::optional<GuardPreview>& guard, bool diff) {
    if (proposal.action == policy::BranchAction::remove)
        return fmt::format("{} would delete {}: nothing is left to propose against {} {}\n{}",
                           proposal.automation.to_string(), proposal.push_branch, proposal.checkout_branch,
                           proposal.checkout_tip, lines_of(guard));
    std::string text = fmt::format("{} would push 1 commit to {} ({} {} + {})\n\n", proposal.automation.to_string(),
                                   proposal.push_branch, proposal.checkout_branch, proposal.checkout_tip,
                                   plural(proposal.changes.size(), "value", "values"));
    text += format_changes(proposal);
    for (const std::string& held : proposal.held)
        text += "  " + held + "\n";
    text += "\n" + indented(proposal.message);
    if (diff) text += "\n" + indented(proposal.diff);
    return text + lines_of(guard);
}

policy::yaml::Value as_value(const Proposal& proposal, const std::optional<GuardPreview>& guard) {
    policy::yaml::Value value;
    value.set("automation", proposal.automation.to_string());
    value.set("action", std::string(policy::to_string(proposal.action)));
    value.set("checkoutBranch", proposal.checkout_branch);
    value.set("checkoutTip", proposal.checkout_tip);
    value.set("pushBranch", proposal.push_branch);
    value.set("message", proposal.message);
    policy::yaml::Value::Sequence changes;
    for (const policy::Change& change : proposal.changes) {
        policy::yaml::Value item;
        item.set("file", shown_path(proposal, change));
        item.set("line", static_cast<std::int64_t>(change.line));
        item.set("setter", change.setter);
        item.set("old", change.old_value);
        item.set("new", change.new_value);
        changes.push_back(std::move(item));
    }
    value.set("changes", policy::yaml::Value(std::move(changes)));
    policy::yaml::Value::Sequence held;
    for (const std::string& sentence : proposal.held)
        held.emplace_back(sentence);
    value.set("held", policy::yaml::Value(std::move(held)));
    if (guard) value.set("hook", guard->verdict);
    return value;
}

void print_proposals(const std::vector<Proposal>& proposals, const Options& options, const Call& call,
                     std::chrono::sys_seconds now) {
    const policy::guard::HookRules rules = hooks::read_rules_file(rules_path(options.rules)).rules;
    if (!options.output.empty()) {
        policy::yaml::Value::Sequence list;
        for (const Proposal& proposal : proposals)
            list.push_back(as_value(proposal, preview_guard(proposal, rules, now)));
        print(call.streams, options.output == "json" ? to_json(policy::yaml::Value(list))
                                                     : *policy::yaml::emit(policy::yaml::Value(list)));
        return;
    }
    for (std::size_t i = 0; i < proposals.size(); ++i)
        print(call.streams, (i > 0 ? "\n" : "") +
                                format_proposal(proposals[i], preview_guard(proposals[i], rules, now), options.diff));
    if (proposals.empty()) say_done(call.streams, "nothing would be pushed");
}

int run_plan(const Options& options, const Call& call) {
    const Configuration configuration = configuration_with_objects(call);
    service::Session session = service::open_session(configuration, service::PassMode::plan);
    PassReport report(call.streams, count_objects(session.workspace->objects));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const service::PassSummary summary = service::run_pass(
        configuration, session, {.mode = service::PassMode::plan, .now = now}, [&](const service::ReportLine& line) {
            // What is well is in the plan itself; what is not must be said.
            if (line.outcome == service::Outcome::failed || line.outcome == service::Outcome::held ||
                line.outcome == service::Outcome::begun || !line.details.empty())
                report.take(line);
        });
    if (!summary.warning.empty()) say_warning(call.streams, summary.warning);
    print_proposals(summary.updates.proposals, options, call, now);
    return summary.not_ready == 0 ? 0 : 1;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.truth("diff", options->diff, "also show the changed lines of each file");
    add_rules_flag(flags, options->rules);
    flags.choice("output", options->output, {"json", "yaml"}, "print as json or yaml", 'o');
    return [options](const Call& call) { return run_plan(*options, call); };
}

}  // namespace

const Command k_plan = {
    "plan",
    "",
    "what a pass would write, where and with which message",
    "Does all that `run` does up to the commit, and says what it would push. Writes nothing to Git and keeps\n"
    "nothing it learned; only the mirror of the remote is brought up to date. Where the guard's rules on this machine\n"
    "name the repository, it says what the hook would answer.\n"
    "\n"
    "  tidemark plan --objects ./objects\n"
    "  tidemark plan --objects ./objects --diff\n"
    "  tidemark plan --objects ./objects -o json",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
