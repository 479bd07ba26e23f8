// Values as numbers and as lists of texts, the way sprig's helpers convert whatever they are given.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "policy/template/context.h"

namespace tidemark::policy::message {

/// Texts are read with Go's prefixes (0x, 0, 0b) and without ".0" at the end; what is no number is 0.
std::int64_t to_int64(const Value& value);
double to_double(const Value& value);

/// The elements of a list without the nil ones, or the value itself, each as %v prints it.
std::vector<std::string_view> to_texts(Context& context, const Value& value);

}  // namespace tidemark::policy::message
