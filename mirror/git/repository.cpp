#include "mirror/git/repository.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "mirror/git/damage.h"
#include "mirror/git/handles.h"
#include "mirror/git/loose_objects.h"

namespace tidemark::mirror::git {
namespace {

Signature read_signature(const git_signature* signature) {
    if (signature == nullptr) return {};
    return {signature->name, signature->email, std::chrono::sys_seconds(std::chrono::seconds(signature->when.time)),
            std::chrono::minutes(signature->when.offset)};
}

SignatureHandle make_signature(const Signature& person, std::string_view role) {
    SignatureHandle signature;
    check(git_signature_new(Out(signature), person.name.c_str(), person.email.c_str(),
                            person.time.time_since_epoch().count(), static_cast<int>(person.offset.count())),
          fmt::format("making a commit, {} \"{} <{}>\"", role, person.name, person.email));
    return signature;
}

/// The commit as it is stored when it has no signature: what a signature is made of.
std::string commit_bytes(git_repository* repository, const CommitRequest& request, const git_signature& author,
                         const git_signature& committer) {
    const std::string what = "preparing a commit of tree " + to_string(request.tree);
    TreeHandle tree;
    const git_oid tree_id = to_git(request.tree);
    check(git_tree_lookup(Out(tree), repository, &tree_id), what);
    std::vector<CommitHandle> parents(request.parents.size());
    std::vector<const git_commit*> pointers;
    for (std::size_t i = 0; i < parents.size(); ++i) {
        const git_oid parent = to_git(request.parents[i]);
        check(git_commit_lookup(Out(parents[i]), repository, &parent), what);
        pointers.push_back(parents[i].get());
    }
    Buffer bytes;
    check(git_commit_create_buffer(bytes.get(), repository, &author, &committer, nullptr, request.message.c_str(),
                                   tree.get(), pointers.size(), pointers.data()),
          what);
    return std::string(bytes.text());
}

/// Whether libgit2's last failure is one of the files it read. A repository holds all that its tips lead to, and git
/// checked it when it came in: what is missing or does not parse was lost here.
bool is_damage() {
    const git_error* error = git_error_last();
    if (error == nullptr) return false;
    switch (error->klass) {
        case GIT_ERROR_ODB:
        case GIT_ERROR_ZLIB:
        case GIT_ERROR_OBJECT:
        case GIT_ERROR_TREE:
        case GIT_ERROR_INVALID:  // a delta that does not fit its base
            return true;
        default:
            return false;
    }
}

[[noreturn]] void fail_reading(int code, const Repository& repository, const std::string& what) {
    if (!is_damage()) fail(code, fmt::format("{} in {}", what, repository.folder().string()));
    throw DamagedRepository(code == GIT_ENOTFOUND ? ErrorKind::not_found : ErrorKind::storage, repository.folder(),
                            fmt::format("{}: {}", what, git_error_last()->message));
}

void check_read(int code, const Repository& repository, const std::string& what) {
    if (code < 0) fail_reading(code, repository, what);
}

RevwalkHandle walk_beyond(const Repository& repository, const std::vector<ObjectId>& bases, const ObjectId& tip) {
    RevwalkHandle walk;
    check(git_revwalk_new(Out(walk), repository.handle()), "listing commits");
    const git_oid from = to_git(tip);
    check_read(git_revwalk_push(walk.get(), &from), repository, fmt::format("listing commits of {}", to_string(tip)));
    for (const ObjectId& base : bases) {
        const git_oid hidden = to_git(base);
        check_read(git_revwalk_hide(walk.get(), &hidden), repository,
                   fmt::format("listing commits beyond {}", to_string(base)));
    }
    return walk;
}

struct Oids {
    git_oidarray array{};
    Oids() = default;
    Oids(const Oids&) = delete;
    Oids& operator=(const Oids&) = delete;
    ~Oids() { git_oidarray_dispose(&array); }
};

/// While it lives, libgit2 opens repositories of any owner.
class AnyOwner {
public:
    explicit AnyOwner(Ownership ownership) : m_active(ownership == Ownership::any) { set(0); }
    ~AnyOwner() { set(1); }
    AnyOwner(const AnyOwner&) = delete;
    AnyOwner& operator=(const AnyOwner&) = delete;

private:
    void set(int validation) const noexcept {
        if (m_active) git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, validation);
    }
    bool m_active;
};

enum class Sync { start, await, commit };

void sync_object(const std::string& path, Sync step) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return;  // it is in a pack already
    constexpr unsigned k_await =
        unsigned{SYNC_FILE_RANGE_WAIT_BEFORE} | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    const int result = step == Sync::commit
                           ? ::fsync(file)
                           : ::sync_file_range(file, 0, 0, step == Sync::start ? SYNC_FILE_RANGE_WRITE : k_await);
    const int error_number = errno;
    ::close(file);
    // Some file systems know no such call; then the fsync at the end has to do.
    const bool unsupported = error_number == ENOSYS || error_number == EINVAL || error_number == ESPIPE;
    if (result != 0 && !unsupported)
        throw Error(ErrorKind::storage, fmt::format("writing {}: {}", path, describe_errno(error_number)));
}

}  // namespace

