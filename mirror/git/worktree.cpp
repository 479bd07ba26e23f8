#include "mirror/git/worktree.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/git/cache_bytes.h"
#include "mirror/git/tree.h"
#include "mirror/git/worktree_folder.h"

namespace tidemark::mirror::git {
namespace {

// The last digit is the version: another one reads as "no record". The tree's id stands right behind it.
constexpr std::string_view k_magic = "tidemark worktree 1\n";
constexpr std::size_t k_max_record_bytes = std::size_t{1} << 30;
constexpr std::size_t k_max_path_bytes = 4000;
constexpr std::size_t k_max_findings = 100;

struct Record {
    ObjectId tree;
    std::string update_path;
    std::vector<WorktreeFile> files;  // sorted by path_less
};

std::filesystem::path beside(const std::filesystem::path& folder, std::string_view ending) {
    return folder.string() + std::string(ending);
}

std::string encode(const Record& record) {
    CacheWriter writer(k_magic);
    writer.id(record.tree);
    writer.text(record.update_path);
    writer.number(record.files.size());
    for (const WorktreeFile& file : record.files) {
        writer.path(file.path);
        writer.id(file.blob);
        writer.number(file.mode);
    }
    return writer.finish();
}

std::optional<Record> read_record(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
    const std::string bytes = read_file(path, k_max_record_bytes);
    CacheReader reader(bytes, k_magic);
    Record record;
    record.tree = reader.id();
    record.update_path = reader.text();
    record.files.resize(reader.count(22));
    for (WorktreeFile& file : record.files) {
        file.path = reader.path();
        file.blob = reader.id();
        file.mode = static_cast<std::uint32_t>(reader.number());
    }
    if (!reader.at_end()) return std::nullopt;
    return record;
}

bool is_real_folder(const std::filesystem::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_safe_path(std::string_view path) {
    if (path.empty() || path.size() > k_max_path_bytes) return false;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (!is_safe_name(path.substr(start, end - start))) return false;
        start = end + 1;
    }
    return path.find('\0') == std::string_view::npos;
}

void refuse(policy::Findings& findings, const std::string& path) {
    if (findings.size() >= k_max_findings) return;
    policy::Finding& finding = findings.emplace_back();
    finding.severity = policy::Severity::warning;
    finding.place.file = path;
    finding.message = "not shown in the worktree: no folder can hold this name";
}

/// Sorted, each path once, only paths that stay within a folder and have no other file as their folder.
std::vector<WorktreeFile> usable(std::vector<WorktreeFile> files, policy::Findings& findings) {
    const auto less = [](const WorktreeFile& a, const WorktreeFile& b) { return path_less(a.path, b.path); };
    if (!std::is_sorted(files.begin(), files.end(), less)) std::stable_sort(files.begin(), files.end(), less);
    std::vector<WorktreeFile> kept;
    kept.reserve(files.size());
    for (WorktreeFile& file : files) {
        const std::string_view last = kept.empty() ? std::string_view() : std::string_view(kept.back().path);
        const std::string_view path = file.path;
        if (path == last && !last.empty()) continue;
        const bool inside_file = !last.empty() && path.starts_with(last) && path[last.size()] == '/';
        if (is_safe_path(path) && !inside_file) {
            kept.push_back(std::move(file));
        } else {
            refuse(findings, file.path);
        }
    }
    return kept;
}

struct Steps {
    std::vector<const WorktreeFile*> removed;
    std::vector<const WorktreeFile*> written;
};

Steps steps_between(const std::vector<WorktreeFile>& before, const std::vector<WorktreeFile>& after) {
    Steps steps;
    auto old = before.begin();
    for (const WorktreeFile& file : after) {
        while (old != before.end() && path_less(old->path, file.path))
            steps.removed.push_back(&*old++);
        const bool known = old != before.end() && old->path == file.path;
        if (!known || old->blob != file.blob || old->mode != file.mode) steps.written.push_back(&file);
        if (known) ++old;
    }
    while (old != before.end())
        steps.removed.push_back(&*old++);
    return steps;
}

unsigned permissions(std::uint32_t mode) {
    return (mode & 0100) != 0 ? 0755 : 0644;
}

void write_record(const std::filesystem::path& folder, const Record& record) {
    AtomicFile file(beside(folder, ".record"), 0644);
    file.write(encode(record));
    file.commit(Durability::whole_only);
}

void remove_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) throw Error(ErrorKind::storage, fmt::format("removing {}: {}", path.string(), error.message()));
}

