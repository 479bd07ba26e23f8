// The text of a comment as a marker: which setter it names, or what is wrong with it.
// Rules: conformance/README.md "Which comment marks which scalar". Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::policy::setters {

enum class MarkerKind {
    comment,  // no marker, and nothing that looks like one
    marker,
    broken,  // meant as a marker, but it cannot work
};

struct Marker {
    MarkerKind kind = MarkerKind::comment;
    std::string setter;   // decoded, as it must be offered by a policy
    std::string problem;  // of a broken one: what is wrong, a sentence without its dot
};

/// `comment` begins at its first "#" and ends before the line end.
Marker parse_marker(std::string_view comment);

/// Why a setter can never be offered by any policy ("" if it can): not NAMESPACE:POLICY with an optional
/// :tag, :name or :digest.
std::string check_setter(std::string_view setter);

}  // namespace tidemark::policy::setters
