#include "mirror/service/watch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/service/digest.h"

namespace tidemark::mirror::service {
namespace {

constexpr std::size_t k_files_limit = 200'000;

void add_file(const std::string& path, std::string& text) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        fmt::format_to(std::back_inserter(text), "{} -\n", path);
        return;
    }
    fmt::format_to(std::back_inserter(text), "{} {} {} {} {}.{} {}.{} {:o}\n", path, status.st_dev, status.st_ino,
                   status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                   status.st_ctim.tv_nsec, status.st_mode);
}

void add_folder(const std::filesystem::path& folder, std::string& text) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) return add_file(folder.string(), text);
    const std::string prefix = folder.string() + "/";
    try {
        walk_files(
            folder, k_files_limit, [&](const std::string& path) { add_file(prefix + path, text); },
            [](const std::string& path) { return path[path.rfind('/') + 1] != '.'; });
    } catch (const Error& problem) {
        text += problem.what();
    }
}

}  // namespace

std::string fingerprint_files(const Configuration& configuration) {
    std::string text;
    for (const std::filesystem::path& folder : configuration.object_folders)
        add_folder(folder, text);
    if (configuration.secrets) add_folder(*configuration.secrets, text);
    return hex_digest(text);
}

}  // namespace tidemark::mirror::service
