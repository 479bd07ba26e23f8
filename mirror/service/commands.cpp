#include "mirror/service/commands.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mirror/base/error.h"
#include "mirror/service/automation_plan.h"
#include "mirror/service/decide.h"
#include "mirror/service/pins.h"
#include "mirror/service/suspensions.h"
#include "policy/base/timestamp.h"
#include "policy/image/reference.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKind;
using policy::ObjectSet;
using Status = CommandAnswer::Status;

constexpr std::array<std::pair<Verb, std::string_view>, 7> k_verbs = {{
    {Verb::reconcile, "reconcile"},
    {Verb::suspend, "suspend"},
    {Verb::resume, "resume"},
    {Verb::pin, "pin"},
    {Verb::unpin, "unpin"},
    {Verb::accept, "accept"},
    {Verb::reset_branch, "reset-branch"},
}};

constexpr std::size_t k_who_bytes = 256;
constexpr std::size_t k_reason_bytes = 1024;

/// The object and everything that is decided from it.
Wish wish_for(const ObjectSet& objects, ObjectKind kind, const ObjectKey& key) {
    Wish wish;
    if (kind == ObjectKind::image_update_automation) {
        wish.automations.insert(key);
        return wish;
    }
    const bool is_policy = kind == ObjectKind::image_policy;
    wish.repositories.insert(is_policy ? objects.image_policies.at(key).image_repository : key);
    for (const auto& [name, automation] : objects.image_update_automations)
        for (const policy::ImagePolicy* policy : policies_of(automation, objects))
            if (is_policy ? policy->metadata.key == key : policy->image_repository == key)
                wish.automations.insert(name);
    return wish;
}

/// One line, bounded: it is shown and kept for long.
std::string plain(std::string_view text, std::size_t bytes) {
    std::string line(text.substr(0, bytes));
    while (line.size() == bytes && !line.empty() && (line.back() & 0x80) != 0)
        line.pop_back();  // not half a character
    std::replace_if(
        line.begin(), line.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F; }, ' ');
    return line;
}

/// The tag in a marked value; empty if it tells none.
std::string tag_of(const store::ValueInGit& value) {
    if (value.setter.ends_with(":tag")) return value.value;
    if (value.setter.ends_with(":name") || value.setter.ends_with(":digest")) return "";
    const std::string named = value.value.substr(0, value.value.find('@'));
    const std::size_t colon = named.rfind(':');
    return colon == named.npos || named.find('/', colon) != named.npos ? "" : named.substr(colon + 1);
}

/// One command at work.
class Applying {
public:
    Applying(const Command& command, Session& session, std::chrono::sys_seconds now)
        : m_command(command),
          m_session(session),
          m_workspace(session.workspace),
          m_objects(m_workspace->objects),
          m_store(*session.store),
          m_now(now),
          m_name(command.object.to_string()),
          m_who(plain(command.who, k_who_bytes)),
          m_reason(plain(command.reason, k_reason_bytes)) {}

    CommandAnswer run() {
        if (!find_suspend(m_objects, m_command.kind, m_command.object))
            return no(Status::not_found,
                      fmt::format("{} {} is not among the objects", policy::kind_name(m_command.kind), m_name));
        store::Store::Transaction transaction(m_store);
        CommandAnswer answer = dispatch();
        if (answer.accepted) transaction.commit();
        return answer;
    }

private:
    CommandAnswer dispatch() {
        switch (m_command.verb) {
            case Verb::reconcile:
                return reconcile();
            case Verb::suspend:
                return suspend(true);
            case Verb::resume:
                return suspend(false);
            case Verb::pin:
                return is_policy() ? pin() : wrong_kind("an ImagePolicy is pinned");
            case Verb::unpin:
                return is_policy() ? unpin() : wrong_kind("an ImagePolicy is pinned");
            case Verb::accept:
                return is_policy() ? accept() : wrong_kind("what an ImagePolicy chose is accepted");
            case Verb::reset_branch:
                return m_command.kind == ObjectKind::image_update_automation
                           ? reset_branch()
                           : wrong_kind("the branch of an ImageUpdateAutomation is reset");
        }
        return no(Status::refused, "no such command");
    }