void prepare_objects() {
    start_library();
}

void limit_memory(const MemoryLimits& limits) {
    start_library();
    const char* what = "limiting libgit2's memory";
    check(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(limits.cache_bytes)), what);
    check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, limits.map_window_bytes), what);
    check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, limits.map_bytes), what);
}

struct Repository::Handles {
    RepositoryHandle repository;
    OdbHandle objects;
};

std::string CommitInfo::summary() const {
    const std::size_t start = message.find_first_not_of('\n');
    if (start == std::string::npos) return {};
    return message.substr(start, message.find('\n', start) - start);
}

Repository::Repository(std::filesystem::path folder, const OpenOptions& options)
    : m_folder(std::move(folder)), m_handles(std::make_unique<Handles>()) {
    start_library();
    const std::string what = fmt::format("opening the repository {}", m_folder.string());
    const AnyOwner any_owner(options.ownership);
    const unsigned flags =
        unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} | GIT_REPOSITORY_OPEN_NO_DOTGIT | GIT_REPOSITORY_OPEN_BARE;
    if (const int code = git_repository_open_ext(Out(m_handles->repository), m_folder.c_str(), flags, nullptr);
        code < 0) {
        // libgit2 1.5 says "config value 'safe.directory' was not found" where it means: not your folder.
        const git_error* error = git_error_last();
        if (code == GIT_EOWNER || (error != nullptr && error->message != nullptr &&
                                   std::string_view(error->message).find("safe.directory") != std::string_view::npos))
            throw Error(ErrorKind::permission, what + ": it belongs to another user; run as its owner");
        fail(code, what);
    }
    check(git_repository_odb(Out(m_handles->objects), m_handles->repository.get()), what);
    add_loose_reader(m_handles->objects.get(), m_folder / "objects");
    for (const std::filesystem::path& objects : options.object_folders) {
        check(git_odb_add_disk_alternate(m_handles->objects.get(), objects.c_str()),
              fmt::format("opening the objects in {}", objects.string()));
        add_loose_reader(m_handles->objects.get(), objects);
    }
}

Repository::~Repository() = default;
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;

git_repository* Repository::handle() const noexcept {
    return m_handles->repository.get();
}
git_odb* Repository::objects() const noexcept {
    return m_handles->objects.get();
}

std::optional<ObjectId> Repository::find_commit(const std::string& reference) const {
    git_oid target;
    const int code = git_reference_name_to_id(&target, handle(), reference.c_str());
    if (code == GIT_ENOTFOUND) return std::nullopt;
    const std::string what = "reading " + reference;
    check_read(code, *this, what);
    ObjectHandle object;
    ObjectHandle commit;
    check_read(git_object_lookup(Out(object), handle(), &target, GIT_OBJECT_ANY), *this, what);
    check_read(git_object_peel(Out(commit), object.get(), GIT_OBJECT_COMMIT), *this, what);
    return from_git(*git_object_id(commit.get()));
}

std::optional<ObjectId> Repository::find_commit(const ObjectId& id) const {
    const std::string what = "reading " + to_string(id);
    const git_oid oid = to_git(id);
    ObjectHandle object;
    int code = git_object_lookup(Out(object), handle(), &oid, GIT_OBJECT_ANY);
    if (code == GIT_ENOTFOUND) return std::nullopt;
    check_read(code, *this, what);
    ObjectHandle commit;
    code = git_object_peel(Out(commit), object.get(), GIT_OBJECT_COMMIT);
    if (code == GIT_EINVALIDSPEC || code == GIT_EPEEL || code == GIT_ENOTFOUND) return std::nullopt;
    check_read(code, *this, what);
    return from_git(*git_object_id(commit.get()));
}

