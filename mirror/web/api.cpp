#include "mirror/web/api.h"

#include "mirror/web/openapi.h"

namespace tidemark::mirror::web {

void add_api(Router& router, Site& site) {
    add_api_lists(router, site);
    add_api_objects(router, site);
    add_api_news(router, site);
    add_api_commands(router, site);
    router.add(Method::get, "/api/v1/openapi.json", [](const Request&) {
        Answer answer;
        answer.content_type = "application/json";
        answer.body = k_openapi;
        return answer;
    });
}

}  // namespace tidemark::mirror::web
