// One line of comma-separated values (RFC 4180), as list flags are written: `a=b,"c=d,e"`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::mirror::cli {

/// The fields; none for an empty text. A field is quoted only as a whole, with `""` for a quote inside.
policy::Result<std::vector<std::string>> parse_csv_line(std::string_view text);

}  // namespace tidemark::mirror::cli
