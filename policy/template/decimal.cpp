#include "policy/template/decimal.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "policy/template/number.h"

namespace tidemark::policy::message {
namespace {

struct FreeContext {
    void operator()(BN_CTX* context) const noexcept { BN_CTX_free(context); }
};
using Scratch = std::unique_ptr<BN_CTX, FreeContext>;

constexpr int k_division_digits = 16;

}  // namespace

std::optional<Decimal> Decimal::from_double(double value) {
    if (!std::isfinite(value)) return std::nullopt;
    std::string text = format_floating(value, 'e', -1);
    const std::size_t mark = text.find('e');
    int exponent = std::atoi(text.c_str() + mark + 1);
    text.resize(mark);
    if (const std::size_t dot = text.find('.'); dot != std::string::npos) {
        exponent -= static_cast<int>(text.size() - dot - 1);
        text.erase(dot, 1);
    }
    BIGNUM* number = nullptr;
    BN_dec2bn(&number, text.c_str());
    return Decimal(Big(number), exponent);
}

Decimal::Big Decimal::scaled_to(int exponent) const {
    Big factor(BN_new());
    Big power(BN_new());
    Big result(BN_new());
    const Scratch scratch(BN_CTX_new());
    BN_set_word(factor.get(), 10);
    BN_set_word(power.get(), static_cast<BN_ULONG>(m_exponent - exponent));
    BN_exp(result.get(), factor.get(), power.get(), scratch.get());
    BN_mul(result.get(), result.get(), m_mantissa.get(), scratch.get());
    return result;
}

Decimal Decimal::plus(const Decimal& other) const {
    const int exponent = std::min(m_exponent, other.m_exponent);
    Big sum = scaled_to(exponent);
    BN_add(sum.get(), sum.get(), other.scaled_to(exponent).get());
    return {std::move(sum), exponent};
}

Decimal Decimal::minus(const Decimal& other) const {
    const int exponent = std::min(m_exponent, other.m_exponent);
    Big difference = scaled_to(exponent);
    BN_sub(difference.get(), difference.get(), other.scaled_to(exponent).get());
    return {std::move(difference), exponent};
}

Decimal Decimal::times(const Decimal& other) const {
    Big product(BN_new());
    const Scratch scratch(BN_CTX_new());
    BN_mul(product.get(), m_mantissa.get(), other.m_mantissa.get(), scratch.get());
    return {std::move(product), m_exponent + other.m_exponent};
}

std::optional<Decimal> Decimal::divided_by(const Decimal& other) const {
    if (BN_is_zero(other.m_mantissa.get())) return std::nullopt;
    // Both as whole numbers whose quotient counts units of 10^-16.
    const int shift = m_exponent + k_division_digits - other.m_exponent;
    const Big dividend = scaled_to(m_exponent - std::max(shift, 0));
    const Big divisor = other.scaled_to(other.m_exponent + std::min(shift, 0));
    Big quotient(BN_new());
    Big remainder(BN_new());
    const Scratch scratch(BN_CTX_new());
    BN_div(quotient.get(), remainder.get(), dividend.get(), divisor.get(), scratch.get());
    BN_lshift1(remainder.get(), remainder.get());
    if (BN_ucmp(remainder.get(), divisor.get()) >= 0) {
        const bool negative = BN_is_negative(dividend.get()) != BN_is_negative(divisor.get());
        if (negative) {
            BN_sub_word(quotient.get(), 1);
        } else {
            BN_add_word(quotient.get(), 1);
        }
    }
    return Decimal(std::move(quotient), -k_division_digits);
}

double Decimal::to_double() const {
    const std::unique_ptr<char, void (*)(char*)> digits(BN_bn2dec(m_mantissa.get()),
                                                        [](char* text) { OPENSSL_free(text); });
    const std::string text = std::string(digits.get()) + "e" + std::to_string(m_exponent);
    return std::strtod(text.c_str(), nullptr);
}

std::size_t Decimal::size() const noexcept {
    return static_cast<std::size_t>(BN_num_bits(m_mantissa.get())) / 3 + 1;
}

}  // namespace tidemark::policy::message
