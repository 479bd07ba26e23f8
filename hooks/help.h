// The help texts of tidemark-hook.
#pragma once

#include <string_view>

namespace tidemark::hooks {

std::string_view help_of_program() noexcept;
std::string_view help_of_pre_receive() noexcept;
std::string_view help_of_post_receive() noexcept;
std::string_view help_of_check() noexcept;

}  // namespace tidemark::hooks
