// What the tests of mirror/git's objects share: a real bare repository in a temporary folder, trees made from
// paths and texts (hostile ones too, as bytes), and git itself as the judge of what was written.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/repository.h"

namespace tidemark::mirror::git::testing {

/// A folder that goes with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const noexcept { return m_path; }

private:
    std::filesystem::path m_path;
};

struct TestFile {
    std::string bytes;
    std::uint32_t mode = k_mode_file;
};
using TestFiles = std::map<std::string, TestFile>;

/// A bare repository made by `git init`.
class TestRepository {
public:
    TestRepository();

    const std::filesystem::path& folder() const noexcept { return m_folder; }
    std::filesystem::path path(std::string_view name) const { return m_temporary.path() / name; }
    Repository& objects() noexcept { return *m_repository; }

    ObjectId tree(const TestFiles& files);
    /// A tree from raw entries: names are taken as they are.
    ObjectId raw_tree(const std::vector<std::pair<std::string, ObjectId>>& entries, std::uint32_t mode = k_mode_tree);
    ObjectId commit(const ObjectId& tree, const std::vector<ObjectId>& parents, const std::string& author = "Bot",
                    const std::string& message = "Update\n");
    /// Output of a git command in this repository; throws if it fails.
    std::string git(const std::string& arguments) const;

private:
    TemporaryFolder m_temporary;
    std::filesystem::path m_folder;
    std::unique_ptr<Repository> m_repository;
};

/// `image: <value> # {"$imagepolicy": "<setter>"}` in a Deployment.
std::string marked_manifest(std::string_view value, std::string_view setter = "flux-system:web");
std::string plain_manifest(std::string_view name);

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace tidemark::mirror::git::testing
