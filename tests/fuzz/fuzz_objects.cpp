// Objects from hostile bytes: reading never throws, never loops, and reading twice gives the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "policy/objects/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tidemark::policy;
    // The word lets every input past the screening for files without objects.
    const std::string bytes = std::string(reinterpret_cast<const char*>(data), size) + "\n# toolkit.fluxcd.io\n";
    ObjectSet first = read_objects({{"a.yaml", bytes}});
    const ObjectSet second = read_objects({{"a.yaml", bytes}});
    if (first.findings.size() != second.findings.size() || first.image_policies.size() != second.image_policies.size())
        std::abort();
    check_references(first);
    for (const auto& [key, automation] : first.image_update_automations)
        policies_of(automation, first);
    return 0;
}
