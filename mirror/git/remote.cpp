#include "mirror/git/remote.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mirror/base/error.h"
#include "mirror/git/damage.h"
#include "mirror/git/remote_mirror.h"
#include "mirror/git/remote_state.h"

namespace tidemark::mirror::git {
namespace {

/// A branch may be deleted between listing and fetching, but hardly twice.
constexpr int k_fetch_attempts = 3;

std::string find_git() {
    const std::optional<std::filesystem::path> git = find_program("git");
    if (!git) throw Error(ErrorKind::not_found, "the program git is not installed (Debian: apt install git)");
    return git->string();
}

/// Lines "<id> TAB <reference>"; other references than those asked for are not looked at.
BranchTips parse_listing(std::string_view output, std::span<const std::string> branches) {
    BranchTips tips;
    for (const std::string& branch : branches)
        tips.emplace(branch, std::nullopt);
    constexpr std::string_view k_prefix = "refs/heads/";
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        output.remove_prefix(std::min(end + 1, output.size()));
        const std::size_t tab = line.find('\t');
        if (tab == std::string_view::npos || !line.substr(tab + 1).starts_with(k_prefix)) continue;
        const auto found = tips.find(std::string(line.substr(tab + 1 + k_prefix.size())));
        if (found != tips.end()) found->second = read_object_id(line.substr(0, tab), "tip of " + found->first);
    }
    return tips;
}

BranchTips read_tracked(const std::filesystem::path& mirror, std::span<const std::string> branches) {
    BranchTips tips;
    for (const std::string& branch : branches)
        tips.emplace(branch, find_tracked_tip(mirror, branch));
    return tips;
}

std::vector<std::string> compare(const BranchTips& before, const BranchTips& after) {
    std::vector<std::string> moved;
    for (const auto& [branch, tip] : after) {
        if (before.at(branch) != tip) moved.push_back(branch);
    }
    return moved;
}

std::vector<std::string> fetch_arguments(std::span<const std::string> branches) {
    std::vector<std::string> arguments = {"fetch",     "--quiet",
                                          "--no-tags", "--no-auto-maintenance",
                                          "--force",   "--no-write-fetch-head",
                                          "origin",    "--no-show-forced-updates"};
    for (const std::string& branch : branches) {
        arguments.push_back(fmt::format("+{0}:refs/remotes/origin/{1}", branch_reference(branch), branch));
    }
    return arguments;
}

bool is_missing_branch(const ProcessResult& result) {
    return result.error.find("couldn't find remote ref") != std::string::npos;
}

}  // namespace

std::string branch_reference(std::string_view branch) {
    if (!is_branch_name(branch)) {
        throw Error(ErrorKind::invalid, fmt::format("\"{}\" is not the name of a branch", clean_line(branch)));
    }
    return fmt::format("refs/heads/{}", branch);
}

std::string quote_server(const std::vector<std::string>& lines) {
    constexpr std::size_t k_shown = 6;
    if (lines.empty()) return {};
    const std::size_t shown = std::min(lines.size(), k_shown);
    return fmt::format("; the server said: {}",
                       fmt::join(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown), " / "));
}

RemoteState::RemoteState(std::filesystem::path mirror_folder, RemoteAccess remote_access,
                         const std::filesystem::path& private_folder)
    : mirror(std::filesystem::absolute(mirror_folder)),
      access(std::move(remote_access)),
      redactor(access),
      folder(private_folder),
      git(find_git()),
      environment(make_git_environment(mirror, access, folder)) {
    if (access.transport == Transport::ssh && !find_program("ssh")) {
        throw Error(ErrorKind::not_found, "the program ssh is not installed (Debian: apt install openssh-client)");
    }
}

ProcessResult RemoteState::run(std::vector<std::string> arguments) {
    Command command;
    command.arguments = std::move(arguments);
    command.arguments.insert(command.arguments.begin(), git);
    command.environment = environment;
    command.timeout = access.timeout;
    command.stop = stop;
    ProcessResult result = run_process(command);
    if (result.ending != Ending::exited) sweep_leftovers(mirror);
    if (!result.ok()) {
        if (const auto damage = find_damage(messages_of(result), mirror))
            throw DamagedRepository(ErrorKind::storage, mirror, *damage);
    }
    return result;
}

