#include "mirror/http/libcurl.h"

#include <string>

#include <dlfcn.h>
#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::http {
namespace {

[[noreturn]] void fail(const std::string& what) {
    const char* reason = ::dlerror();
    throw Error(ErrorKind::not_found, fmt::format("loading {}: {} (Debian: apt install libcurl4)", what,
                                                  reason != nullptr ? reason : "not found"));
}

template <class Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) fail(name);
}

/// Also starts libcurl's process-wide part. Both are kept: other threads may still be inside when the process ends.
Libcurl load() {
    void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) fail("libcurl");
    Libcurl loaded;
#define TIDEMARK_FIND(name) find(library, "curl_" #name, loaded.name);
    TIDEMARK_CURL_FUNCTIONS(TIDEMARK_FIND)
#undef TIDEMARK_FIND
    if (const CURLcode result = loaded.global_init(CURL_GLOBAL_DEFAULT); result != CURLE_OK) {
        throw Error(ErrorKind::internal, fmt::format("starting libcurl failed: {}", loaded.easy_strerror(result)));
    }
    return loaded;
}

}  // namespace

const Libcurl& libcurl() {
    static const Libcurl s_library = load();
    return s_library;
}

}  // namespace tidemark::mirror::http
