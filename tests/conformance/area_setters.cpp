// setters.json: each case's files are laid out in a temporary folder and set there. Where Flux does no harm every
// recorded field must come out the same; where it does, k_harmful says what Tidemark does instead, and that holds.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/manifests/set_folder.h"
#include "policy/setters/documents.h"
#include "policy/setters/record.h"
#include "policy/setters/scalar_type.h"
#include "policy/setters/setters.h"
#include "policy/yaml/parser.h"
#include "tests/conformance/harness.h"
#include "tests/conformance/setters_harmful.h"

namespace tidemark::conformance {
namespace {

namespace fs = std::filesystem;

using ChangeText = std::string;
using Files = std::map<std::string, std::string>;

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "tidemark-setters-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        m_path = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const fs::path& path() const noexcept { return m_path; }

private:
    fs::path m_path;
};

std::string decode_base64(std::string_view text) {
    std::string bytes;
    unsigned value = 0;
    int bits = 0;
    constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (const char c : text) {
        const std::size_t digit = k_digits.find(c);
        if (digit == std::string_view::npos) break;
        value = value << 6 | static_cast<unsigned>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(value >> bits & 0xff);
    }
    return bytes;
}

Files members(Json object, std::string_view key) {
    Files files;
    simdjson::dom::object list;
    if (object[key].get(list) != simdjson::SUCCESS) return files;
    for (const auto& member : list) {
        std::string_view value;
        if (member.value.get(value) == simdjson::SUCCESS) files[std::string(member.key)] = value;
    }
    return files;
}

std::vector<policy::PolicyReference> policies_of(Json test) {
    std::vector<policy::PolicyReference> policies;
    for (Json one : test["policies"].get_array()) {
        const Json latest = one["latest"];
        policies.push_back({text(one, "namespace").value_or(""),
                            text(one, "name").value_or(""),
                            {text(latest, "name").value_or(""), text(latest, "tag").value_or(""),
                             text(latest, "digest").value_or("")}});
    }
    return policies;
}

std::string read_bytes(const fs::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

void lay_out(const fs::path& root, const Files& files, const Files& links) {
    for (const auto& [name, bytes] : files) {
        fs::create_directories((root / name).parent_path());
        std::ofstream(root / name, std::ios::binary) << bytes;
    }
    for (const auto& [name, target] : links) {
        fs::create_directories((root / name).parent_path());
        fs::create_symlink(target, root / name);
    }
}

Files read_folder(const fs::path& root) {
    Files files;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_symlink() && entry.is_regular_file())
            files[fs::relative(entry.path(), root).string()] = read_bytes(entry.path());
    }
    return files;
}

ChangeText change_text(const policy::Change& change) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", change.file, change.object.api_version, change.object.kind,
                       change.object.object_namespace, change.object.name, change.setter, change.old_value,
                       change.new_value);
}

std::vector<ChangeText> expected_changes(Json test) {
    std::vector<ChangeText> changes;
    for (Json one : test["changes"].get_array()) {
        const auto field = [one](const char* key) { return text(one, key).value_or(""); };
        changes.push_back(change_text({field("file"),
                                       {field("apiVersion"), field("kind"), field("namespace"), field("name")},
                                       field("setter"),
                                       field("old"),
                                       field("new"),
                                       0}));
    }
    std::sort(changes.begin(), changes.end());
    return changes;
}

/// A leaf as `values` has it; the type is what a plain scalar reads as.
struct Leaf {
    std::string text;  // "doc path text kind"
    std::string place;
    std::string value;
    bool is_string = false;
    bool is_scalar = false;
};

/// The leaves of the first document of a text.
class LeafReader {
public:
    LeafReader(std::string_view document, std::size_t number) : m_parser(document), m_number(number) {}

    std::vector<Leaf> read() {
        while (auto event = m_parser.next()) {
            if (event->kind == policy::yaml::EventKind::document_end) break;
            if (event->kind == policy::yaml::EventKind::stream_start ||
                event->kind == policy::yaml::EventKind::document_start)
                continue;
            node(*event, "");
        }
        return std::move(m_leaves);
    }

private:
    using Event = policy::yaml::Event;
    using EventKind = policy::yaml::EventKind;

