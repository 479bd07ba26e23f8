// /healthz: the process answers. /readyz: objects are read, passes go through, and (unless the configuration says
// otherwise) nothing is stale.
#pragma once

#include "mirror/web/router.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

void add_health(Router& router, Site& site);

}  // namespace tidemark::mirror::web
