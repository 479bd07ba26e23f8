// Words of others, fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark::policy {

/// Valid UTF-8 without control characters but line ends, at most `limit` bytes: what remotes say may be anything.
std::string clean_text(std::string_view text, std::size_t limit);

}  // namespace tidemark::policy
