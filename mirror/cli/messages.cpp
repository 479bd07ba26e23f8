#include "mirror/cli/messages.h"

#include <cerrno>

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::cli {
namespace {

void say(const Streams& streams, std::string_view symbol, std::string_view text) {
    fmt::print(streams.err, "{} {}\n", symbol, text);
}

}  // namespace

void say_doing(const Streams& streams, std::string_view text) {
    say(streams, "►", text);
}
void say_generating(const Streams& streams, std::string_view text) {
    say(streams, "✚", text);
}
void say_waiting(const Streams& streams, std::string_view text) {
    say(streams, "◎", text);
}
void say_done(const Streams& streams, std::string_view text) {
    say(streams, "✔", text);
}
void say_failed(const Streams& streams, std::string_view text) {
    say(streams, "✗", text);
}
void say_warning(const Streams& streams, std::string_view text) {
    say(streams, "⚠️ ", text);
}

void print(const Streams& streams, std::string_view data) {
    if (std::fwrite(data.data(), 1, data.size(), streams.out) != data.size() || std::fflush(streams.out) != 0) {
        throw Error(ErrorKind::storage, "writing the output: " + describe_errno(errno));
    }
}

}  // namespace tidemark::mirror::cli
