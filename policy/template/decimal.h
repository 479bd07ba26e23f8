// Exact decimal numbers: addf and its relatives compute with them, so that 1.1 * 3 is 3.3.
// A number is a mantissa times a power of ten; OpenSSL's big numbers hold the mantissa.
#pragma once

#include <memory>
#include <optional>

#include <openssl/bn.h>

namespace tidemark::policy::message {

class Decimal {
public:
    /// The shortest decimal number that reads back as `value`; nothing for infinity and NaN.
    static std::optional<Decimal> from_double(double value);

    Decimal plus(const Decimal& other) const;
    Decimal minus(const Decimal& other) const;
    Decimal times(const Decimal& other) const;
    /// To 16 digits after the point, halves away from zero. Nothing for a division by zero.
    std::optional<Decimal> divided_by(const Decimal& other) const;

    double to_double() const;
    /// Digits of the mantissa: what a computation costs.
    std::size_t size() const noexcept;

private:
    struct Free {
        void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    };
    using Big = std::unique_ptr<BIGNUM, Free>;

    Decimal(Big mantissa, int exponent) : m_mantissa(std::move(mantissa)), m_exponent(exponent) {}
    /// The mantissa for an exponent that is not above the own one.
    Big scaled_to(int exponent) const;

    Big m_mantissa;
    int m_exponent = 0;
};

}  // namespace tidemark::policy::message
