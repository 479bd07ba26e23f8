// Parses any text as a commit message template and renders it with fixed data under small limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/template/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tidemark::policy;
    const auto message = MessageTemplate::parse({reinterpret_cast<const char*>(data), size});
    if (!message) return 0;
    MessageData sample;
    sample.automation_namespace = "flux-system";
    sample.automation_name = "auto";
    sample.values = {{"cluster", "prod"}, {"empty", ""}, {"json", R"({"a":[1,{"b":null}]})"}};
    sample.changes = {
        {"a.yaml", {"apps/v1", "Deployment", "shop", "web"}, "flux-system:web", "web:1.0.0", "web:1.0.1", 3},
        {"b.yaml", {"batch/v1", "CronJob", "shop", "job"}, "flux-system:job:tag", "1", "2", 4},
    };
    sample.images = {{"flux-system/web", "ghcr.io/acme/web:1.0.1"}, {"flux-system/job", "acme/job:2"}};
    const RenderLimits limits{.output_bytes = 1 << 16, .memory_bytes = 1 << 22, .steps = 200'000, .depth = 200};
    (void)message->render(sample, limits);
    return 0;
}
