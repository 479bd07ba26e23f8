// For programs that hold libgit2 (the git program does what needs a connection): libgit2 without its transports.
// These definitions come before libgit2's own, so that the linker leaves out its network code with mbedTLS, libssh2
// and Kerberos. That saves the 4 ms in which mbedTLS reads the system's certificates at each start, and libgit2
// certainly opens no connection. Names and types are libgit2 1.5's; a version that has others fails to link.
#include <git2/errors.h>

// C has no names longer than its library's: these are libgit2's own.
extern "C" {

bool git_http__expect_continue = false;
bool git_smart__ofs_delta_enabled = true;

int git_transport_ssh_global_init() {
    return 0;
}
int git_stream_registry_global_init() {
    return 0;
}
int git_openssl_stream_global_init() {
    return 0;
}
int git_mbedtls_stream_global_init() {
    return 0;
}
int git_mbedtls__set_cert_location(const char*, const char*) {
    return GIT_ENOTFOUND;
}
int git_transport_new(void** transport, void*, const char*) {
    *transport = nullptr;
    return GIT_ENOTFOUND;
}
}
