// /metrics for Prometheus. Names, types and labels are described in docs/metrics.md. Cardinality: one series an object
// for its ages (kind, namespace, name), one a registry host and result for scans, and no label that a registry or
// remote can choose.
#pragma once

#include "mirror/web/router.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

void add_metrics(Router& router, Site& site);

}  // namespace tidemark::mirror::web
