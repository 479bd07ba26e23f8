// What TLS trusts, built once for each set of certificates. Reading the system's bundle for every handshake costs
// 19 ms of CPU, which is what libcurl does with a CA path or a CA blob; here every handshake of a setting shares one
// X509_STORE. The system's certificates are looked up by hash in OpenSSL's folder (SSL_CERT_DIR), so only those that
// are met are read, and in its file (SSL_CERT_FILE).
#pragma once

#include <memory>

#include <openssl/x509.h>

#include "mirror/http/settings.h"

namespace tidemark::mirror::http {

struct StoreDeleter {
    void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
};
using CertificateStore = std::unique_ptr<X509_STORE, StoreDeleter>;

/// The system's certificates and those of `settings.ca_pem`. Error{invalid} for a PEM text that cannot be read, or
/// a client certificate without its key, with one that does not belong to it, or with one under a passphrase.
CertificateStore make_certificate_store(const TlsSettings& settings);

}  // namespace tidemark::mirror::http