std::optional<ObjectId> Repository::find_revision(const std::string& text) const {
    ObjectHandle object;
    const int code = git_revparse_single(Out(object), handle(), text.c_str());
    if (code == GIT_ENOTFOUND || code == GIT_EAMBIGUOUS || code == GIT_EINVALIDSPEC) return std::nullopt;
    check(code, fmt::format("looking for {} in {}", text, m_folder.string()));
    return from_git(*git_object_id(object.get()));
}

CommitInfo Repository::read_commit(const ObjectId& id) const {
    const git_oid oid = to_git(id);
    CommitHandle commit;
    if (const int code = git_commit_lookup(Out(commit), handle(), &oid); code < 0)
        fail_reading(code, *this, "reading commit " + to_string(id));
    CommitInfo info;
    info.id = id;
    info.tree = from_git(*git_commit_tree_id(commit.get()));
    const unsigned count = git_commit_parentcount(commit.get());
    for (unsigned i = 0; i < count; ++i)
        info.parents.push_back(from_git(*git_commit_parent_id(commit.get(), i)));
    info.author = read_signature(git_commit_author(commit.get()));
    info.committer = read_signature(git_commit_committer(commit.get()));
    if (const char* message = git_commit_message_raw(commit.get())) info.message = message;
    return info;
}

bool Repository::has_object(const ObjectId& id) const {
    const git_oid oid = to_git(id);
    return git_odb_exists(objects(), &oid) == 1;
}

std::optional<std::string> Repository::find_blob(const ObjectId& id, std::size_t limit) const {
    const git_oid oid = to_git(id);
    const auto what = [&] { return "reading blob " + to_string(id); };
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (const int code = git_odb_read_header(&size, &type, objects(), &oid); code < 0)
        fail_reading(code, *this, what());
    if (type != GIT_OBJECT_BLOB)
        throw Error(ErrorKind::invalid, what() + " of " + m_folder.string() + ": it is no blob");
    if (size > limit) return std::nullopt;
    OdbObjectHandle object;
    if (const int code = git_odb_read(Out(object), objects(), &oid); code < 0) fail_reading(code, *this, what());
    return std::string(static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get()));
}

std::string Repository::read_blob(const ObjectId& id, std::size_t limit) const {
    if (auto bytes = find_blob(id, limit)) return std::move(*bytes);
    throw Error(ErrorKind::invalid, fmt::format("reading blob {}: larger than {} bytes", to_string(id), limit));
}

std::string Repository::read_tree(const ObjectId& id) const {
    const git_oid oid = to_git(id);
    const auto what = [&] { return "reading tree " + to_string(id); };
    OdbObjectHandle object;
    if (const int code = git_odb_read(Out(object), objects(), &oid); code < 0) fail_reading(code, *this, what());
    if (git_odb_object_type(object.get()) != GIT_OBJECT_TREE)
        throw Error(ErrorKind::invalid, what() + " of " + m_folder.string() + ": it is no tree");
    return std::string(static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get()));
}

std::optional<ObjectId> Repository::find_merge_base(const ObjectId& one, const ObjectId& other) const {
    const git_oid left = to_git(one);
    const git_oid right = to_git(other);
    git_oid base;
    const int code = git_merge_base(&base, handle(), &left, &right);
    if (code == GIT_ENOTFOUND && !is_damage()) return std::nullopt;
    check_read(code, *this, fmt::format("comparing the histories of {} and {}", to_string(one), to_string(other)));
    return from_git(base);
}

std::vector<ObjectId> Repository::find_merge_bases(const ObjectId& one, const ObjectId& other) const {
    const git_oid left = to_git(one);
    const git_oid right = to_git(other);
    Oids found;
    const int code = git_merge_bases(&found.array, handle(), &left, &right);
    std::vector<ObjectId> bases;
    if (code == GIT_ENOTFOUND && !is_damage()) return bases;
    check_read(code, *this, fmt::format("comparing the histories of {} and {}", to_string(one), to_string(other)));
    for (std::size_t i = 0; i < found.array.count; ++i)
        bases.push_back(from_git(found.array.ids[i]));
    return bases;
}

