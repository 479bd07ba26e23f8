// What may stand as the name of an object, a namespace, a label. Errors are Error{usage} in the words of `flux`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/labels.h"

namespace tidemark::mirror::cli {

/// RFC 1123 label: small letters, digits, '-', at most 63, beginning and ending with a letter or digit.
bool is_dns_label(std::string_view text) noexcept;

/// The first of a command's arguments as an object's name. `flux create` wants two characters at least.
const std::string& object_name(const std::vector<std::string>& arguments);

/// `key=value` texts, as --label gives them; of equal keys the last counts.
policy::Labels parse_labels(const std::vector<std::string>& texts);

/// A Git address: its scheme in small letters is http, https or ssh.
std::string git_url_scheme(const std::string& url);

}  // namespace tidemark::mirror::cli
