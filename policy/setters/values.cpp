// What policies offer to markers.
#include <fmt/format.h>

#include "policy/image/reference.h"
#include "policy/setters/setters.h"

namespace tidemark::policy {

std::string LatestReference::to_string() const {
    return digest.empty() ? fmt::format("{}:{}", name, tag) : fmt::format("{}:{}@{}", name, tag, digest);
}

SetterValues make_setter_values(const std::vector<PolicyReference>& policies) {
    SetterValues result;
    for (const PolicyReference& policy : policies) {
        const std::string setter = policy.policy_namespace + ":" + policy.policy_name;
        const std::string text = policy.latest.to_string();
        if (const auto reference = parse_image_reference(text); !reference) {
            Finding finding;
            finding.subject = fmt::format("ImagePolicy {}/{}", policy.policy_namespace, policy.policy_name);
            finding.message = fmt::format("its latest reference \"{}\" is none: {}", text, reference.message());
            finding.remedy = "its markers keep their values; mend the image or the policy";
            result.findings.push_back(std::move(finding));
            continue;
        }
        result.values.insert_or_assign(setter, text);
        result.values.insert_or_assign(setter + ":name", policy.latest.name);
        result.values.insert_or_assign(setter + ":tag", policy.latest.tag);
        result.values.insert_or_assign(setter + ":digest", policy.latest.digest);
    }
    return result;
}

}  // namespace tidemark::policy
