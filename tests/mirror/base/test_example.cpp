// systemd/tidemark.yaml, the configuration that is installed: with every key's # taken off it is read without a word,
// and it names every key there is. Which keys there are is what the reader answers to one that it does not know.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"
#include "policy/yaml/document.h"
#include "policy/yaml/emitter.h"

using namespace tidemark;
using policy::yaml::Node;
using policy::yaml::Value;

namespace {

constexpr const char* k_unknown = "qqqqqqqqqqqqqqqqqqqqqqqq";

std::string read_example() {
    std::ifstream file(TIDEMARK_SOURCE_DIR "/systemd/tidemark.yaml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A key's line is "#key: ..." or "#- ...", indented as it should stand; prose has a blank behind the #.
std::string with_all_keys(const std::string& example) {
    std::istringstream lines(example);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t hash = line.find_first_not_of(' ');
        const bool is_key = hash < line.size() && line[hash] == '#' && hash + 1 < line.size() && line[hash + 1] != ' ';
        if (is_key) line.erase(hash, 1);
        result += line + '\n';
    }
    return result;
}

std::string error_of(const std::string& text) {
    try {
        mirror::parse_configuration(text, "/etc/tidemark/tidemark.yaml");
    } catch (const mirror::Error& error) {
        return error.what();
    }
    return "";
}

/// The tree again, with a key that nobody knows in the mapping number `chosen`, whose path and keys are told.
class Copy {
public:
    explicit Copy(std::size_t chosen) : m_left(chosen) {}

    Value of(const Node& node, const std::string& path) {
        if (node.is_sequence()) {
            Value::Sequence items;
            for (const Node* item : node.children)
                items.push_back(of(*item, path + "[]"));
            return Value(std::move(items));
        }
        // A key without a value would hide what is below it.
        if (policy::yaml::is_null(node)) BOOST_ERROR("systemd/tidemark.yaml gives " << path << " no value");
        if (!node.is_mapping()) return Value(node.value);
        Value mapping;
        if (m_left-- == 0) {
            found = true;
            where = path;
            mapping.set(k_unknown, "");
            for (std::size_t i = 0; i < node.children.size(); i += 2)
                keys.insert(node.children[i]->value);
        }
        for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
            mapping.set(node.children[i]->value, of(*node.children[i + 1], path + "." + node.children[i]->value));
        return mapping;
    }

    bool found = false;
    std::string where;
    std::set<std::string> keys;

private:
    std::size_t m_left;
};

/// "known here: a, b" of the line about our key.
std::set<std::string> known_keys(const std::string& error) {
    std::set<std::string> keys;
    const std::string title = "known here: ";
    const std::size_t line = error.find(k_unknown);
    const std::size_t begin = line == error.npos ? line : error.find(title, line);
    if (begin == error.npos || begin > error.find('\n', line)) return keys;
    const std::size_t end = std::min(error.find_first_of(")\n", begin), error.size());
    std::istringstream words(error.substr(begin + title.size(), end - begin - title.size()));
    for (std::string word; std::getline(words >> std::ws, word, ',');)
        keys.insert(word);
    return keys;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_example)

BOOST_AUTO_TEST_CASE(example_as_it_is_installed_is_read) {
    BOOST_TEST(error_of(read_example()) == "");
}

BOOST_AUTO_TEST_CASE(example_with_every_key_set_is_read) {
    BOOST_TEST(error_of(with_all_keys(read_example())) == "");
}

BOOST_AUTO_TEST_CASE(example_names_every_key_there_is) {
    const std::string text = with_all_keys(read_example());
    policy::yaml::DocumentReader reader(text);
    const auto document = reader.next();
    BOOST_REQUIRE(document.has_value());
    BOOST_REQUIRE(std::holds_alternative<policy::yaml::Document>(*document));
    const Node& root = std::get<policy::yaml::Document>(*document).root();

    // An entry of a list need not have every key, but one of them has each.
    std::map<std::string, std::set<std::string>> named;
    std::map<std::string, std::set<std::string>> known;
    for (std::size_t chosen = 0;; ++chosen) {
        Copy copy(chosen);
        const Value tree = copy.of(root, "");
        if (!copy.found) break;
        named[copy.where].insert(copy.keys.begin(), copy.keys.end());
        const auto keys = known_keys(error_of(*policy::yaml::emit(tree)));
        // A mapping that takes any key answers nothing.
        known[copy.where].insert(keys.begin(), keys.end());
    }
    BOOST_TEST(known[""].contains("objects"));
    for (const auto& [where, keys] : known) {
        for (const std::string& key : keys)
            BOOST_TEST(named[where].contains(key), "systemd/tidemark.yaml does not name " << where << "." << key);
    }
}

BOOST_AUTO_TEST_SUITE_END()
