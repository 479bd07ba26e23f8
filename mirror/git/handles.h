// libgit2, wrapped once: a unique_ptr for each kind of handle, an out-parameter guard, and errors that carry
// libgit2's own message. Only mirror/git's sources include this. The library is started by the first
// Repository (3.8 ms: it reads the system's certificates), never by a run that needs no object.
#pragma once

#include <memory>
#include <string_view>

#include <git2.h>
#include <git2/sys/commit.h>

#include "mirror/base/error.h"
#include "mirror/git/object_id.h"

namespace tidemark::mirror::git {

template <class Handle, void (*free_handle)(Handle*)>
struct FreeHandle {
    void operator()(Handle* handle) const noexcept { free_handle(handle); }
};

using RepositoryHandle = std::unique_ptr<git_repository, FreeHandle<git_repository, git_repository_free>>;
using OdbHandle = std::unique_ptr<git_odb, FreeHandle<git_odb, git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, FreeHandle<git_odb_object, git_odb_object_free>>;
using ObjectHandle = std::unique_ptr<git_object, FreeHandle<git_object, git_object_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreeHandle<git_tree, git_tree_free>>;
using CommitHandle = std::unique_ptr<git_commit, FreeHandle<git_commit, git_commit_free>>;
using RevwalkHandle = std::unique_ptr<git_revwalk, FreeHandle<git_revwalk, git_revwalk_free>>;
using SignatureHandle = std::unique_ptr<git_signature, FreeHandle<git_signature, git_signature_free>>;

/// Receives what a C function stores through a pointer to a pointer: `git_x_lookup(Out(handle), ...)`.
template <class Unique>
class Out {
public:
    explicit Out(Unique& owner) noexcept : m_owner(owner) {}
    ~Out() { m_owner.reset(m_value); }
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    operator typename Unique::pointer *() noexcept { return &m_value; }

private:
    Unique& m_owner;
    typename Unique::pointer m_value = nullptr;
};

/// Text that libgit2 gives away.
class Buffer {
public:
    Buffer() = default;
    ~Buffer() { git_buf_dispose(&m_bytes); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    git_buf* get() noexcept { return &m_bytes; }
    std::string_view text() const noexcept { return {m_bytes.ptr, m_bytes.size}; }

private:
    git_buf m_bytes = GIT_BUF_INIT;
};

/// Starts libgit2 once in a process, with our limits. Thread safe.
void start_library();

/// Throws Error for a negative `code`: "<what>: <libgit2's message>". GIT_ENOTFOUND becomes not_found.
void check(int code, std::string_view what);
[[noreturn]] void fail(int code, std::string_view what);

git_oid to_git(const ObjectId& id) noexcept;
ObjectId from_git(const git_oid& id) noexcept;

}  // namespace tidemark::mirror::git
