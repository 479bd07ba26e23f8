// Whether a text names a registry: the authority part of a URL as Go's net/url takes it.
// Used by reference.cpp only.
#pragma once

#include <string_view>

namespace tidemark::policy {

/// "host", "host:port", "[IPv6]:port"; not empty text's business: "" passes.
bool is_registry(std::string_view text) noexcept;

}  // namespace tidemark::policy