bool Repository::is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const {
    if (ancestor == descendant) return true;
    const git_oid below = to_git(descendant);
    const git_oid above = to_git(ancestor);
    const int code = git_graph_descendant_of(handle(), &below, &above);
    check_read(code, *this,
               fmt::format("looking for {} in the history of {}", to_string(ancestor), to_string(descendant)));
    return code == 1;
}

Divergence Repository::compare(const ObjectId& local, const ObjectId& upstream) const {
    const git_oid mine = to_git(local);
    const git_oid theirs = to_git(upstream);
    Divergence divergence;
    check_read(git_graph_ahead_behind(&divergence.ahead, &divergence.behind, handle(), &mine, &theirs), *this,
               fmt::format("comparing the histories of {} and {}", to_string(local), to_string(upstream)));
    return divergence;
}

std::vector<ObjectId> Repository::commits_beyond(const ObjectId& base, const ObjectId& tip, std::size_t limit) const {
    return commits_beyond(std::vector<ObjectId>{base}, tip, limit);
}

std::vector<ObjectId> Repository::commits_beyond(const std::vector<ObjectId>& bases, const ObjectId& tip,
                                                 std::size_t limit) const {
    const RevwalkHandle walk = walk_beyond(*this, bases, tip);
    std::vector<ObjectId> commits;
    git_oid id;
    while (commits.size() < limit) {
        const int code = git_revwalk_next(&id, walk.get());
        if (code == GIT_ITEROVER) break;
        check_read(code, *this, fmt::format("listing commits of {}", to_string(tip)));
        commits.push_back(from_git(id));
    }
    return commits;
}

ObjectId Repository::write_object(int type, std::string_view bytes) {
    git_oid oid;
    check(git_odb_write(&oid, objects(), bytes.data(), bytes.size(), static_cast<git_object_t>(type)),
          fmt::format("writing an object of {} bytes to {}", bytes.size(), m_folder.string()));
    m_written.push_back(from_git(oid));
    return m_written.back();
}

ObjectId Repository::write_blob(std::string_view bytes) {
    return write_object(GIT_OBJECT_BLOB, bytes);
}
ObjectId Repository::write_tree(std::string_view bytes) {
    return write_object(GIT_OBJECT_TREE, bytes);
}

ObjectId Repository::create_commit(const CommitRequest& request) {
    if (request.message.find('\0') != std::string::npos)
        throw Error(ErrorKind::invalid, "making a commit: its message holds a NUL byte");
    const SignatureHandle author = make_signature(request.author, "author");
    const SignatureHandle committer = make_signature(request.committer, "committer");
    const auto what = [&] {
        return fmt::format("making a commit of tree {} in {}", to_string(request.tree), m_folder.string());
    };
    git_oid id;
    if (request.sign) {
        const std::string commit = commit_bytes(handle(), request, *author, *committer);
        std::string signature = request.sign(commit);
        if (signature.ends_with('\n')) signature.pop_back();  // libgit2 adds one
        check(git_commit_create_with_signature(&id, handle(), commit.c_str(), signature.c_str(), nullptr), what());
    } else {
        const git_oid tree = to_git(request.tree);
        std::vector<git_oid> parents;
        for (const ObjectId& parent : request.parents)
            parents.push_back(to_git(parent));
        std::vector<const git_oid*> pointers;
        for (const git_oid& parent : parents)
            pointers.push_back(&parent);
        check(git_commit_create_from_ids(&id, handle(), nullptr, author.get(), committer.get(), nullptr,
                                         request.message.c_str(), &tree, pointers.size(), pointers.data()),
              what());
    }
    m_written.push_back(from_git(id));
    make_durable();
    return from_git(id);
}

// One flush for all of them, as git's core.fsyncMethod=batch: the data of all files is sent off, then awaited, so that
// the last one's fsync (a journal commit) covers every new file. An empty object left by a power cut would be taken
// for the real one ever after, as Git writes no object that is there.
void Repository::make_durable() {
    std::vector<std::string> paths;
    for (const ObjectId& id : std::exchange(m_written, {})) {
        const std::string name = to_string(id);
        paths.push_back((m_folder / "objects" / name.substr(0, 2) / name.substr(2)).string());
    }
    for (const std::string& path : paths)
        sync_object(path, Sync::start);
    for (const std::string& path : paths)
        sync_object(path, Sync::await);
    if (!paths.empty()) sync_object(paths.back(), Sync::commit);
}

}  // namespace tidemark::mirror::git