    static CommandAnswer no(Status status, std::string message) {
        return {false, status, std::move(message), std::nullopt};
    }
    CommandAnswer wrong_kind(std::string_view what) const {
        return no(Status::refused, fmt::format("{} is a {}; {}", m_name, policy::kind_name(m_command.kind), what));
    }
    CommandAnswer yes(std::string_view event, std::string message, std::optional<Wish> wish,
                      std::map<std::string, std::string> facts = {}) {
        store::Event written;
        written.time = m_now;
        written.kind = m_command.kind;
        written.object = m_command.object;
        written.reason = event;
        written.message = message;
        written.who = m_who;
        if (!m_reason.empty()) facts["reason"] = m_reason;
        written.facts = std::move(facts);
        m_store.add_event(written);
        return {true, Status::done, std::move(message), std::move(wish)};
    }

    bool is_policy() const noexcept { return m_command.kind == ObjectKind::image_policy; }
    const policy::ImagePolicy& policy() const { return m_objects.image_policies.at(m_command.object); }
    Wish wish() const { return wish_for(m_objects, m_command.kind, m_command.object); }

    /// Of a policy whose tag changes by a person's word: nothing has to be scanned for that.
    Wish wish_without_scan() const {
        Wish wanted = wish();
        wanted.repositories.clear();
        return wanted;
    }

    CommandAnswer reconcile() {
        if (*find_suspend(m_objects, m_command.kind, m_command.object))
            return no(Status::refused, "resource is suspended");
        return yes("Reconciled", fmt::format("{} is worked on now", m_name), wish());
    }

    CommandAnswer suspend(bool suspended) {
        const bool own = says_suspend(*m_workspace, m_command.kind, m_command.object);
        m_store.put_suspension(m_command.kind, m_command.object, {suspended, own, m_who, m_reason, m_now});
        std::string message = fmt::format("{} is {}", m_name, suspended ? "suspended" : "resumed");
        if (own && !suspended)
            message += "; its file still says spec.suspend: true, which counts again once it is edited";
        if (own && suspended) message += "; its file says so too";
        CommandAnswer answer = yes(suspended ? "Suspended" : "Resumed", std::move(message),
                                   suspended ? std::nullopt : std::optional(wish()));
        auto workspace = std::make_shared<Workspace>(*m_workspace);  // others may hold the one of before
        apply_suspensions(*workspace, m_store, VoidSuspensions::forget);
        m_session.workspace = std::move(workspace);
        return answer;
    }

    CommandAnswer pin() {
        if (const auto in_git = find_pin(policy(), {}, m_now))
            return no(Status::refused, fmt::format("{} is {}, which goes before any other pin; change it there", m_name,
                                                   to_string(*in_git)));
        if (m_command.until && *m_command.until <= m_now)
            return no(Status::refused, fmt::format("{} is over already; a pin ends later than now",
                                                   policy::format_minute(*m_command.until)));
        std::string tag = m_command.tag;
        if (tag.empty()) {
            policy::Result<std::string> standing = standing_tag();
            if (!standing) return no(Status::refused, standing.message());
            tag = *standing;
        } else if (const std::string problem = find_tag_problem(tag); !problem.empty()) {
            return no(Status::refused, problem);
        }
        const store::Pin pin{tag, m_who, m_reason, m_now, m_command.until};
        m_store.put_pin(m_command.object, pin);
        if (!m_command.tag.empty()) forget_reverts();
        const std::string until = pin.until ? ", until " + policy::format_minute(*pin.until) : "";
        return yes("Pinned", fmt::format("{} is pinned to {}{}", m_name, tag, until), wish_without_scan(),
                   {{"tag", tag}});
    }

