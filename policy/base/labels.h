// Kubernetes label selectors: the objects' `policySelector` and `namespaceSelectors`, and the
// text form that `-l` takes. Rules: conformance/labels-duration.json (kind `selector`) and
// conformance/flux-get.md (`-l`).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::policy {

using Labels = std::map<std::string, std::string>;

enum class LabelOperator { in, not_in, exists, does_not_exist };

struct LabelRequirement {
    std::string key;
    LabelOperator operation = LabelOperator::in;
    std::vector<std::string> values;
};

/// All requirements must hold; none means every object matches.
struct LabelSelector {
    std::vector<LabelRequirement> requirements;

    bool matches(const Labels& labels) const;
};

/// A `matchExpressions` entry as written in YAML, before it was checked.
struct RawLabelExpression {
    std::string key;
    std::string operation;
    std::vector<std::string> values;
};

/// metav1.LabelSelectorAsSelector: checks operators, values, keys (Kubernetes label syntax).
Result<LabelSelector> make_label_selector(const Labels& match_labels,
                                          const std::vector<RawLabelExpression>& match_expressions);

/// The text form: `a=b`, `a==b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b)`, joined by commas.
Result<LabelSelector> parse_label_selector(std::string_view text);

/// Kubernetes' rules for a qualified label key ("prefix/name") and for a label value. On failure the
/// problem says which rule is broken.
Result<std::string> check_label_key(std::string_view key);
Result<std::string> check_label_value(std::string_view value);

}  // namespace tidemark::policy
