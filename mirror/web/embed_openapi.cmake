# Writes openapi.json as C++ source.
#   cmake -DINPUT=openapi.json -DOUTPUT=openapi.cpp -P embed_openapi.cmake
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include \"mirror/web/openapi.h\"

namespace tidemark::mirror::web {

const std::string_view k_openapi = R\"openapi(${text})openapi\";

}  // namespace tidemark::mirror::web
")