    void add(const std::string& path, const std::string& value, const std::string& kind, bool is_string) {
        m_leaves.push_back({fmt::format("{} {} {} {}", m_number, path, value, kind),
                            fmt::format("{} {}", m_number, path), value, is_string, kind.empty()});
    }

    void node(const Event& event, const std::string& path) {
        switch (event.kind) {
            case EventKind::scalar: {
                const bool plain = event.style == policy::yaml::ScalarStyle::plain && event.tag.empty();
                const bool tagged = !event.tag.empty() && event.tag.find("2002:") != std::string::npos &&
                                    event.tag != "tag:yaml.org,2002:str";
                add(path, event.value, "",
                    !tagged &&
                        (!plain || policy::setters::plain_type(event.value) == policy::setters::PlainType::text));
                return;
            }
            case EventKind::alias:
                add(path, event.anchor, "alias", false);
                return;
            case EventKind::mapping_start:
                mapping(path);
                return;
            case EventKind::sequence_start:
                sequence(path);
                return;
            default:
                return;
        }
    }

    void mapping(const std::string& path) {
        bool empty = true;
        while (auto key = m_parser.next()) {
            if (key->kind == EventKind::mapping_end) break;
            empty = false;
            std::string name = "?";
            if (key->kind == EventKind::scalar) name = escape(key->value);
            if (key->kind == EventKind::alias) name = "*" + key->anchor;
            if (name == "?") skip(*key);
            if (auto value = m_parser.next()) node(*value, path + "/" + name);
        }
        if (empty) add(path, "", "empty_map", false);
    }

    void sequence(const std::string& path) {
        std::size_t index = 0;
        while (auto item = m_parser.next()) {
            if (item->kind == EventKind::sequence_end) break;
            node(*item, path + "/" + std::to_string(index++));
        }
        if (index == 0) add(path, "", "empty_seq", false);
    }

    void skip(const Event& event) {
        int depth = event.kind == EventKind::mapping_start || event.kind == EventKind::sequence_start ? 1 : 0;
        while (depth > 0) {
            const auto next = m_parser.next();
            if (!next) return;
            if (next->kind == EventKind::mapping_start || next->kind == EventKind::sequence_start) ++depth;
            if (next->kind == EventKind::mapping_end || next->kind == EventKind::sequence_end) --depth;
        }
    }

    static std::string escape(const std::string& name) {
        std::string escaped;
        for (const char c : name)
            escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return escaped;
    }

    policy::yaml::EventParser m_parser;
    std::size_t m_number;
    std::vector<Leaf> m_leaves;
};

std::vector<Leaf> leaves_of(const std::string& bytes) {
    std::vector<Leaf> leaves;
    const auto spans = policy::setters::split_documents(bytes);
    if (!spans) return leaves;
    std::size_t number = 0;
    for (const auto& span : *spans) {
        std::vector<Leaf> more =
            LeafReader(std::string_view(bytes).substr(span.begin, span.end - span.begin), number).read();
        const bool only_root = more.size() == 1 && more[0].place == fmt::format("{} ", number);
        if (more.empty() || (only_root && more[0].is_scalar && policy::setters::is_null_text(more[0].value))) continue;
        ++number;
        std::move(more.begin(), more.end(), std::back_inserter(leaves));
    }
    return leaves;
}

std::vector<std::string> texts_of(const std::vector<Leaf>& leaves) {
    std::vector<std::string> texts;
    for (const Leaf& leaf : leaves)
        texts.push_back(leaf.text);
    return texts;
}

std::vector<std::string> expected_leaves(Json list) {
    std::vector<std::string> leaves;
    for (Json leaf : list.get_array()) {
        const simdjson::dom::array fields = leaf.get_array();
        std::string_view kind;
        if (fields.size() > 3) kind = fields.at(3).get_string();
        leaves.push_back(fmt::format("{} {} {} {}", std::int64_t(fields.at(0).get_int64()),
                                     std::string_view(fields.at(1).get_string()),
                                     std::string_view(fields.at(2).get_string()), kind));
    }
    return leaves;
}

/// What one run left behind.
struct Outcome {
    bool error = false;
    std::vector<ChangeText> changes;
    std::vector<policy::Change> raw_changes;
    policy::Findings findings;
    std::vector<std::string> read_files;
    std::vector<std::string> problem_files;
    Files files;
    bool second_run_changes = false;
};

