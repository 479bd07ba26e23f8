#include <iostream>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/secrets.h"
#include "policy/objects/read.h"
#include "tests/mirror/base/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::test;

namespace {

const policy::ObjectKey k_cred{"apps", "cred"};

std::string manifest(const std::string& password) {
    return "apiVersion: v1\nkind: Secret\nmetadata: {name: cred, namespace: apps}\nstringData: {username: me, "
           "password: \"" +
           password + "\"}\n";
}

struct Failure {
    ErrorKind kind;
    std::string message;
};

Failure failure_of(const SecretStore& store, const policy::ObjectKey& key) {
    try {
        store.get(key);
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    BOOST_FAIL("the secret was found");
    return {};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// The top folder as others would reach it.
void open_to_others(const TemporaryFolder& folder) {
    ::chmod(folder.path().c_str(), 0755);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_secrets)

BOOST_AUTO_TEST_CASE(files_below_the_secrets_folder_are_the_keys) {
    const TemporaryFolder folder;
    folder.write("apps/cred/username", "me\n");
    folder.write("apps/cred/password", "hunter2\r\n");
    folder.write("apps/cred/identity", "-----BEGIN\n-----END\n");
    folder.write("apps/cred/.dockerconfigjson", "{}\n");
    folder.write("apps/cred/..data/x", "no key");
    folder.write("apps/cred/editor~", "no key");
    const SecretValues values = SecretStore({folder.path(), {}}, {}).get(k_cred);
    BOOST_TEST(values.size() == 4U);
    BOOST_TEST(values.at("username").reveal() == "me");
    BOOST_TEST(values.at("password").reveal() == "hunter2");
    BOOST_TEST(values.at("identity").reveal() == "-----BEGIN\n-----END\n");
    BOOST_TEST(values.at(".dockerconfigjson").reveal() == "{}\n");
}

BOOST_AUTO_TEST_CASE(file_is_read_at_each_call) {
    const TemporaryFolder folder;
    folder.write("apps/cred/password", "old");
    const SecretStore store({folder.path(), {}}, {});
    BOOST_TEST(store.get(k_cred).at("password").reveal() == "old");
    folder.write("apps/cred/password", "new");
    BOOST_TEST(store.get(k_cred).at("password").reveal() == "new");
}

BOOST_AUTO_TEST_CASE(file_that_others_can_read_is_refused_with_the_chmod) {
    const TemporaryFolder folder;
    const auto file = folder.write("apps/cred/password", "hunter2", 0644);
    const SecretStore store({folder.path(), {}}, {});
    BOOST_TEST(store.get(k_cred).size() == 1U);  // mkdtemp's folder is closed to others
    open_to_others(folder);
    const Failure failure = failure_of(store, k_cred);
    BOOST_TEST((failure.kind == ErrorKind::permission));
    BOOST_TEST(has(failure.message, "secret apps/cred: "));
    BOOST_TEST(has(failure.message, "run: chmod go= " + file.string()));
    BOOST_TEST(!has(failure.message, "hunter2"));
    ::chmod(file.c_str(), 0640);
    BOOST_TEST(store.get(k_cred).size() == 1U);
}

BOOST_AUTO_TEST_CASE(manifest_in_the_secrets_folder_serves_too) {
    const TemporaryFolder folder;
    folder.write("cred.yaml", manifest("hunter2"));
    const SecretStore store({folder.path(), {}}, {});
    BOOST_TEST(store.get(k_cred).at("password").reveal() == "hunter2");
    open_to_others(folder);
    ::chmod((folder.path() / "cred.yaml").c_str(), 0644);
    BOOST_TEST(has(failure_of(store, k_cred).message, "chmod go= "));
}

BOOST_AUTO_TEST_CASE(manifest_among_the_objects_must_be_a_private_file) {
    const TemporaryFolder folder;
    const auto file = folder.write("cred.yaml", manifest("hunter2"));
    const policy::ObjectSet objects = policy::read_objects({{file.string(), manifest("hunter2")}});
    const SecretStore store({}, objects);
    BOOST_TEST(store.get(k_cred).at("username").reveal() == "me");
    open_to_others(folder);
    ::chmod(file.c_str(), 0644);
    BOOST_TEST((failure_of(store, k_cred).kind == ErrorKind::permission));

    const policy::ObjectSet from_git = policy::read_objects({{"fleet.git:cred.yaml", manifest("hunter2")}});
    const Failure failure = failure_of(SecretStore({}, from_git), k_cred);
    BOOST_TEST(has(failure.message, "everybody who can read that repository has it"));
}

BOOST_AUTO_TEST_CASE(files_go_before_manifests_and_these_before_credentials) {
    const TemporaryFolder folder;
    const TemporaryFolder credentials;
    credentials.write("apps.cred.password", "credential\n");
    credentials.write("apps.cred..dockerconfigjson", "{}");
    credentials.write("apps.credo.password", "other");
    BOOST_TEST(SecretStore({folder.path(), credentials.path()}, {}).get(k_cred).at("password").reveal() ==
               "credential");
    BOOST_TEST(SecretStore({{}, credentials.path()}, {}).get(k_cred).size() == 2U);
    folder.write("cred.yml", manifest("manifest"));
    BOOST_TEST(SecretStore({folder.path(), credentials.path()}, {}).get(k_cred).at("password").reveal() == "manifest");
    folder.write("apps/cred/password", "file");
    BOOST_TEST(SecretStore({folder.path(), credentials.path()}, {}).get(k_cred).at("password").reveal() == "file");
}

BOOST_AUTO_TEST_CASE(missing_secret_says_where_it_was_looked_for) {
    const TemporaryFolder folder;
    const Failure failure = failure_of(SecretStore({folder.path(), "/run/credentials/x"}, {}), k_cred);
    BOOST_TEST((failure.kind == ErrorKind::authentication));
    BOOST_TEST(
        has(failure.message, "secret apps/cred not found: looked at " + folder.path().string() + "/apps/cred/<key>"));
    BOOST_TEST(has(failure.message, "/run/credentials/x/apps.cred.<key>"));
    BOOST_TEST(has(failure_of(SecretStore({}, {}), k_cred).message, "--secrets DIR"));
    BOOST_TEST(!has(failure.message, "LoadCredential"));
    BOOST_TEST(has(failure_of(SecretStore({folder.path(), {}}, {}), k_cred).message, "LoadCredential= hands over"));
    BOOST_TEST(!SecretStore({folder.path(), {}}, {}).knows(k_cred));
}

BOOST_AUTO_TEST_CASE(names_never_lead_out_of_the_folder) {
    const TemporaryFolder folder;
    folder.write("cred/password", "x");
    const SecretStore store({folder.path() / "secrets", {}}, {});
    for (const policy::ObjectKey& key :
         {policy::ObjectKey{"..", "cred"}, {"apps", "../../cred"}, {"apps", ""}, {"a/b", "c"}})
        BOOST_TEST((failure_of(store, key).kind == ErrorKind::invalid));
}

BOOST_AUTO_TEST_CASE(damaged_secret_is_refused_without_its_content) {
    const TemporaryFolder folder;
    folder.write("cred.yaml",
                 "apiVersion: v1\nkind: Secret\nmetadata: {name: cred, namespace: apps}\ndata: {password: hunter2!}\n");
    const Failure failure = failure_of(SecretStore({folder.path(), {}}, {}), k_cred);
    BOOST_TEST((failure.kind == ErrorKind::invalid));
    BOOST_TEST(has(failure.message, "data.password is not base64"));
    BOOST_TEST(!has(failure.message, "hunter2"));

    const TemporaryFolder large;
    large.write("apps/cred/password", std::string((std::size_t{1} << 20) + 1, 'x'));
    BOOST_TEST(
        has(failure_of(SecretStore({large.path(), {}}, {}), k_cred).message, "secret apps/cred, key password: "));
}

BOOST_AUTO_TEST_CASE(unreadable_secret_is_a_permission_error) {
    if (::geteuid() == 0) {
        std::cout << "SKIPPED: root reads every file\n";
        return;
    }
    const TemporaryFolder folder;
    folder.write("apps/cred/password", "x", 0000);
    BOOST_TEST((failure_of(SecretStore({folder.path(), {}}, {}), k_cred).kind == ErrorKind::permission));
}

BOOST_AUTO_TEST_SUITE_END()
