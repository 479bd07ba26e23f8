#include "mirror/git/loose_objects.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <git2/sys/odb_backend.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "mirror/git/handles.h"

namespace tidemark::mirror::git {
namespace {

/// libgit2's places: packs have 2, loose objects 1. Of two with the same place the one added first is asked first.
constexpr int k_behind_packs = 2;
/// "commit 1234567890" and its NUL; git writes no more than 32 bytes.
constexpr std::size_t k_max_header_bytes = 32;
/// Enough of a file to find the header in.
constexpr std::size_t k_head_bytes = 256;
/// Git packs what is larger (core.bigFileThreshold is half of it), and zlib counts in 32 bits.
constexpr std::size_t k_max_file_bytes = std::size_t{1} << 30;
/// zlib makes no more than 1032 bytes of one: a header that promises more lies.
constexpr std::size_t k_max_inflation = 1040;

struct LooseReader {
    git_odb_backend backend{};  // first: libgit2 knows the reader by it
    std::string folder;         // of the objects, with its '/'
};

/// Leaves libgit2 with the reason, and answers what to return to it.
int refuse(int error_class, const std::string& reason) {
    git_error_set_str(error_class, reason.c_str());
    return GIT_ERROR;
}

int refuse_damaged(const std::string& path, std::string_view why) {
    return refuse(GIT_ERROR_ZLIB, fmt::format("the object file {} is damaged: {}", path, why));
}

std::string path_of(const git_odb_backend* backend, const git_oid* id) {
    const std::string name = to_string(from_git(*id));
    return fmt::format("{}{}/{}", reinterpret_cast<const LooseReader*>(backend)->folder, name.substr(0, 2),
                       name.substr(2));
}

/// The first `limit` bytes of a file. GIT_ENOTFOUND if there is none: libgit2 asks on.
int read_bytes(const std::string& path, std::size_t limit, std::string& bytes) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return GIT_ENOTFOUND;
    struct stat status {};
    std::size_t filled = 0;
    int error_number = file < 0 || ::fstat(file, &status) != 0 ? errno : 0;
    if (error_number == 0) bytes.resize(std::min(limit, static_cast<std::size_t>(status.st_size)));
    while (error_number == 0 && filled < bytes.size()) {
        const ssize_t count = ::read(file, bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno != EINTR) error_number = errno;
        if (count == 0) break;
        if (count > 0) filled += static_cast<std::size_t>(count);
    }
    if (file >= 0) ::close(file);
    bytes.resize(filled);
    if (error_number == EIO) return refuse_damaged(path, describe_errno(error_number));
    if (error_number != 0)
        return refuse(GIT_ERROR_OS, fmt::format("reading {}: {}", path, describe_errno(error_number)));
    return 0;
}

class Inflater {
public:
    explicit Inflater(std::string& bytes) {
        if (inflateInit(&m_stream) != Z_OK) throw std::bad_alloc();
        m_stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
        m_stream.avail_in = static_cast<uInt>(bytes.size());
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `room` as far as there is something; answers how far.
    std::size_t fill(char* room, std::size_t size) {
        m_stream.next_out = reinterpret_cast<Bytef*>(room);
        m_stream.avail_out = static_cast<uInt>(size);
        m_last = inflate(&m_stream, Z_SYNC_FLUSH);
        return size - m_stream.avail_out;
    }
    /// The stream's end was reached, and its checksum is right.
    bool ended() const { return m_last == Z_STREAM_END; }

private:
    z_stream m_stream{};
    int m_last = Z_OK;
};

struct Header {
    git_object_t type = GIT_OBJECT_INVALID;
    std::size_t size = 0;
    std::size_t length = 0;  // of the header, with its NUL
};

/// "<type> <size>" and a NUL.
bool parse_header(std::string_view text, Header& header) {
    const std::size_t end = text.find('\0');
    const std::size_t blank = text.substr(0, end).find(' ');
    if (end == text.npos || blank == text.npos) return false;
    header.type = git_object_string2type(std::string(text.substr(0, blank)).c_str());
    const char* last = text.data() + end;
    const auto [stop, failed] = std::from_chars(text.data() + blank + 1, last, header.size);
    header.length = end + 1;
    return failed == std::errc() && stop == last && git_object_typeisloose(header.type) == 1;
}

int read_header(std::size_t* size, git_object_t* type, const git_odb_backend* backend, const git_oid* id) {
    const std::string path = path_of(backend, id);
    std::string bytes;
    if (const int code = read_bytes(path, k_head_bytes, bytes); code < 0) return code;
    Inflater inflater(bytes);
    std::array<char, k_max_header_bytes> head{};
    Header header;
    if (!parse_header({head.data(), inflater.fill(head.data(), head.size())}, header))
        return refuse_damaged(path, "it does not begin as an object");
    *size = header.size;
    *type = header.type;
    return 0;
}

int read_object(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
    const std::string path = path_of(backend, id);
    std::string bytes;
    if (const int code = read_bytes(path, k_max_file_bytes + 1, bytes); code < 0) return code;
    if (bytes.size() > k_max_file_bytes) return refuse(GIT_ERROR_OS, fmt::format("reading {}: too large", path));
    Inflater inflater(bytes);
    std::array<char, k_max_header_bytes> head{};
    const std::size_t filled = inflater.fill(head.data(), head.size());
    Header header;
    if (!parse_header({head.data(), filled}, header)) return refuse_damaged(path, "it does not begin as an object");
    if (header.size > bytes.size() * k_max_inflation) return refuse_damaged(path, "it is cut short");

    // One byte more than it may have, so that the stream's end is reached, and anything behind is seen.
    const auto drop = [backend](char* bytes_of_object) { git_odb_backend_data_free(backend, bytes_of_object); };
    std::unique_ptr<char, decltype(drop)> room(static_cast<char*>(git_odb_backend_data_alloc(backend, header.size + 1)),
                                               drop);
    if (!room) return GIT_ERROR;
    std::size_t have = std::min(filled - header.length, header.size + 1);
    std::memcpy(room.get(), head.data() + header.length, have);
    if (!inflater.ended()) have += inflater.fill(room.get() + have, header.size + 1 - have);
    if (have != header.size || !inflater.ended()) return refuse_damaged(path, "it is cut short, or its bytes changed");

    room.get()[header.size] = '\0';
    *size = header.size;
    *type = header.type;
    *data = room.release();
    return 0;
}

/// What may throw here is the lack of memory alone; an exception must not pass through libgit2.
template <class Work>
int guarded(Work work) noexcept {
    try {
        return work();
    } catch (const std::exception& problem) {
        git_error_set_str(GIT_ERROR_NOMEMORY, problem.what());
        return GIT_ERROR;
    }
}

int on_read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) noexcept {
    return guarded([&] { return read_header(size, type, backend, id); });
}
int on_read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) noexcept {
    return guarded([&] { return read_object(data, size, type, backend, id); });
}
void on_free(git_odb_backend* backend) noexcept {
    delete reinterpret_cast<LooseReader*>(backend);
}

}  // namespace

void add_loose_reader(git_odb* objects, const std::filesystem::path& folder) {
    auto reader = std::make_unique<LooseReader>();
    reader->folder = (folder / "").string();
    git_odb_backend& backend = reader->backend;
    check(git_odb_init_backend(&backend, GIT_ODB_BACKEND_VERSION), "preparing to read objects");
    backend.read = on_read;
    backend.read_header = on_read_header;
    backend.free = on_free;
    check(git_odb_add_backend(objects, &backend, k_behind_packs), "preparing to read objects");
    reader.release();  // it goes with `objects`
}

}  // namespace tidemark::mirror::git
