// urlParse and urlJoin: Go's net/url.
#include "policy/template/address.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

Result<Value> url_parse(Call& call) {
    Result<Address> parsed = parse_address(call.text(0));
    if (!parsed) return problem("unable to parse url: " + parsed.message());
    Map* map = call.context.make_map();
    const auto put = [&](std::string_view key, std::string value) {
        call.context.set(*map, Context::view(key), call.context.text(std::move(value)));
    };
    put("scheme", parsed->scheme);
    put("hostname", parsed->hostname());
    put("host", parsed->host);
    put("path", parsed->path);
    put("query", parsed->query);
    put("opaque", parsed->opaque);
    put("fragment", parsed->fragment);
    put("userinfo", encoded_user(*parsed));
    return Value::map(map, types::dict);
}

Result<Value> url_join(Call& call) {
    Address address;
    std::string user;
    const std::pair<std::string_view, std::string*> parts[] = {
        {"scheme", &address.scheme}, {"host", &address.host},     {"path", &address.path},
        {"query", &address.query},   {"opaque", &address.opaque}, {"fragment", &address.fragment},
        {"userinfo", &user},
    };
    const Map* map = call.value(0).as_map();
    for (const auto& [key, target] : parts) {
        const Value* value = map ? map->find(key) : nullptr;
        if (!value) continue;
        if (value->kind() != Kind::text) return problem("the part " + std::string(key) + " must be a text");
        *target = value->as_text();
    }
    if (!user.empty()) {
        const Result<Address> parsed = parse_address("proto://" + user + "@host");
        if (!parsed) return problem("unable to parse userinfo: " + parsed.message());
        address.user = parsed->user;
        address.password = parsed->password;
    }
    return call.context.text(to_string(address));
}

constexpr Function k_functions[] = {{"urlParse", "s", url_parse}, {"urlJoin", "m", url_join}};

}  // namespace

std::span<const Function> address_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
