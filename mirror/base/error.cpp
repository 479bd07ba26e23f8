#include "mirror/base/error.h"

#include <system_error>

namespace tidemark::mirror {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::usage:
            return "usage";
        case ErrorKind::not_found:
            return "not found";
        case ErrorKind::invalid:
            return "invalid";
        case ErrorKind::authentication:
            return "authentication";
        case ErrorKind::permission:
            return "permission";
        case ErrorKind::network:
            return "network";
        case ErrorKind::refused:
            return "refused";
        case ErrorKind::conflict:
            return "conflict";
        case ErrorKind::storage:
            return "storage";
        case ErrorKind::internal:
            return "internal";
    }
    return "internal";
}

std::string describe_errno(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace tidemark::mirror
