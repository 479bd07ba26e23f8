// A fingerprint of a spec that only its meaning changes: key order, comments, quotes and formatting do not.
#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>

#include "policy/yaml/document.h"

namespace tidemark::policy {

/// SHA-256 over a canonical form; one object for many specs, as setting the digest up costs more than a spec.
class SpecHasher {
public:
    SpecHasher();
    /// 64 hex digits; empty should OpenSSL fail, which makes every spec look changed, never unchanged.
    std::string hash(const yaml::Node& spec);

private:
    struct DeleteContext {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    struct DeleteDigest {
        void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
    };
    std::unique_ptr<EVP_MD_CTX, DeleteContext> m_context;
    std::unique_ptr<EVP_MD, DeleteDigest> m_digest;
    std::string m_canonical;  // kept for its memory
};

}  // namespace tidemark::policy