class Case {
public:
    explicit Case(Json test) : m_test(test), m_before(members(test, "files")) {
        for (const auto& [name, bytes] : members(test, "files_base64"))
            m_before[name] = decode_base64(bytes);
    }

    /// What is wrong, one "field: expected / actual" a line; empty if nothing is.
    std::string check() {
        run();
        truth(m_test, "harmful") ? check_harmful() : check_harmless();
        return std::move(m_wrong);
    }

private:
    void run() {
        const TemporaryFolder folder;
        lay_out(folder.path(), m_before, members(m_test, "symlinks"));
        const policy::SetterValues values = policy::make_setter_values(policies_of(m_test));
        const std::string update_path = text(m_test, "update_path").value_or("");
        m_outcome.findings = values.findings;
        try {
            mirror::manifests::SetReport report = mirror::manifests::set_folder(folder.path(), update_path, values);
            for (const policy::Change& change : report.changes)
                m_outcome.changes.push_back(change_text(change));
            std::sort(m_outcome.changes.begin(), m_outcome.changes.end());
            m_outcome.raw_changes = std::move(report.changes);
            m_outcome.read_files = std::move(report.files_read);
            m_outcome.problem_files = std::move(report.problem_files);
            std::move(report.findings.begin(), report.findings.end(), std::back_inserter(m_outcome.findings));
            m_outcome.files = read_folder(folder.path());
            m_outcome.second_run_changes =
                !mirror::manifests::set_folder(folder.path(), update_path, values).changes.empty();
        } catch (const mirror::Error&) {
            m_outcome.error = true;
            m_outcome.files = read_folder(folder.path());
        }
    }

    template <class Value>
    void expect(std::string_view field, const Value& expected, const Value& actual) {
        if (expected != actual) m_wrong += fmt::format("{}: {} / {}\n", field, expected, actual);
    }

    void expect_true(std::string_view field, bool holds) {
        if (!holds) m_wrong += fmt::format("{} does not hold\n", field);
    }

    void check_harmless() {
        expect("error", truth(m_test, "error"), m_outcome.error);
        expect("changes", expected_changes(m_test), m_outcome.changes);
        expect("read_files", sorted(texts(m_test, "read_files")), sorted(objects_read()));
        expect("problem_files", sorted(texts(m_test, "problem_files")), sorted(m_outcome.problem_files));
        simdjson::dom::object values;
        if (m_test["values"].get(values) == simdjson::SUCCESS) {
            for (const auto& file : values) {
                // Of a file that Flux refuses the recorded values are another parser's; it is untouched, see below.
                if (is_in(texts(m_test, "problem_files"), file.key)) continue;
                expect(file.key, expected_leaves(file.value), texts_of(leaves_of(after(std::string(file.key)))));
            }
        }
        for (const std::string& file : texts(m_test, "untouched"))
            expect_true("untouched " + file, m_before[file] == after(file));
        check_scalars();
        check_bytes();
    }

    static bool is_in(const std::vector<std::string>& list, std::string_view text) {
        return std::find(list.begin(), list.end(), text) != list.end();
    }

    /// The recorder saw Flux's objects, not its files: none without one, and no name for those taken out of a list.
    std::vector<std::string> objects_read() const {
        std::vector<std::string> names;
        for (const std::string& file : m_outcome.read_files) {
            const auto bytes = find_read(file);
            if (!bytes) {
                names.push_back(file);
                continue;
            }
            const auto spans = policy::setters::split_documents(*bytes);
            const std::vector<Leaf> leaves = leaves_of(*bytes);
            const auto has = [&leaves](std::string_view place, std::string_view value) {
                return std::any_of(leaves.begin(), leaves.end(), [&](const Leaf& leaf) {
                    return leaf.place.substr(0, place.size()) == place && (value.empty() || leaf.value == value);
                });
            };
            const bool list = spans && spans->size() == 1 && has("0 /kind", "List");
            if (leaves.empty() || (list && has("0 /items", "") && !has("0 /items/", ""))) continue;
            names.push_back(list && has("0 /items/", "") ? "" : file);
        }
        return names;
    }

