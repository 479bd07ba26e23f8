// Handing in what a caller asks for, and telling what became of it, for page and API.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "mirror/service/ticket.h"
#include "mirror/web/caller.h"
#include "mirror/web/exchange.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

/// What the fields of a form or a JSON body say, all still text.
struct OrderText {
    std::string verb, kind, object_namespace, name, tag, reason, until;
};

/// The command, or why it is none: one sentence.
std::variant<service::Command, std::string> read_order(const OrderText& text, const std::string& who);

/// Hands it in and waits for its answer, which is missing if the service is busy for long.
struct Submitted {
    std::shared_ptr<const service::Ticket> ticket;
    std::optional<service::CommandAnswer> answer;
};
Submitted submit(Site& site, service::Command command);

}  // namespace tidemark::mirror::web
