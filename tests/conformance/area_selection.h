// The two halves of the selection area: values here, choices in area_selection.cpp.
#pragma once

#include "tests/conformance/harness.h"

namespace tidemark::conformance {

/// Durations, selectors, image references, versions, their order, constraints.
void check_selection_values(Report& report);

}  // namespace tidemark::conformance
