// Mirrors with damaged files: each is told apart as damaged, with its folder, and nothing waits for ever.
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "mirror/git/damage.h"
#include "mirror/git/repository.h"
#include "mirror/git/tree.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;
namespace fs = std::filesystem;

namespace {

/// A repository with a history of two commits, as each case below damages it.
struct Damaged {
    Damaged() {
        first = repository.commit(repository.tree({{"a.yaml", {"a: 1\n"}}}), {}, "Bot", "first");
        blob = repository.objects().write_blob(std::string(3000, 'x') + "\n");
        tree = repository.tree({{"a.yaml", {"a: 2\n"}}, {"b.yaml", {"b: 2\n"}}});
        second = repository.commit(tree, {first}, "Bot", "second");
        repository.git("update-ref refs/heads/main " + to_string(second));
    }

    fs::path loose(const ObjectId& id) const {
        const std::string name = to_string(id);
        return repository.folder() / "objects" / name.substr(0, 2) / name.substr(2);
    }
    fs::path packed(std::string_view ending) {
        repository.git("repack -a -d -q");
        for (const fs::directory_entry& entry : fs::directory_iterator(repository.folder() / "objects/pack"))
            if (entry.path().string().ends_with(ending)) return entry.path();
        throw std::runtime_error("there is no pack");
    }
    /// What a fresh look at everything says.
    void read() const {
        const Repository fresh(repository.folder());
        fresh.read_tree(fresh.read_commit(*fresh.find_commit("refs/heads/main")).tree);
        fresh.read_blob(blob);
        fresh.read_commit(first);
    }

    TestRepository repository;
    ObjectId first, second, tree, blob;
};

void cut(const fs::path& file, std::size_t size) {
    fs::permissions(file, fs::perms::owner_all);
    fs::resize_file(file, size);
}

void check_damaged(const Damaged& damaged, const std::string& part) {
    try {
        damaged.read();
        BOOST_ERROR("nothing was noticed");
    } catch (const DamagedRepository& error) {
        const std::string message = error.what();
        BOOST_TEST(message.find("the repository " + damaged.repository.folder().string() + " is damaged: ") == 0u);
        BOOST_TEST_INFO(message);
        BOOST_TEST(message.find(part) != std::string::npos);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_git_damage)

BOOST_AUTO_TEST_CASE(a_sound_mirror_reads_loose_and_packed) {
    Damaged sound;
    BOOST_CHECK_NO_THROW(sound.read());
    const Repository fresh(sound.repository.folder());
    BOOST_TEST(fresh.read_blob(sound.blob).size() == 3001u);
    BOOST_TEST(fresh.read_blob(sound.repository.objects().write_blob("")) == "");
    for (const std::size_t size : {1u, 20u, 23u, 24u, 25u, 26u, 31u, 32u, 33u, 100'000u}) {
        const std::string text(size, 'y');
        BOOST_TEST(fresh.read_blob(sound.repository.objects().write_blob(text)) == text);
    }
    sound.packed(".pack");
    BOOST_TEST(fresh.read_commit(sound.second).summary() == "second");
    BOOST_CHECK_NO_THROW(sound.read());
}

BOOST_AUTO_TEST_CASE(a_loose_object_that_was_cut_is_damage_at_any_length) {
    for (const std::size_t size : {0u, 1u, 2u, 10u, 20u, 25u}) {
        for (const int which : {0, 1, 2, 3}) {
            Damaged damaged;
            const ObjectId id = which == 0   ? damaged.first
                                : which == 1 ? damaged.second
                                : which == 2 ? damaged.tree
                                             : damaged.blob;
            const fs::path file = damaged.loose(id);
            cut(file, size);
            check_damaged(damaged, file.string());
        }
    }
    Damaged last_byte;
    cut(last_byte.loose(last_byte.second), fs::file_size(last_byte.loose(last_byte.second)) - 1);
    check_damaged(last_byte, "cut short");
}

BOOST_AUTO_TEST_CASE(a_loose_object_of_other_bytes_is_damage) {
    for (const char* bytes : {"x", "not zlib at all, but long enough to look like something", "\x78\x01"}) {
        Damaged damaged;
        fs::permissions(damaged.loose(damaged.second), fs::perms::owner_all);
        write_text(damaged.loose(damaged.second), bytes);
        check_damaged(damaged, damaged.loose(damaged.second).string());
    }
    Damaged longer;
    const fs::path file = longer.loose(longer.tree);
    std::string bytes = read_text(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    fs::permissions(file, fs::perms::owner_all);
    write_text(file, bytes);
    check_damaged(longer, "damaged");
}

BOOST_AUTO_TEST_CASE(an_object_that_is_gone_is_damage) {
    Damaged damaged;
    fs::remove(damaged.loose(damaged.tree));
    check_damaged(damaged, to_string(damaged.tree));
    Damaged parent;
    fs::remove(parent.loose(parent.first));
    const Repository fresh(parent.repository.folder());
    BOOST_CHECK_THROW(fresh.is_ancestor(parent.first, parent.second), DamagedRepository);
    BOOST_CHECK_THROW(fresh.find_merge_base(parent.tree, parent.second), Error);
    BOOST_CHECK_THROW(fresh.commits_beyond(parent.first, parent.second, 10), DamagedRepository);
}

BOOST_AUTO_TEST_CASE(a_damaged_pack_is_damage) {
    for (const std::size_t size : {0u, 10u, 40u, 100u}) {
        Damaged damaged;
        cut(damaged.packed(".pack"), size);
        check_damaged(damaged, "");
    }
    Damaged index;
    cut(index.packed(".idx"), 100);
    check_damaged(index, "");
    Damaged gone;
    fs::remove(gone.packed(".pack"));
    check_damaged(gone, "");
    Damaged noise;
    const fs::path pack = noise.packed(".pack");
    std::string bytes = read_text(pack);
    for (std::size_t i = 14; i + 20 < bytes.size(); i += 3)
        bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    fs::permissions(pack, fs::perms::owner_all);
    write_text(pack, bytes);
    check_damaged(noise, "");
}

BOOST_AUTO_TEST_CASE(an_object_that_may_not_be_read_is_no_damage) {
    Damaged damaged;
    const fs::path file = damaged.loose(damaged.second);
    fs::remove(file);
    fs::create_directory(file);  // for root too it cannot be read as a file
    try {
        damaged.read();
        BOOST_ERROR("read what is no file");
    } catch (const DamagedRepository&) {
        BOOST_ERROR("a reason of the system was taken for damage");
    } catch (const Error& error) {
        BOOST_TEST(std::string(error.what()).find(file.string()) != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
