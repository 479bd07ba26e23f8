// What to do about a finding, with the exact commands: the part of the message that depends on the rule. Pure.
#pragma once

#include <string>
#include <vector>

#include "hooks/outcome.h"

namespace tidemark::hooks {

/// Lines without indentation, three at most; the first finding of a rule speaks for the others.
std::vector<std::string> advice_for(const policy::guard::GuardFinding& finding, const GuardedPush& push);

/// The branch that an automation branch is made from.
std::string main_of(const policy::guard::GuardFinding& finding, const GuardedPush& push);

/// The end of a sentence: how to push it nevertheless, or that nobody may.
std::string override_advice(policy::guard::RuleId rule, const GuardedPush& push);

}  // namespace tidemark::hooks
