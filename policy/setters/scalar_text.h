// How a new text is written in place of a scalar: the style stays where the text allows it, and what would
// read as a number, a boolean, a date or null is quoted. Rules: conformance/README.md "What is written".
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/yaml/parser.h"

namespace tidemark::policy::setters {

/// A scalar in a file: bytes [begin, end), quotes and block header included, anchor and tag not.
struct ScalarPlace {
    std::size_t begin = 0;
    std::size_t end = 0;
    yaml::ScalarStyle style = yaml::ScalarStyle::plain;
    bool flow = false;  // inside [] or {}
    std::string tag;    // explicit and resolved, or empty
};

/// Bytes [begin, end) of the old text become `text`.
struct Edit {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};

/// The parts of a literal or folded scalar.
struct BlockParts {
    std::size_t header_end = 0;  // behind "|", ">" and their indicators
    std::size_t content = 0;     // the line below the header
    std::size_t last = 0;        // the end of the last line that holds more than blanks; 0 without one
    std::string indentation;
};

BlockParts find_block_parts(std::string_view bytes, const ScalarPlace& place);

/// Whether a plain scalar of this text is a string to Flux's and Kubernetes' readers.
bool reads_as_string(std::string_view text) noexcept;

/// The edits, in order, that make the scalar say `text`; none of them adds a line. A Problem when the text
/// cannot stand there: line breaks and control characters, or an explicit tag that the text does not fit.
Result<std::vector<Edit>> write_scalar(std::string_view bytes, const ScalarPlace& place, std::string_view text);

}  // namespace tidemark::policy::setters
