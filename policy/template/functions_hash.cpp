// sprig's check sums, and derivePassword (the Master Password algorithm, deterministic).
#include <array>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

using Bytes = std::vector<unsigned char>;

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view k_digits = "0123456789abcdef";
    std::string text;
    for (std::size_t index = 0; index < count; ++index) {
        text += k_digits[bytes[index] >> 4];
        text += k_digits[bytes[index] & 15];
    }
    return text;
}

Result<Value> digest(Call& call, const EVP_MD* method) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    if (EVP_Digest(call.text(0).data(), call.text(0).size(), sum.data(), &size, method, nullptr) != 1)
        return problem("the check sum cannot be computed");
    return call.context.text(hexadecimal(sum.data(), size));
}

Result<Value> sha1sum(Call& call) {
    return digest(call, EVP_sha1());
}
Result<Value> sha256sum(Call& call) {
    return digest(call, EVP_sha256());
}
Result<Value> sha512sum(Call& call) {
    return digest(call, EVP_sha512());
}

/// Adler-32 of RFC 1950, in decimal.
Result<Value> adler32sum(Call& call) {
    constexpr std::uint32_t k_modulus = 65521;
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char byte : call.text(0)) {
        low = (low + static_cast<unsigned char>(byte)) % k_modulus;
        high = (high + low) % k_modulus;
    }
    return call.context.text(std::to_string((high << 16) | low));
}

/// The shapes a password of a type may have: each letter names a class of characters.
std::vector<std::string_view> shapes_of(std::string_view type) {
    if (type == "maximum") return {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"};
    if (type == "long")
        return {"CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
                "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
                "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
                "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
                "CvccCvcvCvccno"};
    if (type == "medium") return {"CvcnoCvc", "CvcCvcno"};
    if (type == "short") return {"Cvcn"};
    if (type == "basic") return {"aaanaaan", "aannaaan", "aaannaaa"};
    if (type == "pin") return {"nnnn"};
    return {};
}

std::string_view characters_of(char shape) {
    switch (shape) {
        case 'V':
            return "AEIOU";
        case 'C':
            return "BCDFGHJKLMNPQRSTVWXYZ";
        case 'v':
            return "aeiou";
        case 'c':
            return "bcdfghjklmnpqrstvwxyz";
        case 'a':
            return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
        case 'n':
            return "0123456789";
        case 'o':
            return "@&%?,=[]_:-+*$#!'^~;()/.";
        default:
            return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
    }
}

void append_number(Bytes& bytes, std::size_t number) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes.push_back(static_cast<unsigned char>(number >> shift));
}

void append_text(Bytes& bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
}

/// derivePassword COUNTER TYPE PASSWORD USER SITE
Result<Value> derive_password(Call& call) {
    constexpr std::uint64_t k_steps = 1'000'000;  // takes a tenth of a second and 32 MiB
    constexpr std::uint64_t k_scrypt_cost = 32768;
    constexpr std::uint64_t k_scrypt_block = 8;
    constexpr std::uint64_t k_scrypt_parallel = 2;
    constexpr std::uint64_t k_scrypt_memory = 64ULL << 20;
    constexpr std::string_view k_scope = "com.lyndir.masterpassword";
    const std::vector<std::string_view> shapes = shapes_of(call.text(1));
    if (shapes.empty()) return call.context.text("cannot find password template " + std::string(call.text(1)));
    if (!call.context.budget().spend_steps(k_steps)) return call.context.budget().problem();
    Bytes salt;
    append_text(salt, k_scope);
    append_number(salt, call.text(3).size());
    append_text(salt, call.text(3));
    std::array<unsigned char, 64> key{};
    if (EVP_PBE_scrypt(call.text(2).data(), call.text(2).size(), salt.data(), salt.size(), k_scrypt_cost,
                       k_scrypt_block, k_scrypt_parallel, k_scrypt_memory, key.data(), key.size()) != 1)
        return problem("the password cannot be derived");
    Bytes site;
    append_text(site, k_scope);
    append_number(site, call.text(4).size());
    append_text(site, call.text(4));
    append_number(site, static_cast<std::size_t>(call.value(0).as_natural()));
    std::array<unsigned char, EVP_MAX_MD_SIZE> seed{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), site.data(), site.size(), seed.data(), &size))
        return problem("the password cannot be derived");
    const std::string_view shape = shapes[seed[0] % shapes.size()];
    std::string password;
    for (std::size_t index = 0; index < shape.size(); ++index) {
        const std::string_view characters = characters_of(shape[index]);
        password += characters[seed[index + 1] % characters.size()];
    }
    return call.context.text(std::move(password));
}

constexpr Function k_functions[] = {
    {"sha1sum", "s", sha1sum},
    {"sha256sum", "s", sha256sum},
    {"sha512sum", "s", sha512sum},
    {"adler32sum", "s", adler32sum},
    {"derivePassword", "ussss", derive_password},
};

}  // namespace

std::span<const Function> hash_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
