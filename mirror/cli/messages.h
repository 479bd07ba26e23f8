// One line a message on the error stream: a symbol, a blank, the text.
#pragma once

#include <string>
#include <string_view>

#include "mirror/cli/streams.h"

namespace tidemark::mirror::cli {

void say_doing(const Streams& streams, std::string_view text);       // ►
void say_generating(const Streams& streams, std::string_view text);  // ✚
void say_waiting(const Streams& streams, std::string_view text);     // ◎
void say_done(const Streams& streams, std::string_view text);        // ✔
void say_failed(const Streams& streams, std::string_view text);      // ✗
void say_warning(const Streams& streams, std::string_view text);     // ⚠️

/// Control characters made harmless: a tab as a blank, the others as `\x1b`. For text of files and servers.
std::string visible(std::string_view text);

/// Writes data to the output stream. Throws Error{storage} if it cannot be written (a full disk, a closed pipe).
void print(const Streams& streams, std::string_view data);

}  // namespace tidemark::mirror::cli
