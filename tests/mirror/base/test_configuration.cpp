#include <map>

#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"
#include "tests/mirror/base/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::test;
using namespace std::chrono_literals;

namespace {

Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
}

std::string error_of(const std::string& text) {
    try {
        parse_configuration(text, "/etc/tidemark/tidemark.yaml");
    } catch (const Error& error) {
        BOOST_TEST((error.kind() == ErrorKind::invalid));
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_configuration)

BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const Configuration configuration = parse_configuration(
        "state: /var/lib/tidemark\nsecrets: secrets\nobjects:\n  - directory: /srv/objects\n  - directory: ./more\n"
        "  - git: {url: \"ssh://git@git.example/fleet.git\", branch: main, path: ./clusters/prod/, interval: 2m, "
        "secretRef: {namespace: tidemark, name: fleet}}\n"
        "  - git: {url: \"https://git.example/x.git\"}\n",
        "/etc/tidemark/tidemark.yaml");
    BOOST_TEST(configuration.state == "/var/lib/tidemark");
    BOOST_TEST(configuration.secrets.value() == "/etc/tidemark/secrets");
    BOOST_REQUIRE_EQUAL(configuration.object_folders.size(), 2U);
    BOOST_TEST(configuration.object_folders[1] == "/etc/tidemark/more");
    BOOST_REQUIRE_EQUAL(configuration.object_repositories.size(), 2U);
    const GitObjects& git = configuration.object_repositories[0];
    BOOST_TEST(git.url == "ssh://git@git.example/fleet.git");
    BOOST_TEST(git.branch == "main");
    BOOST_TEST(git.path == "clusters/prod");
    BOOST_TEST((git.interval == 2min));
    BOOST_TEST(git.secret_ref.value().to_string() == "tidemark/fleet");
    BOOST_TEST((configuration.object_repositories[1].interval == 1min));
}

BOOST_AUTO_TEST_CASE(empty_file_is_a_configuration) {
    BOOST_TEST(error_of("# nothing\n---\n") == "");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_places) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"stat: /x\n", "/etc/tidemark/tidemark.yaml:1:1: unknown field stat (did you mean state?)"},
        {"state: [a]\n", ":1:8: state must be text, is a list"},
        {"state: ''\n", "state is no path"},
        {"objects: /x\n", "objects must be a list, is text"},
        {"objects:\n- {}\n", ":2:3: an entry of objects needs either directory or git"},
        {"objects:\n- {directory: x, git: {url: 'https://a/b'}}\n", "needs either directory or git"},
        {"objects:\n- {folder: x}\n", "unknown field objects[].folder"},
        {"objects:\n- git: {branch: main}\n", "objects[].git.url is missing"},
        {"objects:\n- git: {url: 'https://u:hunter2@a/b'}\n",
         "objects[].git.url cannot be used: a password stands in it"},
        {"objects:\n- git: {url: 'https://a/b', path: ../x}\n",
         "objects[].git.path must be a path below the repository's root"},
        {"objects:\n- git: {url: 'https://a/b', interval: 1}\n", "objects[].git.interval must be text"},
        {"objects:\n- git: {url: 'https://a/b', branch: -x}\n", "objects[].git.branch is no branch name"},
        {"a: [\n", "not readable as YAML"},
        {"state: /x\n---\nstate: /y\n", "this is a second one"},
    };
    for (const auto& [text, wanted] : table) {
        const std::string error = error_of(text);
        BOOST_TEST_CONTEXT(text << error) BOOST_TEST(error.find(wanted) != std::string::npos);
        BOOST_TEST(error.find("hunter2") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_told_at_once) {
    const std::string error = error_of("stat: x\nsecret: y\n");
    BOOST_TEST(error.find("did you mean state?") != std::string::npos);
    BOOST_TEST(error.find("did you mean secrets?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(command_line_goes_before_the_file) {
    const TemporaryFolder folder;
    const auto file =
        folder.write("t.yaml", "state: /a\nsecrets: /b\nobjects: [{directory: /c}, {git: {url: 'https://a/b'}}]\n");
    ConfigurationOverrides overrides;
    overrides.config = file;
    Configuration configuration = load_configuration(overrides, environment_of({}));
    BOOST_TEST(configuration.file == file);
    BOOST_TEST(configuration.object_folders.size() == 1U);
    overrides.objects = {"x", "y"};
    overrides.secrets = "s";
    overrides.state = "t";
    configuration = load_configuration(overrides, environment_of({}));
    BOOST_TEST(configuration.object_folders.size() == 2U);
    BOOST_TEST(configuration.object_repositories.empty());
    BOOST_TEST(configuration.secrets.value() == "s");
    BOOST_TEST(configuration.state == "t");
}

BOOST_AUTO_TEST_CASE(environment_names_the_file_and_it_must_be_there) {
    const TemporaryFolder folder;
    const auto file = folder.write("t.yaml", "state: /a\n");
    BOOST_TEST(load_configuration({}, environment_of({{"TIDEMARK_CONFIG", file.string()}})).state == "/a");
    BOOST_CHECK_THROW(load_configuration({}, environment_of({{"TIDEMARK_CONFIG", "/nowhere/t.yaml"}})), Error);
}

BOOST_AUTO_TEST_CASE(state_has_a_default_below_the_home) {
    const TemporaryFolder folder;
    ConfigurationOverrides overrides;
    overrides.config = folder.write("t.yaml", "");
    BOOST_TEST(load_configuration(overrides, environment_of({{"HOME", "/home/a"}})).state ==
               "/home/a/.local/state/tidemark");
    BOOST_TEST(load_configuration(overrides, environment_of({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "/s"}})).state ==
               "/s/tidemark");
    BOOST_TEST(load_configuration(overrides, environment_of({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "s"}})).state ==
               "/home/a/.local/state/tidemark");
    BOOST_CHECK_THROW(load_configuration(overrides, environment_of({})), Error);
}

BOOST_AUTO_TEST_SUITE_END()
