#include "hooks/advice.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "hooks/printable.h"

namespace tidemark::hooks {
namespace {

using policy::guard::GuardFinding;
using policy::guard::RefUpdate;
using policy::guard::RuleId;

constexpr std::string_view k_plain_word =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@+=,%";

/// As one word of a shell's command line: what is copied from the message must do what it says, and no more.
std::string shell_word(std::string_view text) {
    if (!text.empty() && text.find_first_not_of(k_plain_word) == text.npos && text.front() != '-')
        return std::string(text);
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'') {
            word += "'\\''";
        } else {
            word += c;
        }
    }
    return printable(word + "'");
}

/// "flux-system:web" of "flux-system:web:tag", as `tidemark pin` takes it.
std::string_view policy_of(std::string_view setter) noexcept {
    const std::size_t first = setter.find(':');
    return first == setter.npos ? setter : setter.substr(0, setter.find(':', first + 1));
}

/// The tag in a marked value; empty if it is not plain to see.
std::string_view tag_of(std::string_view value, std::string_view setter) noexcept {
    if (setter.ends_with(":tag")) return value;
    if (setter.ends_with(":name") || setter.ends_with(":digest")) return {};
    value = value.substr(0, value.find('@'));
    const std::size_t colon = value.rfind(':');
    if (colon == value.npos || value.find('/', colon) != value.npos) return {};
    return value.substr(colon + 1);
}

std::vector<std::string> keep_marker(const GuardFinding& finding, const GuardedPush& push) {
    std::vector<std::string> lines;
    const std::string_view tag = tag_of(finding.value, finding.setter);
    constexpr std::size_t k_longest_tag = 128;  // what a registry takes
    if (!tag.empty() && tag.size() <= k_longest_tag && !finding.setter.empty())
        lines.push_back(fmt::format("{:<25} keep the comment, and run   tidemark pin {} {} --reason \"...\"",
                                    fmt::format("To stay on {}:", printable(tag, 60)),
                                    shell_word(policy_of(finding.setter)), shell_word(tag)));
    lines.push_back("To stop updates for good: remove the field or its object" + override_advice(finding.rule, push));
    return lines;
}

std::string pushed_commit(const GuardFinding& finding, const GuardedPush& push) {
    const auto found = std::find_if(push.push.updates.begin(), push.push.updates.end(),
                                    [&](const RefUpdate& update) { return update.reference == finding.reference; });
    return found == push.push.updates.end() ? "COMMIT" : found->new_id.substr(0, 12);
}

}  // namespace

std::string main_of(const GuardFinding& finding, const GuardedPush& push) {
    const auto* const branch = policy::guard::find_branch(*push.rules, finding.reference);
    return branch != nullptr && !branch->automation_of.empty() ? branch->automation_of : "main";
}

std::string override_advice(RuleId rule, const GuardedPush& push) {
    const auto named = push.rules->overrides.find(rule);
    if (named != push.rules->overrides.end() && !named->second.empty())
        return fmt::format(", or ask an owner to push with   -o tidemark.allow={}:REASON", to_string(rule));
    const std::string& owner = push.rules->owner;
    return "; the rules name nobody who may override this" + (owner.empty() ? "" : ", ask " + printable(owner, 60));
}

std::vector<std::string> advice_for(const GuardFinding& finding, const GuardedPush& push) {
    const std::string branch = shell_word(short_name(finding.reference));
    switch (finding.rule) {
        case RuleId::marker_removed:
            return keep_marker(finding, push);
        case RuleId::marker_changed:
            return {"If that is not meant: put the comment back as it was" + override_advice(finding.rule, push)};
        case RuleId::marker_broken:
            return {"A marker that works:   # {\"$imagepolicy\": \"NAMESPACE:POLICY\"}   (or with :tag, :name, :digest)",
                    "Mend it or take it out" + override_advice(finding.rule, push)};
        case RuleId::main_into_automation:
            return {fmt::format("Nothing to do: the branch is rebuilt from {} by itself. If it looks broken, delete it:",
                                printable(main_of(finding, push), 60)),
                    "  git push origin :" + branch};
        case RuleId::automation_content: {
            const std::string main = shell_word(main_of(finding, push));
            return {fmt::format("Make the change on {}, from where the branch is rebuilt:", main),
                    fmt::format("  git switch {} && git cherry-pick {}", main, pushed_commit(finding, push))};
        }
        case RuleId::automation_pusher:
            return {"Only the automation writes this branch. Push to one of your own:",
                    "  git push origin HEAD:my-change"};
    }
    return {};
}

}  // namespace tidemark::hooks
