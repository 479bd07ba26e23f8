// How a file falls into documents before any YAML is read: at lines that begin with "---", as Flux's reader
// does it (conformance/README.md "Documents"). Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::policy::setters {

/// Bytes [begin, end) of the file, the line end before a separator included.
struct DocumentSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A Problem when something other than a comment follows a separator.
Result<std::vector<DocumentSpan>> split_documents(std::string_view bytes);

/// The next line end at or after `at`: LF, CR, U+0085, U+2028, U+2029, or the end of the text.
std::size_t find_line_end(std::string_view text, std::size_t at) noexcept;

/// Bytes of the line end at `at` (CR LF counts as one), 0 if there is none.
std::size_t line_end_size(std::string_view text, std::size_t at) noexcept;

}  // namespace tidemark::policy::setters
