#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "mirror/web/api.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/json.h"
#include "mirror/web/list_query.h"
#include "mirror/web/orders.h"

namespace tidemark::mirror::web {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t k_longest_wait = 25;
constexpr std::size_t k_most_bytes = std::size_t{16} << 10;

std::string text_of(const rapidjson::Document& body, const char* key, std::string& wrong) {
    const auto member = body.FindMember(key);
    if (member == body.MemberEnd() || member->value.IsNull()) return "";
    if (!member->value.IsString()) {
        wrong = fmt::format("`{}` has to be text", key);
        return "";
    }
    return {member->value.GetString(), member->value.GetStringLength()};
}

/// The body's fields; `wrong` says what is no order about them.
OrderText read_body(const std::string& text, std::string& wrong) {
    rapidjson::Document body;
    body.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
    if (body.HasParseError() || !body.IsObject()) {
        wrong = "the body is no JSON object";
        return {};
    }
    return {text_of(body, "verb", wrong), text_of(body, "kind", wrong), text_of(body, "namespace", wrong),
            text_of(body, "name", wrong), text_of(body, "tag", wrong),  text_of(body, "reason", wrong),
            text_of(body, "until", wrong)};
}

Answer answer_of(const Request& request, const Submitted& submitted) {
    using Status = service::CommandAnswer::Status;
    if (submitted.answer && submitted.answer->status == Status::not_found)
        return refusal(request, 404, submitted.answer->message, "");
    if (submitted.answer && !submitted.answer->accepted) return refusal(request, 409, submitted.answer->message, "");
    JsonText json;
    json.begin_object();
    json.member("message", submitted.answer ? std::string_view(submitted.answer->message)
                                            : "taken; the service is busy and comes to it next");
    json.member("ticket", std::uint64_t{submitted.ticket->number()}).end_object();
    return json_answer(200, json);
}

Answer take_command(Site& site, const Request& request) {
    const Caller caller = find_caller(site, request);
    if (auto no = find_refusal(caller, request, *site.settings(), request.header("x-csrf-token")))
        return std::move(*no);
    // A form of another site cannot send this type without being asked first.
    if (!request.header("content-type").starts_with("application/json"))
        return refusal(request, 415, "the body has to be JSON", "send Content-Type: application/json");
    std::string wrong;
    const OrderText text = read_body(request.body, wrong);
    if (!wrong.empty()) return refusal(request, 400, wrong, "");
    auto order = read_order(text, caller.who);
    if (const auto* why = std::get_if<std::string>(&order)) return refusal(request, 400, *why, "");
    return answer_of(request, submit(site, std::get<service::Command>(std::move(order))));
}

Answer tell_ticket(Site& site, const Request& request) {
    const auto ticket = site.orders.find_ticket(number_of(request.names[0], 0));
    if (!ticket) return refusal(request, 404, "there is no such ticket, or it is too old", "");
    const auto wait = seconds(std::min(number_of(request.query_value("wait"), 0), k_longest_wait));
    const service::TicketState state = ticket->wait_for_end(wait);
    if (state.finished) site.forget_snapshot();
    JsonText json;
    json.begin_object().member("finished", state.finished).member("ready", state.ready);
    json.member("message", state.message).member("suspended", state.suspended).end_object();
    return json_answer(200, json);
}

}  // namespace

void add_api_commands(Router& router, Site& site) {
    router.add(
        Method::post, "/api/v1/commands", [&site](const Request& request) { return take_command(site, request); },
        k_most_bytes);
    router.add(Method::get, "/api/v1/commands/*",
               [&site](const Request& request) { return tell_ticket(site, request); });
}

}  // namespace tidemark::mirror::web
