#include "hooks/install/verify.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "hooks/install/probe_push.h"
#include "mirror/base/error.h"

namespace tidemark::hooks {

using mirror::Error;

namespace {

/// A program that ends with 0 for yes, run as the hook's account.
bool holds(const Account& account, std::vector<std::string> arguments) {
    mirror::Command command;
    command.arguments = std::move(arguments);
    command.folder = "/";
    command.timeout = std::chrono::seconds(10);
    try {
        return run_as(account, command).ok();
    } catch (const Error&) {
        return false;  // it could not even be started
    }
}

std::string last_lines(const std::string& output) {
    std::string text = output.substr(output.size() > 300 ? output.size() - 300 : 0);
    for (char& character : text) {
        if (static_cast<unsigned char>(character) < 0x20) character = ' ';
    }
    return text;
}

std::string find_obstacle(const Installation& installation, const Site& site, std::string_view hook) {
    const HookProgram& program = installation.program;
    std::string fault = find_fault(site.folder, hook, program);
    if (!fault.empty()) return fault;
    const std::string file = hook_file(site.folder, hook).string();
    const std::string& name = site.account.name;
    if (!holds(site.account, {"test", "-x", file})) return fmt::format("{} cannot be run by {}", file, name);
    if (!holds(site.account, {"test", "-r", program.rules}))
        return fmt::format("{} cannot be read by {}", program.rules, name);
    if (!holds(site.account, {program.program, "version"}))
        return fmt::format("{} cannot be run by {}; pushes are refused until it can", program.program, name);
    return {};
}

SiteReport not_armed(std::string reason) {
    return {Standing::not_armed, std::nullopt, std::move(reason)};
}

SiteReport judge_answer(const Installation& installation, const Site& site, const ProbeResult& probe) {
    if (probe.let_through) return not_armed("a probe push went through: the hook was not run");
    if (!probe.answer)
        return not_armed(fmt::format("the hook gave no answer to a probe push: {}", last_lines(probe.output)));
    const ProbeAnswer& answer = *probe.answer;
    if (answer.rules_file != installation.program.rules) {
        return not_armed(fmt::format("another hook answered, which reads {}", answer.rules_file));
    }
    switch (answer.state) {
        case ProbeState::enforced:
            return {Standing::armed, std::nullopt, {}};
        case ProbeState::warned:
            return {Standing::warn_only, answer.until, {}};
        case ProbeState::unguarded:
            return not_armed(fmt::format("{} does not name {}", answer.rules_file, site.name));
        case ProbeState::no_rules:
            return not_armed(fmt::format("its rules cannot be used: {}", answer.problem));
    }
    return not_armed("the hook gave an unknown answer");
}

}  // namespace

std::string_view to_string(Standing standing) noexcept {
    switch (standing) {
        case Standing::armed:
            return "armed";
        case Standing::warn_only:
            return "warn only";
        case Standing::not_armed:
            return "not armed";
    }
    return "";
}

SiteReport verify_site(const Installation& installation, const Site& site) {
    try {
        if (!can_act_as(site.account)) {
            return not_armed(fmt::format("this can only be proved as {}; run it as root or as that user",
                                         site.account.name));
        }
        std::string obstacle = find_obstacle(installation, site, k_pre_receive);
        if (obstacle.empty() && installation.notify) obstacle = find_obstacle(installation, site, k_post_receive);
        if (!obstacle.empty()) return not_armed(obstacle);
        return judge_answer(installation, site, push_probe(site));
    } catch (const Error& error) {
        return not_armed(error.what());
    }
}

std::string describe(const SiteReport& report) {
    switch (report.standing) {
        case Standing::armed:
            return "armed";
        case Standing::warn_only:
            if (!report.until) return "armed, warn only";
            return fmt::format("armed, warn only until {:%Y-%m-%d}", fmt::gmtime(report.until->time_since_epoch().count()));
        case Standing::not_armed:
            return fmt::format("not armed: {}", report.reason);
    }
    return {};
}

}  // namespace tidemark::hooks
