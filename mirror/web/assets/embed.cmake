# Writes the assets as C++ source: each under a name that changes with its bytes, so that browsers may keep it for ever.
#   cmake -DFOLDER=... -DOUTPUT=... -P embed.cmake
set(entries "")
foreach(name page.css page.js icon.svg)
  file(READ ${FOLDER}/${name} text)
  file(SHA256 ${FOLDER}/${name} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  if(name MATCHES "css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "js$")
    set(type "text/javascript; charset=utf-8")
  else()
    set(type "image/svg+xml")
  endif()
  string(APPEND entries "    {\"/assets/${hash}/${name}\", \"${type}\", R\"asset(${text})asset\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"mirror/web/assets.h\"

namespace tidemark::mirror::web {

const std::array<Asset, 3> k_assets = {{
${entries}}};

}  // namespace tidemark::mirror::web
")