    /// A file named relative to the update path; nothing for a link.
    std::optional<std::string> find_read(const std::string& file) const {
        for (const auto& [name, bytes] : m_outcome.files) {
            const std::string ending = "/" + file;
            const bool below = name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
            if (name == file || below) return bytes;
        }
        return std::nullopt;
    }

    /// Exactly the fields to rewrite, and what type they have then.
    void check_scalars() {
        for (Json scalar : m_test["changed_scalars"].get_array()) {
            const std::string file = text(scalar, "file").value_or("");
            const std::string place = fmt::format("{} {}", std::int64_t(scalar["doc"].get_int64()),
                                                  std::string_view(scalar["path"].get_string()));
            bool found = false;
            for (const Leaf& leaf : leaves_of(after(file)))
                found = found || (leaf.place == place && leaf.value == text(scalar, "new") &&
                                  leaf.is_string ==
                                      (text(scalar, "new_tag") != "!!int" && text(scalar, "new_tag") != "!!float" &&
                                       text(scalar, "new_tag") != "!!null"));
            expect_true(fmt::format("changed scalar {} {}", file, place), found);
        }
    }

    /// Nothing but marked scalars, in any file; no file comes or goes; the next run has nothing to do.
    void check_bytes() {
        for (const auto& [name, bytes] : m_before) {
            const std::string now = after(name);
            if (bytes != now)
                expect_true("only marked scalars of " + name, policy::only_marked_scalars_differ(bytes, now));
        }
        expect("number of files", m_before.size(), m_outcome.files.size());
        expect_true("an empty second run", !m_outcome.second_run_changes);
    }

    void check_harmful() {
        const std::string id = text(m_test, "id").value_or("");
        const HarmfulCase* known = find_harmful(id);
        if (!known) {
            m_wrong = "no answer for this harmful case in setters_harmful.h";
            return;
        }
        expect("error", false, m_outcome.error);
        std::vector<ChangeText> wanted;
        switch (known->answer) {
            case Answer::as_flux:
                wanted = expected_changes(m_test);
                break;
            case Answer::nothing:
                break;
            case Answer::these:
                break;
        }
        if (known->answer == Answer::these) {
            std::vector<std::string> ours;
            for (const policy::Change& change : m_outcome.raw_changes)
                ours.push_back(
                    fmt::format("{} {} {} {}", change.file, change.object.name, change.old_value, change.new_value));
            expect("changes", known->changes, ours);
        } else {
            expect("changes", wanted, m_outcome.changes);
        }
        for (const policy::Change& change : m_outcome.raw_changes)
            expect_true("new value is a string: " + change.new_value, has_string(after(change.file), change.new_value));
        for (const auto& [name, bytes] : m_before) {
            const bool changed =
                std::any_of(m_outcome.raw_changes.begin(), m_outcome.raw_changes.end(),
                            [&name = name](const policy::Change& change) { return change.file == name; });
            expect_true("bytes of " + name, changed == (bytes != after(name)));
        }
        expect("finding", known->finding, !m_outcome.findings.empty());
        expect("problem files", std::vector<std::string>(), m_outcome.problem_files);
        check_bytes();
    }

    static bool has_string(const std::string& bytes, const std::string& value) {
        const std::vector<Leaf> leaves = leaves_of(bytes);
        return std::any_of(leaves.begin(), leaves.end(),
                           [&](const Leaf& leaf) { return leaf.value == value && leaf.is_string; });
    }

    static std::vector<std::string> sorted(std::vector<std::string> list) {
        std::sort(list.begin(), list.end());
        return list;
    }

    std::string after(const std::string& name) const {
        const auto file = m_outcome.files.find(name);
        return file == m_outcome.files.end() ? "" : file->second;
    }

    Json m_test;
    Files m_before;
    Outcome m_outcome;
    std::string m_wrong;
};

}  // namespace

void check_setters(Report& report) {
    constexpr const char* k_file = "setters.json";
    for (Json test : report.cases(k_file)) {
        const std::string id = text(test, "id").value_or("");
        const std::string wrong = Case(test).check();
        if (!wrong.empty()) {
            report.fail(k_file, id, "as recorded, or as k_harmful says", wrong);
        } else if (truth(test, "harmful")) {
            report.differs(k_file, id);
        } else {
            report.pass(k_file);
        }
    }
}

}  // namespace tidemark::conformance
