// The page for people: HTML written by the server, whole without JavaScript, which only refreshes and filters it.
// Reads through its own store and the published facts; what it changes, it hands in as a command.
#pragma once

#include "mirror/web/router.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

/// `/`, `/images/*/*`, `/automations`, `/automations/*/*`, `/mirrors`, `/events`, `/sign-in`, POST `/sign-out`, POST
/// `/commands` and the assets. `site` must outlive the router.
void add_pages(Router& router, Site& site);

}  // namespace tidemark::mirror::web
