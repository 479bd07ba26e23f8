#include "mirror/base/local_socket.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::mirror {
namespace {

constexpr int k_backlog = 128;

ErrorKind kind_of(int error_number) noexcept {
    return error_number == EACCES || error_number == EPERM ? ErrorKind::permission : ErrorKind::network;
}

void remove_left_over(const std::string& path, std::string_view key, const sockaddr_un& address) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        if (errno == ENOENT) return;
        throw Error(kind_of(errno), fmt::format("looking at the socket {}: {}", path, describe_errno(errno)));
    }
    if (!S_ISSOCK(info.st_mode))
        throw Error(ErrorKind::conflict,
                    fmt::format("{} is no socket; remove it, or name another path as `{}`", path, key));
    const OpenDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (probe.get() >= 0 &&
        (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN))
        throw Error(ErrorKind::conflict,
                    fmt::format("another process listens on {}; stop it, or name another path as `{}`", path, key));
    if (::unlink(path.c_str()) != 0)
        throw Error(kind_of(errno), fmt::format("removing the old socket {}: {}", path, describe_errno(errno)));
}

}  // namespace

OpenDescriptor::~OpenDescriptor() {
    if (m_number >= 0) ::close(m_number);
}

OpenDescriptor listen_locally(const std::filesystem::path& path, std::string_view key, mode_t mode) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.size() >= sizeof address.sun_path)
        throw Error(ErrorKind::usage,
                    fmt::format("the socket's path {} is longer than the {} bytes that the system takes; name a "
                                "shorter one as `{}`",
                                text, sizeof address.sun_path - 1, key));
    std::copy(text.begin(), text.end(), address.sun_path);
    remove_left_over(text, key, address);
    OpenDescriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // Nobody can connect before listen(), so the mode is set in time.
    if (descriptor.get() < 0 ||
        ::bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(text.c_str(), mode) != 0 || ::listen(descriptor.get(), k_backlog) != 0)
        throw Error(kind_of(errno), fmt::format("listening on the socket {}: {}", text, describe_errno(errno)));
    return descriptor;
}

}  // namespace tidemark::mirror
