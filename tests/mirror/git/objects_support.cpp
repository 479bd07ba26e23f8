#include "tests/mirror/git/objects_support.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <stdlib.h>

namespace tidemark::mirror::git::testing {
namespace {

std::string run(const std::string& command) {
    struct Close {
        void operator()(std::FILE* file) const noexcept { ::pclose(file); }
    };
    std::unique_ptr<std::FILE, Close> pipe(::popen((command + " 2>&1").c_str(), "r"));
    if (!pipe) throw std::runtime_error("cannot start: " + command);
    std::string output;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe.get()))
        output.append(buffer, count);
    if (::pclose(pipe.release()) != 0) throw std::runtime_error(command + ": " + output);
    return output;
}

void append_entry(std::string& bytes, std::uint32_t mode, std::string_view name, const ObjectId& id) {
    bytes += fmt::format("{:o} ", mode);
    bytes += name;
    bytes += '\0';
    bytes.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tidemark-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

TestRepository::TestRepository() : m_folder(m_temporary.path() / "mirror.git") {
    run(fmt::format("GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git init -q --bare --initial-branch=main '{}'",
                    m_folder.string()));
    m_repository = std::make_unique<Repository>(m_folder);
}

std::string TestRepository::git(const std::string& arguments) const {
    return run(
        fmt::format("GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git -C '{}' {}", m_folder.string(), arguments));
}

ObjectId TestRepository::tree(const TestFiles& files) {
    // Git sorts folders as if their names ended with '/'.
    std::map<std::string, std::pair<std::uint32_t, ObjectId>> entries;
    std::map<std::string, TestFiles> folders;
    for (const auto& [path, file] : files) {
        const std::size_t slash = path.find('/');
        if (slash == std::string::npos) {
            entries[path] = {file.mode, m_repository->write_blob(file.bytes)};
        } else {
            folders[path.substr(0, slash)][path.substr(slash + 1)] = file;
        }
    }
    for (const auto& [name, inside] : folders)
        entries[name + '/'] = {k_mode_tree, tree(inside)};
    std::string bytes;
    for (const auto& [name, entry] : entries)
        append_entry(bytes, entry.first, name.ends_with('/') ? name.substr(0, name.size() - 1) : name, entry.second);
    return m_repository->write_tree(bytes);
}

ObjectId TestRepository::raw_tree(const std::vector<std::pair<std::string, ObjectId>>& entries, std::uint32_t mode) {
    std::string bytes;
    for (const auto& [name, id] : entries)
        append_entry(bytes, mode, name, id);
    return m_repository->write_tree(bytes);
}

ObjectId TestRepository::commit(const ObjectId& tree, const std::vector<ObjectId>& parents, const std::string& author,
                                const std::string& message) {
    const Signature person{
        author, "bot@example.com", std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)), {}};
    return m_repository->create_commit({tree, parents, person, person, message});
}

std::string marked_manifest(std::string_view value, std::string_view setter) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  image: {} # {{\"$imagepolicy\": "
        "\"{}\"}}\n",
        value, setter);
}

std::string plain_manifest(std::string_view name) {
    return fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n", name);
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace tidemark::mirror::git::testing
