#include "mirror/web/health.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::mirror::web {
namespace {

constexpr int k_unavailable = 503;
constexpr std::size_t k_named = 20;

Answer readiness(Site& site) {
    const service::LiveFacts facts = site.live.facts();
    if (!facts.ready || !site.live.workspace())
        return plain_answer(k_unavailable, "starting: objects are not read yet");
    std::string why;
    if (!facts.not_loaded.empty()) why += "objects were not read, those of before stay in use\n";
    if (facts.lost_passes > 0) why += fmt::format("{} passes in a row were lost; see the log\n", facts.lost_passes);
    if (site.settings()->stale_is_unready) {
        for (std::size_t i = 0; i < std::min(facts.stale.size(), k_named); ++i)
            why += fmt::format("stale: {} {}: {}\n", kind_name(facts.stale[i].kind), facts.stale[i].object.to_string(),
                               facts.stale[i].reason);
        if (facts.stale.size() > k_named) why += fmt::format("and {} more\n", facts.stale.size() - k_named);
    }
    if (why.empty()) return plain_answer(200, "ready");
    why.pop_back();
    return plain_answer(k_unavailable, why);
}

}  // namespace

void add_health(Router& router, Site& site) {
    router.add(Method::get, "/healthz", [](const Request&) { return plain_answer(200, "ok"); });
    router.add(Method::get, "/readyz", [&site](const Request&) { return readiness(site); });
}

}  // namespace tidemark::mirror::web
