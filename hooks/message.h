// What the pusher reads: one sentence that says what and where, each finding with its place, the lines as they were and
// are, what to do with the exact commands, how to override, and which rule it was. At most k_max_message_lines lines.
// Text from the repository is escaped (printable.h). Pure.
#pragma once

#include <cstddef>
#include <string>

#include "hooks/outcome.h"

namespace tidemark::hooks {

inline constexpr std::size_t k_max_message_lines = 20;

/// Where the message is shown beside the terminal.
enum class Audience {
    terminal,
    gitlab_page,  // lines that a web page should show start with "GL-HOOK-ERR:"
};

/// Empty if there is nothing to say: accepted, and no note.
std::string make_message(const GuardedPush& push, const Outcome& outcome, Audience audience);

/// One warning on a push that could not be judged because the rules cannot be used, and nobody knows whom they guard.
std::string make_rules_warning(const std::string& problem);

}  // namespace tidemark::hooks
