// Any bytes as the guard's file of rules: rules without a finding are written, and read back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/guard/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tidemark::policy::guard;
    const RulesReading reading = read_rules({reinterpret_cast<const char*>(data), size}, "hook.yaml");
    find_repository(reading.rules, {"/srv/git/fleet.git", "acme/fleet"});
    for (const RepositoryRules& repository : reading.rules.repositories)
        find_branch(repository, "refs/heads/release/1.2");
    if (!reading.findings.empty()) return 0;
    const RulesReading again = read_rules(write_rules(reading.rules), "hook.yaml");
    if (!again.findings.empty() || again.rules != reading.rules) std::abort();
    return 0;
}
