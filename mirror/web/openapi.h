// The description of the API, openapi.json, compiled in (embed_openapi.cmake).
#pragma once

#include <string_view>

namespace tidemark::mirror::web {

extern const std::string_view k_openapi;

}  // namespace tidemark::mirror::web
