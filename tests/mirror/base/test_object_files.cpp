#include <iostream>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/object_files.h"
#include "tests/mirror/base/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::test;

BOOST_AUTO_TEST_SUITE(mirror_base_object_files)

BOOST_AUTO_TEST_CASE(yaml_and_json_files_are_read_in_order_at_any_depth) {
    const TemporaryFolder folder;
    folder.write("b.yaml", "b");
    folder.write("a/deep/x.yml", "x");
    folder.write("c.json", "c");
    folder.write("README.md", "no");
    folder.write(".git/config.yaml", "no");
    folder.write("a/.hidden.yaml", "no");
    folder.write(".yaml", "no");
    const ObjectFiles files = read_object_files({folder.path()});
    BOOST_REQUIRE_EQUAL(files.texts.size(), 3U);
    BOOST_TEST(files.texts[0].file == (folder.path() / "a/deep/x.yml").string());
    BOOST_TEST(files.texts[1].bytes == "b");
    BOOST_TEST(files.texts[2].bytes == "c");
    BOOST_TEST(files.findings.empty());
}

BOOST_AUTO_TEST_CASE(single_file_can_be_named) {
    const TemporaryFolder folder;
    const ObjectFiles files = read_object_files({folder.write("one.txt", "x")});
    BOOST_TEST(files.texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(missing_folder_is_an_error) {
    BOOST_CHECK_THROW(read_object_files({"/nowhere/at/all"}), Error);
}

BOOST_AUTO_TEST_CASE(file_that_is_too_large_is_a_finding_and_the_rest_goes_on) {
    const TemporaryFolder folder;
    folder.write("a.yaml", "a");
    const auto large = folder.write("b.yaml", "");
    std::filesystem::resize_file(large, (std::uintmax_t{16} << 20) + 1);
    folder.write("c.yaml", "c");
    const ObjectFiles files = read_object_files({folder.path()});
    BOOST_TEST(files.texts.size() == 2U);
    BOOST_REQUIRE_EQUAL(files.findings.size(), 1U);
    BOOST_TEST(files.findings[0].place.file == large.string());
}

BOOST_AUTO_TEST_CASE(unreadable_file_and_folder_are_findings) {
    if (::geteuid() == 0) {
        std::cout << "SKIPPED: root reads every file\n";
        return;
    }
    const TemporaryFolder folder;
    folder.write("a.yaml", "a", 0000);
    folder.write("b/c.yaml", "c");
    ::chmod((folder.path() / "b").c_str(), 0000);
    const ObjectFiles files = read_object_files({folder.path()});
    ::chmod((folder.path() / "b").c_str(), 0700);
    BOOST_TEST(files.texts.empty());
    BOOST_TEST(files.findings.size() == 2U);
}

BOOST_AUTO_TEST_CASE(links_to_folders_are_not_followed) {
    const TemporaryFolder folder;
    folder.write("a.yaml", "a");
    std::filesystem::create_directory_symlink(folder.path(), folder.path() / "loop");
    BOOST_TEST(read_object_files({folder.path()}).texts.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
