// SHA-256 of a text as hexadecimal digits: names and fingerprints, no secrets.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::mirror::service {

std::string hex_digest(std::string_view text);

}  // namespace tidemark::mirror::service
