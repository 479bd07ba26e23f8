// One bare repository to serve, and a mirror beside it: what every test of a Remote starts from.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/git/remote.h"
#include "mirror/git/remote_mirror.h"
#include "tests/support/git_servers.h"
#include "tests/support/process.h"

namespace tidemark::tests {

using Keys = std::map<std::string, std::string>;

inline mirror::git::SecretKeys secret_keys(const Keys& keys) {
    mirror::git::SecretKeys secret;
    for (const auto& [key, value] : keys)
        secret.emplace(key, mirror::SecretString(value));
    return secret;
}

inline mirror::git::ObjectId id_of(const std::string& text) {
    return mirror::git::read_object_id(text, "test");
}

struct RemoteFixture {
    RemoteFixture() {
        std::filesystem::create_directories(private_root);
        first = server.commit("main", {{"a.yaml", "a: 1\n"}}, "First");
        mirror::git::ensure_bare(mirror);
    }

    mirror::git::RemoteAccess access(const std::string& url, const Keys& keys = {}) const {
        return mirror::git::make_remote_access(url, secret_keys(keys), "flux-system/fleet");
    }
    mirror::git::Remote remote(const std::string& url, const Keys& keys = {}) const {
        return mirror::git::Remote(mirror, access(url, keys), private_root);
    }
    mirror::git::Remote remote() const { return remote(server.url()); }

    /// Makes a commit in the mirror, on top of `parent`, as the object half would.
    std::string commit_in_mirror(const std::string& parent, const std::string& text) const {
        return GitRepository(mirror, GitRepository::existing).loose_commit(parent, {{"a.yaml", text}}, "Bump");
    }

    TempFolder folder;
    std::filesystem::path root = folder / "srv";
    std::filesystem::path mirror = folder / "mirror.git";
    std::filesystem::path private_root = folder / "private";
    GitRepository server{root / "fleet.git"};
    std::string first;
};

/// The error that `call` throws; fails the test if it throws none.
template <class Call>
mirror::Error error_of(Call call) {
    try {
        call();
    } catch (const mirror::Error& error) {
        return error;
    }
    BOOST_ERROR("no error was thrown");
    return mirror::Error(mirror::ErrorKind::internal, "none");
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::vector<std::string> k_main = {"main"};

}  // namespace tidemark::tests
