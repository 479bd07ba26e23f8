#include <fstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "mirror/store/export_lines.h"
#include "mirror/store/store.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::store;
using policy::ObjectKind;
using tests::TemporaryFolder;

namespace {

const ObjectKey k_web{"flux-system", "web"};
const ObjectKey k_other{"apps", "other"};

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

TagList tags(const std::string& lines) {
    return {"ghcr.io/acme/web", "^x", "hash", at(7), lines};
}

Decision some_decision() {
    return {"spec", "ghcr.io/acme/web", {"ghcr.io/acme/web", "1.1", "sha256:1"}, at(5), at(6), true};
}

const Pin k_pin{"1.1", "anna", "1.2 \"breaks\"\n\xff", at(5), at(50)};
const Suspension k_suspension{true, false, "anna", "move", at(6)};
const Written k_written{"a b.yaml", "flux-system:web", "web:1.1", "abc"};

std::filesystem::path export_of(const TemporaryFolder& folder) {
    return folder / "export.jsonl";
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void write_lines(const std::filesystem::path& file, const std::vector<std::string>& lines) {
    std::ofstream stream(file);
    for (const std::string& line : lines)
        stream << line << '\n';
}

void fill(Store& store) {
    store.put_tag_list(k_web, tags("1.1\t5\n1.0\t4\n"));
    store.put_decision(k_web, some_decision());
    store.put_pin(k_web, k_pin);
    store.put_pin(k_other, k_pin);
    store.remove_pin(k_other);
    store.put_suspension(ObjectKind::image_policy, k_web, k_suspension);
    store.put_push(k_web, "main", {"abc", at(8)});
    store.put_write(k_web, k_written);
}

void check_all_is_back(Store& store) {
    Decision decision = some_decision();
    decision.outdated = true;  // it is made again from the tags of the next scan
    BOOST_TEST((store.decisions() == std::map<ObjectKey, Decision>{{k_web, decision}}));
    Pin pin = k_pin;
    pin.reason.back() = '?';  // was no text
    BOOST_TEST((store.pins() == std::map<ObjectKey, Pin>{{k_web, pin}}));
    BOOST_TEST((store.suspensions(ObjectKind::image_policy).at(k_web) == k_suspension));
    BOOST_TEST(store.find_push(k_web, "main")->commit_id == "abc");
    BOOST_TEST((store.writes(k_web) == std::vector<Written>{k_written}));
    const std::optional<TagList> list = store.find_tag_list(k_web);
    BOOST_REQUIRE(list.has_value());
    BOOST_TEST(list->lines == "1.1\t5\n1.0\t4\n");
    BOOST_TEST(list->body_hash.empty());  // so that the next scan reads the whole answer
}

/// A folder with the export of a filled state that is gone.
struct Lost {
    TemporaryFolder folder;
    Lost() {
        Store store(folder.path(), OpenMode::write);
        fill(store);
    }
    void lose() const {
        for (const char* name : {"state.db", "state.db-wal", "state.db-shm"})
            std::filesystem::remove(folder / name);
    }
};

/// What may befall a state file.
struct Damage {
    const char* name;
    void (*inflict)(const std::filesystem::path& file);
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) {
    return out << damage.name;
}
void garble(const std::filesystem::path& file, std::streamoff from, std::size_t count) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(from);
    bytes << std::string(count, '\x5a');
}
const std::vector<Damage> k_damages = {
    {"missing", [](const std::filesystem::path& file) { std::filesystem::remove(file); }},
    {"without length", [](const std::filesystem::path& file) { std::filesystem::resize_file(file, 0); }},
    {"cut short",
     [](const std::filesystem::path& file) {
         std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
     }},
    {"cut within a page", [](const std::filesystem::path& file) { std::filesystem::resize_file(file, 5000); }},
    {"garbled at its head", [](const std::filesystem::path& file) { garble(file, 0, 100); }},
    {"garbled within", [](const std::filesystem::path& file) { garble(file, 4096, 16384); }},
    {"no database", [](const std::filesystem::path& file) { std::ofstream(file) << std::string(9000, 'x'); }},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store_export)

BOOST_DATA_TEST_CASE_F(Lost, what_people_and_policies_said_survives_a_state_file_that_is, k_damages, damage) {
    damage.inflict(folder / "state.db");
    {
        Store store(folder.path(), OpenMode::write);
        BOOST_TEST_INFO(store.warning());
        BOOST_TEST(store.warning().find("came back from " + export_of(folder).string()) != std::string::npos);
        check_all_is_back(store);
        BOOST_TEST(store.tidy_export() == "");
    }
    Store again(folder.path(), OpenMode::write);
    BOOST_TEST(again.warning() == "");
    check_all_is_back(again);
}

BOOST_FIXTURE_TEST_CASE(tags_come_back_with_their_times_however_often_they_changed, Lost) {
    const std::vector<std::string> scans = {"2\t9\n1.1\t5\n1.0\t4\n", "2\t9\n1.1\t10\n", "", "3\t11\n2\t9\n",
                                            "b\t12\na\t13\na\"\\\t14\n3\t11\n"};
    for (const std::string& scan : scans) {
        {
            Store store(folder.path(), OpenMode::write);
            store.put_tag_list(k_web, tags(scan));
            store.put_tag_list(k_web, tags(scan));
        }
        lose();
        Store store(folder.path(), OpenMode::write);
        const std::string expected = scan == scans.back() ? "b\t12\na\"\\\t14\na\t13\n3\t11\n" : scan;
        BOOST_TEST(store.find_tag_list(k_web)->lines == expected);
    }
    {
        Store store(folder.path(), OpenMode::write);
        TagList other = tags("1\t20\n");
        other.canonical_name = "ghcr.io/acme/other";
        store.put_tag_list(k_web, other);
    }
    lose();
    BOOST_TEST(Store(folder.path(), OpenMode::write).find_tag_list(k_web)->lines == "1\t20\n");
}

BOOST_FIXTURE_TEST_CASE(damaged_lines_are_named_and_the_rest_is_taken, Lost) {
    lose();
    std::vector<std::string> lines = lines_of(export_of(folder));
    BOOST_REQUIRE(lines.size() == 8u);
    std::swap(lines[1][40], lines[1][41]);  // the decision: still JSON, not what was written
    lines.insert(lines.begin(), "no line of ours");
    lines.insert(lines.begin(), "");
    lines.push_back(lines.back().substr(0, 20));
    write_lines(export_of(folder), lines);
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST_INFO(store.warning());
    BOOST_TEST(
        store.warning().find("(7 lines); 3 of its lines are damaged and were left out: line 2, 4, 11; it is kept "
                             "as " +
                             export_of(folder).string() + ".damaged-") != std::string::npos);
    BOOST_TEST(store.decisions().empty());
    BOOST_TEST(store.pins().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_export_that_is_nothing_but_garbage_brings_nothing_back) {
    for (const std::string& garbage : {std::string(3'000'000, '\0'), std::string(5000, '\n'), std::string("{}\n{}\n"),
                                       std::string("{\"crc\":\"00000000\",")}) {
        TemporaryFolder folder;
        folder.write("export.jsonl", garbage);
        Store store(folder.path(), OpenMode::write);
        BOOST_TEST(store.warning().find("(0 lines)") != std::string::npos);
        BOOST_TEST(store.decisions().empty());
    }
}

BOOST_FIXTURE_TEST_CASE(the_export_is_written_anew_when_most_of_it_is_outdated, Lost) {
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.tidy_export() == "");
    const auto small = std::filesystem::file_size(export_of(folder));
    Store::Transaction change(store);
    for (int i = 0; i < 20'000; ++i)
        store.put_pin(k_web, k_pin);
    change.commit();
    BOOST_TEST(std::filesystem::file_size(export_of(folder)) > 100 * small);
    BOOST_TEST(store.tidy_export() == "");
    BOOST_TEST(std::filesystem::file_size(export_of(folder)) <= small);
}

BOOST_FIXTURE_TEST_CASE(what_happens_to_the_export_from_outside_is_made_good, Lost) {
    const std::vector<std::string> whole = lines_of(export_of(folder));
    std::filesystem::remove(export_of(folder));
    {
        Store store(folder.path(), OpenMode::write);
        store.put_pin(k_other, k_pin);
        store.remove_pin(k_other);
    }
    {
        Store store(folder.path(), OpenMode::write);
        BOOST_TEST(store.tidy_export() == "");
    }
    std::filesystem::resize_file(export_of(folder), 700);  // within a line
    {
        Store store(folder.path(), OpenMode::write);
        store.put_pin(k_other, k_pin);
    }
    lose();
    {
        // Even before it is written anew: the line that was cut costs itself alone.
        Store store(folder.path(), OpenMode::write);
        BOOST_TEST(store.pins().contains(k_other));
        fill(store);
        BOOST_TEST(store.tidy_export() == "");
    }
    lose();
    Store store(folder.path(), OpenMode::write);
    check_all_is_back(store);
}

BOOST_FIXTURE_TEST_CASE(only_what_was_committed_is_told, Lost) {
    const std::vector<std::string> before = lines_of(export_of(folder));
    {
        Store store(folder.path(), OpenMode::write);
        Store::Transaction change(store);
        store.put_pin(k_other, k_pin);
    }
    Store(folder.path(), OpenMode::rehearse).put_pin(k_other, k_pin);
    BOOST_TEST(lines_of(export_of(folder)) == before);
}

BOOST_FIXTURE_TEST_CASE(a_rehearsal_sees_what_came_back_and_leaves_it_for_the_next_writer, Lost) {
    lose();
    {
        Store rehearsal(folder.path(), OpenMode::rehearse);
        check_all_is_back(rehearsal);
    }
    Store store(folder.path(), OpenMode::write);
    check_all_is_back(store);
}

BOOST_FIXTURE_TEST_CASE(the_export_of_another_state_changes_nothing, Lost) {
    TemporaryFolder other;
    { Store(other.path(), OpenMode::write).put_decision(k_other, some_decision()); }
    std::filesystem::copy_file(export_of(folder), export_of(other), std::filesystem::copy_options::overwrite_existing);
    Store store(other.path(), OpenMode::write);
    BOOST_TEST(store.warning() == "");
    BOOST_TEST(store.pins().empty());
}

BOOST_AUTO_TEST_SUITE_END()