void rename_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0)
        throw Error(ErrorKind::storage,
                    fmt::format("renaming {} to {}: {}", from.string(), to.string(), describe_errno(errno)));
}

/// A new folder beside the old one, then put in its place: nothing in the old one is followed or trusted.
void build_anew(const Repository& repository, const std::filesystem::path& folder,
                const std::vector<WorktreeFile>& files) {
    const auto draft = beside(folder, ".new");
    const auto old = beside(folder, ".old");
    remove_folder(draft);
    remove_folder(old);
    create_folder(draft, 0755);
    {
        WorktreeFolder target(draft);
        for (const WorktreeFile& file : files)
            target.create(file.path, repository.read_blob(file.blob), permissions(file.mode));
    }
    struct stat status {};
    if (::lstat(folder.c_str(), &status) == 0) rename_folder(folder, old);
    rename_folder(draft, folder);
    remove_folder(old);
}

/// False if something that is not ours stands in the way.
bool apply(const Repository& repository, const std::filesystem::path& folder, const Steps& steps) {
    WorktreeFolder target(folder);
    for (const WorktreeFile* file : steps.removed)
        if (!target.remove(file->path)) return false;
    for (const WorktreeFile* file : steps.written)
        if (!target.replace(file->path, repository.read_blob(file->blob), permissions(file->mode))) return false;
    return true;
}

}  // namespace

std::vector<WorktreeFile> worktree_files(const MarkerIndex& index, const TreeRewrite& rewrite) {
    std::unordered_map<std::string_view, const ObjectId*> rewritten;
    for (const RewrittenFile& file : rewrite.files)
        rewritten.emplace(file.path, &file.after);
    std::vector<WorktreeFile> files;
    files.reserve(index.files().size());
    for (const MarkedFile& file : index.files()) {
        const auto found = rewritten.find(file.path);
        files.push_back({file.path, found == rewritten.end() ? file.blob : *found->second, file.mode});
    }
    return files;
}

bool is_worktree_at(const std::filesystem::path& folder, const ObjectId& tree, std::string_view update_path) {
    std::ifstream record(beside(folder, ".record"), std::ios::binary);
    CacheWriter expected(k_magic);
    expected.id(tree);
    expected.text(update_path);
    std::string start = expected.finish();
    start.resize(start.size() - 8);  // the checksum belongs to a whole record
    std::string found(start.size(), '\0');
    return record.read(found.data(), static_cast<std::streamsize>(found.size())) && found == start &&
           is_real_folder(folder);
}

WorktreeUpdate update_worktree(const Repository& repository, const std::filesystem::path& folder, const ObjectId& tree,
                               std::string_view update_path, std::vector<WorktreeFile> files) {
    WorktreeUpdate update;
    const Record next{tree, std::string(update_path), usable(std::move(files), update.findings)};
    const auto record_path = beside(folder, ".record");
    const auto before = is_real_folder(folder) ? read_record(record_path) : std::nullopt;
    const Steps steps = before ? steps_between(before->files, next.files) : Steps{};
    if (before && steps.removed.empty() && steps.written.empty()) {
        if (before->tree != tree || before->update_path != update_path) write_record(folder, next);
        return update;
    }
    // Without a record the folder is made anew: whoever is stopped from here on leaves it so.
    ::unlink(record_path.c_str());
    if (before && apply(repository, folder, steps)) {
        update.removed = steps.removed.size();
        update.written = steps.written.size();
    } else {
        create_folder(folder.parent_path(), 0755);
        build_anew(repository, folder, next.files);
        update.written = next.files.size();
        update.rebuilt = true;
    }
    write_record(folder, next);
    return update;
}

}  // namespace tidemark::mirror::git
