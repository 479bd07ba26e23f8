#include "hooks/rules_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {

LoadedRules load_rules(const std::string& file) {
    LoadedRules loaded;
    loaded.file = file;
    try {
        auto reading = policy::guard::read_rules(mirror::read_file(file, policy::guard::k_max_rules_bytes), file);
        loaded.rules = std::move(reading.rules);
        const auto error = std::find_if(
            reading.findings.begin(), reading.findings.end(),
            [](const policy::Finding& finding) { return finding.severity == policy::Severity::error; });
        if (error != reading.findings.end()) loaded.problem = to_string(*error);
    } catch (const mirror::Error& error) {
        loaded.problem = error.what();
    }
    return loaded;
}

const policy::guard::RepositoryRules* find_rules(const policy::guard::HookRules& rules,
                                                 const policy::guard::RepositoryNames& names) {
    if (const auto* const found = policy::guard::find_repository(rules, names)) return found;
    constexpr std::string_view k_inner = "/.git";
    if (!names.path.ends_with(k_inner)) return nullptr;
    policy::guard::RepositoryNames outer;
    outer.path = names.path.substr(0, names.path.size() - k_inner.size());
    return policy::guard::find_repository(rules, outer);
}

}  // namespace tidemark::hooks
