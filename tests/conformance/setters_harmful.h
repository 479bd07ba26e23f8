// What Tidemark does in the cases of setters.json in which Flux does harm. differences.md says why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemark::conformance {

enum class Answer {
    as_flux,  // the same changes as Flux records, without the harm around them
    nothing,  // no change at all
    these,    // `changes`
};

struct HarmfulCase {
    std::string_view id;
    Answer answer;
    bool finding;                      // something is told
    std::vector<std::string> changes;  // "file object-name old new"
};

/// nullptr for an id that has no answer yet.
const HarmfulCase* find_harmful(std::string_view id);

}  // namespace tidemark::conformance