GitMessages RemoteState::messages_of(const ProcessResult& result) const {
    return split_messages(redactor.apply(result.error));
}

FailureCause RemoteState::cause_of(const ProcessResult& result, const GitMessages& messages) const {
    FailureCause cause;
    if (result.ending == Ending::exited) {
        cause = find_cause(messages);
    } else {
        cause.sentence = fmt::format("git {}", describe(result, access.timeout));
    }
    if (!access.proxy.empty())
        cause.sentence += fmt::format(" (through the proxy {})", redact_url(access.proxy.reveal()));
    return cause;
}

void RemoteState::fail(std::string_view doing, const ProcessResult& result) const {
    const GitMessages messages = messages_of(result);
    const FailureCause cause = cause_of(result, messages);
    throw Error(cause.kind, redactor.apply(fmt::format("cannot {} {}: {}{}", doing, access.shown_url, cause.sentence,
                                                       quote_server(messages.server))));
}

Remote::Remote(std::filesystem::path mirror, RemoteAccess access, const std::filesystem::path& private_folder)
    : m_state(std::make_unique<RemoteState>(std::move(mirror), std::move(access), private_folder)) {}
Remote::~Remote() = default;
Remote::Remote(Remote&&) noexcept = default;
Remote& Remote::operator=(Remote&&) noexcept = default;

void Remote::set_stop(std::stop_token stop) {
    m_state->stop = std::move(stop);
}
const RemoteAccess& Remote::access() const noexcept {
    return m_state->access;
}

BranchTips Remote::list(std::span<const std::string> branches) {
    std::vector<std::string> arguments = {"ls-remote", "--quiet", "origin"};
    for (const std::string& branch : branches)
        arguments.push_back(branch_reference(branch));
    const ProcessResult result = m_state->run(std::move(arguments));
    if (!result.ok()) m_state->fail("list the branches of", result);
    return parse_listing(result.output, branches);
}

FetchResult Remote::fetch(std::span<const std::string> branches, Likely likely, std::optional<BranchTips> listed) {
    const BranchTips before = read_tracked(m_state->mirror, branches);
    const bool all_known =
        std::all_of(before.begin(), before.end(), [](const auto& entry) { return entry.second.has_value(); });
    if (likely == Likely::moved && all_known) {
        const ProcessResult result = m_state->run(fetch_arguments(branches));
        if (!result.ok() && !is_missing_branch(result)) m_state->fail("fetch from", result);
        if (result.ok()) {
            FetchResult fetched{read_tracked(m_state->mirror, branches), {}};
            fetched.moved = compare(before, fetched.tips);
            return fetched;
        }
    }
    // git fetches none of the branches where one of them is missing: so list first.
    for (int attempt = 1;; ++attempt) {
        FetchResult fetched{attempt == 1 && listed ? *std::move(listed) : list(branches), {}};
        fetched.moved = compare(before, fetched.tips);
        std::vector<std::string> wanted;
        for (const auto& [branch, tip] : fetched.tips) {
            const bool tracked = find_tracked_tip(m_state->mirror, branch).has_value();
            if (!tip && tracked) {
                const ProcessResult result = m_state->run({"update-ref", "-d", "refs/remotes/origin/" + branch});
                if (!result.ok()) m_state->fail("forget a deleted branch of", result);
            }
            if (tip && before.at(branch) != tip) wanted.push_back(branch);
        }
        if (wanted.empty()) return fetched;
        const ProcessResult result = m_state->run(fetch_arguments(wanted));
        if (result.ok()) {
            // A branch may have moved on since the listing.
            for (const std::string& branch : wanted)
                fetched.tips[branch] = find_tracked_tip(m_state->mirror, branch);
            return fetched;
        }
        if (!is_missing_branch(result) || attempt == k_fetch_attempts) m_state->fail("fetch from", result);
    }
}

}  // namespace tidemark::mirror::git
