#include "hooks/updates.h"

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "hooks/printable.h"
#include "mirror/base/error.h"

namespace tidemark::hooks {
namespace {

using mirror::Error;
using mirror::ErrorKind;
using policy::guard::RefUpdate;

// Git itself takes no longer references than a path may be.
constexpr std::size_t k_max_line = 8192;

bool is_id(std::string_view text) noexcept {
    return (text.size() == 40 || text.size() == 64) && text.find_first_not_of("0123456789abcdef") == text.npos;
}

RefUpdate read_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t second = first == line.npos ? first : line.find(' ', first + 1);
    if (second != line.npos) {
        const std::string_view before = line.substr(0, first);
        const std::string_view after = line.substr(first + 1, second - first - 1);
        const std::string_view reference = line.substr(second + 1);
        if (is_id(before) && is_id(after) && before.size() == after.size() && !reference.empty() &&
            reference.find('\0') == reference.npos)
            return {std::string(before), std::string(after), std::string(reference)};
    }
    throw Error(ErrorKind::invalid,
                fmt::format("reading what is pushed: \"{}\" is no line \"<old id> <new id> <reference>\"",
                            printable(line, 100)));
}

}  // namespace

void read_updates(int descriptor, const std::function<void(RefUpdate&&)>& visit) {
    std::array<char, 16384> block;
    std::string rest;
    for (;;) {
        const ssize_t size = ::read(descriptor, block.data(), block.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0)
            throw Error(ErrorKind::storage, "reading what is pushed: " + mirror::describe_errno(errno));
        if (size == 0) break;
        rest.append(block.data(), static_cast<std::size_t>(size));
        std::size_t start = 0;
        for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n', start)) {
            visit(read_line(std::string_view(rest).substr(start, end - start)));
            start = end + 1;
        }
        rest.erase(0, start);
        if (rest.size() > k_max_line)
            throw Error(ErrorKind::invalid, "reading what is pushed: a line is longer than any reference");
    }
    if (!rest.empty()) visit(read_line(rest));
}

}  // namespace tidemark::hooks
