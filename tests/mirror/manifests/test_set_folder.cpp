// set_folder on real folders: what is read, what is written and how.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/manifests/set_folder.h"

namespace tidemark::mirror::manifests {
namespace {

namespace fs = std::filesystem;

const std::string k_old = "a: x:1 # {\"$imagepolicy\": \"ns:app\"}\n";
const std::string k_new = "a: r.example/app:2 # {\"$imagepolicy\": \"ns:app\"}\n";

struct Folder {
    fs::path path;
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "tidemark-set-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    void write(const std::string& name, const std::string& bytes) const {
        fs::create_directories((path / name).parent_path());
        std::ofstream(path / name, std::ios::binary) << bytes;
    }
    std::string read(const std::string& name) const {
        std::ostringstream bytes;
        bytes << std::ifstream(path / name, std::ios::binary).rdbuf();
        return bytes.str();
    }
    SetReport set(const std::string& update_path = "", SetOptions options = {}) const {
        return set_folder(path, update_path, policy::make_setter_values({{"ns", "app", {"r.example/app", "2", ""}}}),
                          options);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_manifests_set_folder)

BOOST_AUTO_TEST_CASE(changes_come_in_the_order_of_the_walk) {
    const Folder folder;
    for (const char* name : {"b.yaml", "a/z.yml", "a.yaml", "a/c/Kustomization", "no.json"})
        folder.write(name, k_old);
    const SetReport report = folder.set();
    std::string order;
    for (const policy::Change& change : report.changes)
        order += change.file + " ";
    BOOST_TEST(order == "a/c/Kustomization a/z.yml a.yaml b.yaml ");
    BOOST_TEST(report.files_written == 4);
    BOOST_TEST(folder.read("a/z.yml") == k_new);
    BOOST_TEST(folder.read("no.json") == k_old);
    BOOST_TEST(folder.set().changes.empty());
}

BOOST_AUTO_TEST_CASE(a_dry_run_writes_nothing) {
    const Folder folder;
    folder.write("a.yaml", k_old);
    SetOptions options;
    options.dry_run = true;
    BOOST_TEST(folder.set("", options).changes.size() == 1);
    BOOST_TEST(folder.read("a.yaml") == k_old);
}

BOOST_AUTO_TEST_CASE(mode_links_and_other_names_stay) {
    const Folder folder;
    // One file that is written in place, one too large for that, one that gets shorter.
    folder.write("small.yaml", k_old);
    folder.write("large.yaml", k_old + "b: " + std::string(9000, 'x') + "\n");
    folder.write("shorter.yaml", "a: a-rather-long-name-of-an-image:1 # {\"$imagepolicy\": \"ns:app\"}\n");
    for (const char* name : {"small.yaml", "large.yaml", "shorter.yaml"})
        BOOST_REQUIRE(::chmod((folder.path / name).c_str(), 0640) == 0);
    fs::create_hard_link(folder.path / "large.yaml", folder.path / "other.txt");
    fs::create_symlink("large.yaml", folder.path / "z.yaml");
    BOOST_TEST(folder.set().changes.size() == 4);
    for (const char* name : {"small.yaml", "large.yaml", "shorter.yaml"}) {
        struct stat status {};
        BOOST_REQUIRE(::stat((folder.path / name).c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 07777) == 0640);
        BOOST_TEST(folder.read(name).substr(0, k_new.size()) == k_new);
    }
    BOOST_TEST(folder.read("other.txt") == folder.read("large.yaml"));
    BOOST_TEST(fs::is_symlink(folder.path / "z.yaml"));
    // No draft is left behind.
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 5);
}

BOOST_AUTO_TEST_CASE(links_lead_neither_out_nor_into_git) {
    const Folder outside;
    outside.write("secret.yaml", k_old);
    const Folder folder;
    folder.write(".git/x.yaml", k_old);
    folder.write("real.txt", k_old);
    fs::create_symlink(outside.path / "secret.yaml", folder.path / "out.yaml");
    fs::create_symlink(".git/x.yaml", folder.path / "git.yaml");
    fs::create_symlink("real.txt", folder.path / "in.yaml");
    fs::create_directory_symlink(outside.path, folder.path / "outside");
    const SetReport report = folder.set();
    BOOST_TEST(report.changes.size() == 1);
    BOOST_TEST(report.findings.size() == 2);
    BOOST_TEST(folder.read("real.txt") == k_new);
    BOOST_TEST(folder.read(".git/x.yaml") == k_old);
    BOOST_TEST(outside.read("secret.yaml") == k_old);
    // As an update path the link is resolved within the folder, where its target is not.
    BOOST_CHECK_THROW(folder.set("outside"), Error);
    BOOST_CHECK_THROW(folder.set(".git"), Error);
    BOOST_CHECK_THROW(folder.set("missing"), Error);
}

BOOST_AUTO_TEST_CASE(one_bad_file_does_not_stop_the_others) {
    const Folder folder;
    folder.write("bad.yaml", "a: [\n" + k_old);
    folder.write("good.yaml", k_old);
    folder.write("odd.yaml", "b: x # {'$imagepolicy': \"$imagepolicy\"}\n");
    BOOST_REQUIRE(::mkfifo((folder.path / "pipe.yaml").c_str(), 0600) == 0);
    const SetReport report = folder.set();
    BOOST_TEST(report.changes.size() == 1);
    BOOST_REQUIRE(report.problem_files.size() == 1);
    BOOST_TEST(report.problem_files[0] == "bad.yaml");
    BOOST_REQUIRE(report.findings.size() == 2);
    BOOST_TEST(report.findings[0].place.line > 1);
    BOOST_TEST((report.findings[1].severity == policy::Severity::warning));
}

BOOST_AUTO_TEST_CASE(a_file_without_write_permission_is_told_and_left) {
    if (::geteuid() == 0) {
        BOOST_TEST_MESSAGE("SKIPPED: root writes every file");
        return;
    }
    const Folder folder;
    folder.write("a.yaml", k_old);
    BOOST_REQUIRE(::chmod((folder.path / "a.yaml").c_str(), 0444) == 0);
    const SetReport report = folder.set();
    BOOST_TEST(report.changes.empty());
    BOOST_TEST(report.problem_files.size() == 1);
    BOOST_TEST(folder.read("a.yaml") == k_old);
}

BOOST_AUTO_TEST_CASE(threads_give_the_same_report) {
    const Folder folder;
    for (int i = 0; i < 700; ++i)
        folder.write("d" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".yaml", k_old);
    SetOptions one;
    one.dry_run = true;
    one.threads = 1;
    SetOptions four = one;
    four.threads = 4;
    const SetReport left = folder.set("", one);
    const SetReport right = folder.set("", four);
    BOOST_REQUIRE(left.changes.size() == 700);
    BOOST_REQUIRE(right.changes.size() == 700);
    for (std::size_t i = 0; i < left.changes.size(); ++i)
        BOOST_TEST(left.changes[i].file == right.changes[i].file);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::manifests