    /// Why the tag cannot be meant; empty if it can.
    std::string find_tag_problem(const std::string& tag) const {
        if (!policy::is_tag(tag)) return fmt::format("\"{}\" is no tag", plain(tag, 128));
        const auto list = m_store.find_tag_list(policy().image_repository);
        if (!list) return "";
        const std::vector<std::string_view> tags = list->tags();
        if (std::find(tags.begin(), tags.end(), tag) != tags.end()) return "";
        return fmt::format(
            "{} is not among the {} tags of {}, scanned {}; if it is new: tidemark reconcile image "
            "repository {} -n {}",
            tag, tags.size(), list->canonical_name, policy::format_minute(list->scanned),
            policy().image_repository.name, policy().image_repository.object_namespace);
    }

    /// What Git has, if that is one tag; else what is chosen.
    policy::Result<std::string> standing_tag() const {
        std::set<std::string> tags;
        for (const ObjectKey& automation : wish().automations)
            for (const store::ValueInGit& value : m_store.values_in_git(automation))
                if (value.policy == m_command.object && !tag_of(value).empty()) tags.insert(tag_of(value));
        if (tags.size() == 1) return *tags.begin();
        if (tags.size() > 1)
            return policy::Problem{fmt::format("Git has several tags of {}: {}; name the one that is to stay", m_name,
                                               fmt::join(tags, ", ")),
                                   {}};
        const auto decisions = m_store.decisions();
        if (const auto chosen = decisions.find(m_command.object); chosen != decisions.end())
            return chosen->second.latest.tag;
        return policy::Problem{fmt::format("nothing stands for {} yet; name the tag that is to stay", m_name), {}};
    }

    /// A person's newest word counts: what somebody took back by hand before may be written again.
    void forget_reverts() {
        const std::string setter = m_command.object.object_namespace + ":" + m_command.object.name;
        for (const ObjectKey& automation : wish().automations)
            for (store::Written written : m_store.writes(automation)) {
                if (written.setter != setter && !written.setter.starts_with(setter + ":")) continue;
                written.value.clear();
                m_store.put_write(automation, written);
            }
    }

    CommandAnswer unpin() {
        const bool removed = m_store.remove_pin(m_command.object);
        const auto in_git = find_pin(policy(), {}, m_now);
        if (!removed)
            return no(Status::refused, in_git ? fmt::format("{} is {}; take it out there", m_name, to_string(*in_git))
                                              : fmt::format("{} is not pinned", m_name));
        std::string message = fmt::format("{} is no longer pinned", m_name);
        if (in_git) message = fmt::format("the pin of {} is gone, but it is still {}", m_name, to_string(*in_git));
        return yes("Unpinned", std::move(message), wish_without_scan());
    }

    CommandAnswer accept() {
        if (const auto pin = find_pin(policy(), m_store.pins(), m_now))
            return no(Status::refused, fmt::format("{} is {}; unpin it first", m_name, to_string(*pin)));
        const auto repository = m_objects.image_repositories.find(policy().image_repository);
        const bool known = repository != m_objects.image_repositories.end();
        const auto name = known ? policy::parse_repository_name(repository->second.image)
                                : policy::Result<policy::RepositoryName>(policy::Problem{});
        const auto tags = m_store.find_tag_list(policy().image_repository);
        const DecideInput input{policy(),
                                known ? &repository->second : nullptr,
                                name ? name->canonical() : "",
                                tags ? &*tags : nullptr,
                                std::nullopt,
                                std::nullopt,
                                m_now};
        Verdict verdict = decide(input);
        if (!verdict.ready || !verdict.decision)
            return no(Status::refused, fmt::format("{} has nothing to accept: {}", m_name, verdict.message));
        const std::string& tag = verdict.decision->latest.tag;
        if (!m_command.tag.empty() && m_command.tag != tag)
            return no(Status::refused, fmt::format("{} chooses {}, not {}; to have {} all the same: tidemark pin {} {}",
                                                   m_name, tag, plain(m_command.tag, 128), plain(m_command.tag, 128),
                                                   m_name, plain(m_command.tag, 128)));
        const auto decisions = m_store.decisions();
        const auto last = decisions.find(m_command.object);
        store::Decision accepted = *verdict.decision;
        if (last != decisions.end() && last->second.latest.tag == tag && last->second.spec_hash == accepted.spec_hash &&
            last->second.latest.name == accepted.latest.name)
            accepted = last->second;
        accepted.unproven = false;
        m_store.put_decision(m_command.object, accepted);
        forget_reverts();
        return yes("Accepted", fmt::format("{} takes {}", m_name, tag), wish_without_scan(), {{"tag", tag}});
    }

