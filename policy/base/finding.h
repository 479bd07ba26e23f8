// A Finding is one thing that is wrong (or doubtful) in what people wrote, with its place.
// Readers collect findings and go on: one bad object stops only itself.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tidemark::policy {

/// Line and column count from 1, columns in bytes; 0 means unknown.
struct Place {
    std::string file;
    std::size_t line = 0;
    std::size_t column = 0;
};

/// "file:line:column", without the parts that are unknown.
std::string to_string(const Place& place);

enum class Severity { warning, error };

struct Finding {
    Severity severity = Severity::error;
    Place place;
    /// What it is about, e.g. "ImagePolicy flux-system/web"; may be empty.
    std::string subject;
    /// What is wrong, one sentence without a final dot.
    std::string message;
    /// What to do about it; may be empty.
    std::string remedy;
};

/// All fields at once.
Finding make_finding(Severity severity, Place place, std::string subject, std::string message, std::string remedy = "");

/// One line for a terminal: place, subject, message, and the remedy in brackets where there is one.
std::string to_string(const Finding& finding);

using Findings = std::vector<Finding>;

/// True if any finding is an error.
bool has_errors(const Findings& findings) noexcept;

}  // namespace tidemark::policy
