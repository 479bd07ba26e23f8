// libcurl's functions, loaded at the first use: it brings thirty more libraries along (LDAP, Kerberos, RTMP ...), and
// resolving their symbols takes longer than all else that a command without a registry does at its start.
// Any thread may ask for it.
#pragma once

#include <curl/curl.h>

namespace tidemark::mirror::http {

#define TIDEMARK_CURL_FUNCTIONS(use)                                                                                  \
    use(easy_cleanup) use(easy_getinfo) use(easy_header) use(easy_init) use(easy_option_by_id) use(easy_setopt)       \
        use(easy_strerror) use(free) use(global_init) use(multi_add_handle) use(multi_cleanup) use(multi_info_read)   \
            use(multi_init) use(multi_perform) use(multi_poll) use(multi_remove_handle) use(multi_setopt)             \
                use(multi_strerror) use(multi_wakeup) use(slist_append) use(slist_free_all) use(url) use(url_cleanup) \
                    use(url_get) use(url_set)

struct Libcurl {
#define TIDEMARK_DECLARE(name) decltype(&::curl_##name) name = nullptr;
    TIDEMARK_CURL_FUNCTIONS(TIDEMARK_DECLARE)
#undef TIDEMARK_DECLARE
};

/// Error{not_found}: libcurl is not installed.
const Libcurl& libcurl();

}  // namespace tidemark::mirror::http
