#include "mirror/base/object_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::mirror {
namespace {

constexpr std::size_t k_files_limit = 200'000;
constexpr std::size_t k_file_limit = std::size_t{16} << 20;
constexpr std::size_t k_total_limit = std::size_t{1} << 30;

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_object_file(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.front() == '.') return false;
    return ends_with(name, ".yaml") || ends_with(name, ".yml") || ends_with(name, ".json");
}

class Reader {
public:
    explicit Reader(ObjectFiles& files) : m_files(files) {}

    void read_folder(const std::filesystem::path& folder) {
        std::error_code error;
        if (std::filesystem::is_regular_file(folder, error)) {
            read(folder.string());
            return;
        }
        const std::string prefix = folder.string() + (ends_with(folder.string(), "/") ? "" : "/");
        walk_files(
            folder, k_files_limit,
            [&](const std::string& path) {
                if (is_object_file(path)) read(prefix + path);
            },
            [&](const std::string& path) { return may_enter(path, prefix + path); });
    }

private:
    void add_finding(const std::string& file, std::string message) {
        policy::Finding& finding = m_files.findings.emplace_back();
        finding.place.file = file;
        finding.message = std::move(message);
    }

    bool may_enter(const std::string& path, const std::string& full) {
        if (path[path.rfind('/') + 1] == '.') return false;
        if (::access(full.c_str(), R_OK | X_OK) == 0) return true;
        add_finding(full, "folder cannot be read, its objects are missing");
        return false;
    }

    void read(std::string file) {
        try {
            std::string bytes = mirror::read_file(file, k_file_limit);
            m_total += bytes.size();
            if (m_total > k_total_limit)
                throw Error(ErrorKind::invalid, fmt::format("object files hold more than {} bytes", k_total_limit));
            m_files.texts.push_back({std::move(file), std::move(bytes)});
        } catch (const Error& error) {
            if (m_total > k_total_limit) throw;
            add_finding(file, error.what());
        }
    }

    ObjectFiles& m_files;
    std::size_t m_total = 0;
};

}  // namespace

ObjectFiles read_object_files(const std::vector<std::filesystem::path>& folders) {
    ObjectFiles files;
    Reader reader(files);
    for (const std::filesystem::path& folder : folders)
        reader.read_folder(folder);
    return files;
}

}  // namespace tidemark::mirror
