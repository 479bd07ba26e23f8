#include "mirror/web/orders.h"

#include "policy/base/timestamp.h"

namespace tidemark::mirror::web {
namespace {

/// The service's thread may be in the middle of a pass.
constexpr auto k_patience = std::chrono::seconds(10);
constexpr std::size_t k_longest_text = 4096;

}  // namespace

std::variant<service::Command, std::string> read_order(const OrderText& text, const std::string& who) {
    const auto verb = service::find_verb(text.verb);
    if (!verb) return "`verb` has to be reconcile, suspend, resume, pin, unpin, accept or reset-branch";
    const auto kind = service::find_kind(text.kind);
    if (!kind) return "`kind` has to be ImageRepository, ImagePolicy or ImageUpdateAutomation";
    if (text.name.empty()) return "`name` is missing";
    if (text.reason.size() > k_longest_text || text.tag.size() > k_longest_text) return "`reason` or `tag` is too long";
    service::Command command;
    command.verb = *verb;
    command.kind = *kind;
    command.object = {text.object_namespace.empty() ? "default" : text.object_namespace, text.name};
    command.who = who;
    command.tag = text.tag;
    command.reason = text.reason;
    if (!text.until.empty()) {
        const auto until = policy::parse_timestamp(text.until);
        if (!until) return "`until` is no time such as 2026-12-01 or 2026-12-01T10:00:00Z: " + until.message();
        command.until = *until;
    }
    return command;
}

Submitted submit(Site& site, service::Command command) {
    Submitted submitted;
    submitted.ticket = site.orders.submit(std::move(command));
    submitted.answer = submitted.ticket->wait_for_answer(k_patience).answer;
    site.forget_snapshot();
    return submitted;
}

}  // namespace tidemark::mirror::web
