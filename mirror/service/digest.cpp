#include "mirror/service/digest.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::service {

std::string hex_digest(std::string_view text) {
    std::array<unsigned char, 32> bytes{};
    if (EVP_Digest(text.data(), text.size(), bytes.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw Error(ErrorKind::internal, "computing a SHA-256 failed");
    std::string text_form;
    for (const unsigned char byte : bytes)
        text_form += fmt::format("{:02x}", byte);
    return text_form;
}

}  // namespace tidemark::mirror::service
