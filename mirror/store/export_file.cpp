#include "mirror/store/export_file.h"

#include <cerrno>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::mirror::store {
namespace {

constexpr std::size_t k_chunk = std::size_t{1} << 20U;

}  // namespace

ExportFile::ExportFile(std::filesystem::path path) : m_path(std::move(path)) {}

ExportFile::~ExportFile() {
    close();
}

void ExportFile::close() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    m_descriptor = -1;
}

bool ExportFile::exists() const {
    return ::access(m_path.c_str(), F_OK) == 0;
}

std::int64_t ExportFile::size() const {
    struct stat found {};
    return ::stat(m_path.c_str(), &found) == 0 ? static_cast<std::int64_t>(found.st_size) : 0;
}

std::string ExportFile::append(std::string_view lines) {
    if (m_descriptor < 0) m_descriptor = ::open(m_path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (m_descriptor < 0) return fmt::format("opening {}: {}", m_path.string(), describe_errno(errno));
    const off_t before = ::lseek(m_descriptor, 0, SEEK_END);
    while (!lines.empty()) {
        const ssize_t count = ::write(m_descriptor, lines.data(), lines.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            const int error_number = count < 0 ? errno : ENOSPC;
            if (before >= 0) (void)!::ftruncate(m_descriptor, before);
            return fmt::format("writing {}: {}", m_path.string(), describe_errno(error_number));
        }
        lines.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

std::string ExportFile::replace(
    const std::function<void(const std::function<void(std::string_view lines)>& put)>& write) {
    std::string failure;
    const auto attempt = [&](const auto& step) {
        if (!failure.empty()) return;
        try {
            step();
        } catch (const Error& error) {
            failure = error.what();
        }
    };
    std::optional<AtomicFile> draft;
    attempt([&] { draft.emplace(m_path, 0600); });
    std::string buffer;
    write([&](std::string_view lines) {
        buffer += lines;
        if (buffer.size() < k_chunk) return;
        attempt([&] { draft->write(buffer); });
        buffer.clear();
    });
    attempt([&] {
        draft->write(buffer);
        draft->commit();
    });
    if (failure.empty()) close();
    return failure;
}

void read_lines(const std::filesystem::path& path,
                const std::function<void(std::optional<std::string_view> line, std::size_t number)>& take) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(ErrorKind::storage, fmt::format("reading {}: {}", path.string(), describe_errno(errno)));
    std::string chunk(k_chunk, '\0');
    std::string line;
    std::size_t number = 0;
    bool too_long = false;
    while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || file.gcount() > 0) {
        std::string_view rest(chunk.data(), static_cast<std::size_t>(file.gcount()));
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            if (!too_long) line += rest.substr(0, end);
            too_long = too_long || line.size() > k_longest_line;
            if (too_long) line.clear();
            if (end == std::string_view::npos) break;
            ++number;
            if (too_long) {
                take(std::nullopt, number);
            } else if (!line.empty()) {
                take(line, number);
            }
            line.clear();
            too_long = false;
            rest.remove_prefix(end + 1);
        }
    }
    if (file.bad()) throw Error(ErrorKind::storage, fmt::format("reading {}: it broke off", path.string()));
    if (!line.empty() || too_long) take(std::nullopt, ++number);
}

}  // namespace tidemark::mirror::store
