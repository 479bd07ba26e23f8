// Objects as they write themselves, with their status: what `tidemark get` shows over the socket.
#include <algorithm>
#include <array>

#include "mirror/service/known_object.h"
#include "mirror/web/api.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/json.h"
#include "mirror/web/list_query.h"
#include "policy/yaml/emitter.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKind;
using policy::yaml::Value;
using service::KnownObject;

constexpr std::size_t k_limit = 500;
constexpr std::size_t k_most = 1000;
constexpr std::size_t k_most_problems = 100;
constexpr std::array k_kinds = {ObjectKind::image_repository, ObjectKind::image_policy,
                                ObjectKind::image_update_automation, ObjectKind::git_repository};

void write(JsonText& json, const Value& tree) {
    if (const auto* members = std::get_if<Value::Mapping>(&tree.content())) {
        json.begin_object();
        for (const policy::yaml::Member& member : *members) {
            json.key(valid_utf8(member.key));
            write(json, member.value);
        }
        json.end_object();
    } else if (const auto* items = std::get_if<Value::Sequence>(&tree.content())) {
        json.begin_list();
        for (const Value& item : *items)
            write(json, item);
        json.end_list();
    } else if (const auto* truth = std::get_if<bool>(&tree.content())) {
        json.value(*truth);
    } else if (const auto* number = std::get_if<std::int64_t>(&tree.content())) {
        json.value(*number);
    } else {
        json.value(std::get<std::string>(tree.content()));
    }
}

Answer objects(Site& site, const Request& request) {
    const auto workspace = site.live.workspace();
    if (!workspace) return refusal(request, 503, "the service is starting", "try again in a moment");
    const std::string_view word = request.query_value("kind");
    const auto* const kind =
        std::find_if(k_kinds.begin(), k_kinds.end(), [&](ObjectKind one) { return policy::kind_name(one) == word; });
    if (kind == k_kinds.end())
        return refusal(request, 400, "`kind` has to name the objects' kind", "kind=ImagePolicy, for example");
    const ListQuery query = read_list_query(request, k_limit, k_most);
    std::optional<std::string> name_space;
    if (const auto given = request.query_value("namespace"); !given.empty()) name_space = given;
    const auto store = site.stores.lease();
    const service::FoundObjects found = service::find_known_objects(
        workspace->objects, *kind, name_space, std::string(request.query_value("name")),
        [&](ObjectKind of, const policy::ObjectKey& key) { return store->find_status(of, key); },
        {query.offset, query.limit});
    std::vector<std::string> problems = service::problems_of_files(workspace->objects);
    problems.resize(std::min(problems.size(), k_most_problems));
    JsonText json;
    json.begin_object().member("total", std::uint64_t{found.total}).member("offset", std::uint64_t{query.offset});
    json.member("limit", std::uint64_t{query.limit}).list("problems", problems).key("items").begin_list();
    for (const KnownObject& object : found.objects)
        write(json, service::data_of(object));
    json.end_list().end_object();
    return json_answer(200, json);
}

}  // namespace

void add_api_objects(Router& router, Site& site) {
    router.add(Method::get, "/api/v1/objects", [&site](const Request& request) { return objects(site, request); });
}

}  // namespace tidemark::mirror::web
