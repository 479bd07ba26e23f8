// A change of a file as a unified diff, for people to read: only for changes that keep the number of lines, and for new
// files. Control characters are made visible. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::mirror::cli {

/// Precondition: both have the same number of lines. Empty if they are equal.
std::string diff_of_lines(std::string_view path, std::string_view before, std::string_view after);

std::string diff_of_new_file(std::string_view path, std::string_view content);

}  // namespace tidemark::mirror::cli
