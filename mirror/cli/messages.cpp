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

std::string visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F, two bytes in UTF-8, are control characters to some terminals.
        const bool second =
            byte == 0xc2 && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xe0U) == 0x80;
        if (byte == '\t') {
            out += ' ';
        } else if (second) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[++i]));
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += text[i];
        }
    }
    return out;
}

void print(const Streams& streams, std::string_view data) {
    if (std::fwrite(data.data(), 1, data.size(), streams.out) != data.size() || std::fflush(streams.out) != 0) {
        throw Error(ErrorKind::storage, "writing the output: " + describe_errno(errno));
    }
}

}  // namespace tidemark::mirror::cli