    CommandAnswer reset_branch() {
        const policy::ImageUpdateAutomation& automation = m_objects.image_update_automations.at(m_command.object);
        AutomationBranches branches;
        try {
            branches = find_branches(automation, m_objects);
        } catch (const Error& error) {
            return no(Status::refused, fmt::format("{}: {}", m_name, error.what()));
        }
        if (branches.push == branches.checkout)
            return no(Status::refused,
                      fmt::format("{} pushes to {} itself, which is never reset", m_name, branches.push));
        const auto all = m_store.branch_facts();
        const auto facts = all.find(m_command.object);
        if (facts == all.end() || facts->second.push != branches.push || facts->second.push_tip.empty())
            return no(Status::refused,
                      fmt::format("{} has no branch {} that was looked at; look first: tidemark "
                                  "reconcile image update {} -n {}",
                                  m_name, branches.push, m_command.object.name, m_command.object.object_namespace));
        if (facts->second.foreign == 0)
            return no(Status::refused,
                      fmt::format("{} holds no commits of others; it is rebuilt by itself", branches.push));
        const std::string& tip = facts->second.push_tip;
        m_store.put_branch_reset(m_command.object, {branches.push, tip, m_who, m_now});
        return yes(
            "BranchReset",
            fmt::format("{} is rebuilt from {} over {}, which has {} of others", branches.push, branches.checkout,
                        tip.substr(0, 8),
                        facts->second.foreign == 1 ? "a commit" : std::to_string(facts->second.foreign) + " commits"),
            wish(), {{"branch", branches.push}, {"commit", tip}});
    }

    const Command& m_command;
    Session& m_session;
    std::shared_ptr<const Workspace> m_workspace;  // as it was when the command came
    const ObjectSet& m_objects;
    store::Store& m_store;
    std::chrono::sys_seconds m_now;
    std::string m_name;
    std::string m_who;
    std::string m_reason;
};

}  // namespace

std::string_view to_string(Verb verb) noexcept {
    const auto* found =
        std::find_if(k_verbs.begin(), k_verbs.end(), [verb](const auto& entry) { return entry.first == verb; });
    return found == k_verbs.end() ? std::string_view() : found->second;
}

std::optional<Verb> find_verb(std::string_view word) noexcept {
    const auto* found =
        std::find_if(k_verbs.begin(), k_verbs.end(), [word](const auto& entry) { return entry.second == word; });
    return found == k_verbs.end() ? std::nullopt : std::optional(found->first);
}

std::optional<ObjectKind> find_kind(std::string_view word) noexcept {
    if (word.starts_with("image ")) word.remove_prefix(6);
    if (word == "ImageRepository" || word == "repository") return ObjectKind::image_repository;
    if (word == "ImagePolicy" || word == "policy") return ObjectKind::image_policy;
    if (word == "ImageUpdateAutomation" || word == "update" || word == "update automation")
        return ObjectKind::image_update_automation;
    return std::nullopt;
}

CommandAnswer apply(const Command& command, Session& session, std::chrono::sys_seconds now) {
    return Applying(command, session, now).run();
}

}  // namespace tidemark::mirror::service
