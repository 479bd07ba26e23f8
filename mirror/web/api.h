// The JSON API below /api/v1, the same on the Unix socket and the network; openapi.json describes it, and a test holds
// the answers to it. Lists take `q` (a part of a name, image or tag), `filter` (a state, or `needs`), `limit` and
// `offset`.
#pragma once

#include "mirror/web/router.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

void add_api(Router& router, Site& site);

// By what they answer.
void add_api_lists(Router& router, Site& site);
void add_api_objects(Router& router, Site& site);
void add_api_news(Router& router, Site& site);
void add_api_commands(Router& router, Site& site);

}  // namespace tidemark::mirror::web
