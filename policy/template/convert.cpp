#include "policy/template/convert.h"

#include <cmath>
#include <limits>

#include "policy/template/format.h"
#include "policy/template/number.h"

namespace tidemark::policy::message {
namespace {

/// "12.00" is 12; other fractions stay and are then no integers.
std::string_view without_zero_fraction(std::string_view text) {
    const std::size_t last = text.find_last_not_of('0');
    const bool zeros = last != std::string_view::npos && last + 1 < text.size();
    return zeros && text[last] == '.' ? text.substr(0, last) : text;
}

/// Go's conversion on amd64: what does not fit is the smallest number.
std::int64_t truncated(double number) {
    constexpr double k_two_63 = 9223372036854775808.0;
    if (!(number >= -k_two_63 && number < k_two_63)) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(number);
}

}  // namespace

std::int64_t to_int64(const Value& value) {
    switch (value.kind()) {
        case Kind::integer:
            return value.as_integer();
        case Kind::natural:
            return static_cast<std::int64_t>(value.as_natural());
        case Kind::floating:
            return truncated(value.as_floating());
        case Kind::boolean:
            return value.as_boolean() ? 1 : 0;
        case Kind::text:
            return parse_integer(without_zero_fraction(value.as_text()), 0).value_or(0);
        case Kind::none:
        case Kind::nil:
        case Kind::complex:
        case Kind::list:
        case Kind::map:
        case Kind::structure:
        case Kind::native:
            break;
    }
    return 0;
}

double to_double(const Value& value) {
    switch (value.kind()) {
        case Kind::integer:
            return static_cast<double>(value.as_integer());
        case Kind::natural:
            return static_cast<double>(value.as_natural());
        case Kind::floating:
            return value.as_floating();
        case Kind::boolean:
            return value.as_boolean() ? 1 : 0;
        case Kind::text:
            return parse_floating(value.as_text()).value_or(0);
        case Kind::none:
        case Kind::nil:
        case Kind::complex:
        case Kind::list:
        case Kind::map:
        case Kind::structure:
        case Kind::native:
            break;
    }
    return 0;
}

std::vector<std::string_view> to_texts(Context& context, const Value& value) {
    std::vector<std::string_view> texts;
    if (value.missing()) return texts;
    if (value.kind() != Kind::list) return {as_text(context, value)};
    texts.reserve(value.size());
    for (const Value& item : value.items()) {
        if (context.budget().exhausted()) break;
        if (!item.missing()) texts.push_back(as_text(context, item));
    }
    return texts;
}

}  // namespace tidemark::policy::message
