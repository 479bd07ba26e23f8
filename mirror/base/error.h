// The one exception type of mirror/: a call to the outside world failed. The message says what was being
// done, on what, and the cause. Caught in four places: one job, one API request, CLI main, hook main.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace tidemark::mirror {

enum class ErrorKind {
    usage,  // the person asked for something that cannot be
    not_found,
    invalid,         // content that cannot be read
    authentication,  // credential missing or refused
    permission,
    network,   // unreachable, timed out, cut off
    refused,   // the other side answered no
    conflict,  // somebody else was faster, or holds the lock
    storage,   // disk full, read-only, damaged
    internal,
};

std::string_view to_string(ErrorKind kind) noexcept;

class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}
    ErrorKind kind() const noexcept { return m_kind; }

private:
    ErrorKind m_kind;
};

/// "No space left on device" and the like, for messages.
std::string describe_errno(int error_number);

}  // namespace tidemark::mirror
