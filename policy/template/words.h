// Splitting names into words: snakecase, kebabcase and camelcase, with the rules of the library sprig uses
// (huandu/xstrings): "HTTP20xOK" is http_20x_ok, "Bld4Floor3rd" bld4_floor_3rd.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::policy::message {

/// Small letters, words joined by `connector`.
std::string joined_words(std::string_view text, char connector);
/// "http_server first-name" is HttpServerFirstName; connectors in front stay.
std::string pascal_case(std::string_view text);

}  // namespace tidemark::policy::message
