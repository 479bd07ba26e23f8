// Running a command in-process and comparing it with a recorded one.
#pragma once

#include <string>
#include <vector>

#include "mirror/cli/streams.h"
#include "tests/conformance/harness.h"

namespace tidemark::conformance {

struct Outcome {
    int exit = 0;
    std::string out;
    std::string err;
};

Outcome invoke(const std::vector<std::string>& arguments, const mirror::cli::Environment& environment);

/// Whether the line is one of reconcile, suspend, resume, delete.
bool is_act(const std::vector<std::string>& arguments);

void check_acts(Report& report);
void check_get(Report& report);
void check_fixtures(Report& report);

/// Runs a case (`args`, `env`, `exit`, `stdout`, `stderr`) and reports how it went.
void check_invocation(Report& report, const std::string& file, Json element, mirror::cli::Environment environment);

}  // namespace tidemark::conformance
