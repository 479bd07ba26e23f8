// Truth, equality and order of template values, as Go's text/template and reflect see them.
#pragma once

#include <span>

#include "policy/base/result.h"
#include "policy/template/context.h"

namespace tidemark::policy::message {

/// What `if` goes by: not zero, not empty; a structure is always true.
bool is_true(const Value& value) noexcept;
/// sprig's empty: as is_true, negated, but nothing and nil are empty.
bool is_empty(const Value& value) noexcept;

/// `eq`: whether `first` equals any of `others`.
Result<bool> equals_any(const Value& first, std::span<const Value> others);
/// `lt`.
Result<bool> less(const Value& left, const Value& right);
/// reflect.DeepEqual. Costs steps; the answer means nothing once the budget is used up.
bool deep_equal(Budget& budget, const Value& left, const Value& right, int depth = 0);

}  // namespace tidemark::policy::message
