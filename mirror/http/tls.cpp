#include "mirror/http/tls.h"

#include <climits>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::http {
namespace {

struct BioDeleter {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct CertificateDeleter {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct KeyDeleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;
using Certificate = std::unique_ptr<X509, CertificateDeleter>;
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;

/// OpenSSL's reason and nothing of the text it read.
std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    return reason != nullptr ? reason : "no certificate in it";
}

[[noreturn]] void refuse(std::string_view what) {
    throw Error(ErrorKind::invalid, fmt::format("{}: {}", what, openssl_reason()));
}

Bio open_pem(const std::string& pem) {
    if (pem.size() > INT_MAX) throw Error(ErrorKind::invalid, "a certificate is too large");
    ERR_clear_error();
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Without this OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

void add_certificates(X509_STORE* store, const std::string& pem) {
    const Bio bio = open_pem(pem);
    unsigned count = 0;
    while (const Certificate certificate{PEM_read_bio_X509_AUX(bio.get(), nullptr, no_passphrase, nullptr)}) {
        if (X509_STORE_add_cert(store, certificate.get()) != 1) refuse("the CA certificate cannot be used");
        ++count;
    }
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (count == 0 || !ended) refuse("the CA certificate (ca.crt) cannot be read");
    ERR_clear_error();
}

void check_client_pair(const TlsSettings& settings) {
    const bool has_certificate = !settings.client_certificate_pem.empty();
    if (has_certificate != !settings.client_key_pem.empty()) {
        throw Error(ErrorKind::invalid, has_certificate ? "the client certificate (tls.crt) has no key (tls.key)"
                                                        : "the client key (tls.key) has no certificate (tls.crt)");
    }
    if (!has_certificate) return;
    const Bio certificate_bio = open_pem(settings.client_certificate_pem);
    const Certificate certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, no_passphrase, nullptr));
    if (!certificate) refuse("the client certificate (tls.crt) cannot be read");
    const Bio key_bio = open_pem(settings.client_key_pem.reveal());
    const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_passphrase, nullptr));
    if (!key) refuse("the client key (tls.key) cannot be read, or is under a passphrase");
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
        ERR_clear_error();
        throw Error(ErrorKind::invalid, "the client key (tls.key) does not belong to the certificate (tls.crt)");
    }
}

/// Whether the system's folder of certificates is filed by the hash of the subject, so that one is found by its name.
bool has_hashed_folder() {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(X509_get_default_cert_dir(), failed)) {
        const std::string name = entry.path().filename().string();
        if (name.size() == 10 && name.ends_with(".0") && name.find_first_not_of("0123456789abcdef") == name.size() - 2)
            return true;
    }
    return false;
}

/// The system's certificates. The bundle of all of them takes some 20 ms to read, more than a scan, so they are looked
/// up one by one in the hashed folder where that is there and nobody named a bundle.
bool add_system_certificates(X509_STORE* store) {
    const bool named = std::getenv(X509_get_default_cert_file_env()) != nullptr ||
                       std::getenv(X509_get_default_cert_dir_env()) != nullptr;
    if (named || !has_hashed_folder()) return X509_STORE_set_default_paths(store) == 1;
    X509_LOOKUP* folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
    return folder != nullptr && X509_LOOKUP_add_dir(folder, nullptr, X509_FILETYPE_DEFAULT) == 1;
}

}  // namespace

CertificateStore make_certificate_store(const TlsSettings& settings) {
    check_client_pair(settings);
    CertificateStore store(X509_STORE_new());
    if (!store || !add_system_certificates(store.get())) {
        throw Error(ErrorKind::internal, fmt::format("reading the system's certificates failed: {}", openssl_reason()));
    }
    ERR_clear_error();
    if (!settings.ca_pem.empty()) add_certificates(store.get(), settings.ca_pem);
    return store;
}

}  // namespace tidemark::mirror::http
