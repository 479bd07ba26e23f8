// Finding commands by their words, their help, and the completion made of them.
#include <boost/test/unit_test.hpp>

#include "mirror/cli/command.h"
#include "mirror/cli/completion.h"
#include "mirror/cli/resolve.h"
#include "tests/mirror/cli/invoke.h"
#include "tests/support/process.h"

using namespace tidemark::mirror::cli;
using namespace tidemark::tests;

namespace {

std::vector<std::string> words_of(std::string_view path) {
    std::vector<std::string> words(1);
    for (const char c : path) {
        if (c == ' ') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_cli_commands)

BOOST_AUTO_TEST_CASE(words_name_a_command_with_flags_between_them) {
    FlagSet flags;
    std::string name_space;
    flags.text("namespace", name_space, "", 'n');
    const std::vector<std::string> line = {"get", "-n", "apps", "image", "policy", "web"};
    const Resolved resolved = resolve_command(line, flags);
    BOOST_REQUIRE(resolved.command);
    BOOST_TEST(resolved.command->path == "get images policy");
    BOOST_TEST((resolved.arguments == std::vector<std::string>{"-n", "apps", "web"}));
}

BOOST_AUTO_TEST_CASE(an_unknown_word_fails_with_what_is_near) {
    Invocation result = invoke({"creat"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(result.err == "✗ unknown command \"creat\" for \"tidemark\"\n\nDid you mean this?\n\tcreate\n\n");
    result = invoke({"get", "imags"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(result.err.starts_with("✗ unknown command \"imags\" for \"tidemark get\""));
    BOOST_TEST(contains(result.err, "\timages\n"));
    BOOST_TEST(result.out.empty());
}

BOOST_AUTO_TEST_CASE(every_command_has_help_with_its_usage_and_an_example) {
    for (const Command& command : commands()) {
        std::vector<std::string> line = words_of(command.path);
        line.emplace_back("--help");
        const Invocation result = invoke(line);
        BOOST_TEST(result.exit == 0, command.path);
        BOOST_TEST(contains(result.out, "Usage:\n  tidemark " + std::string(command.path)), command.path);
        BOOST_TEST(command.help.find("tidemark ") != std::string_view::npos, command.path);
        BOOST_TEST(!command.summary.empty(), command.path);
    }
}

BOOST_AUTO_TEST_CASE(a_group_lists_what_can_follow) {
    for (const char* group : {"", "create", "get", "get images", "policy"}) {
        const Invocation result = invoke(*group ? words_of(group) : std::vector<std::string>{});
        BOOST_TEST(result.exit == 0, group);
        BOOST_TEST(contains(result.out, "Commands:\n"), group);
    }
}

BOOST_AUTO_TEST_CASE(shells_take_their_scripts) {
    const TempFolder folder;
    for (const auto& [shell, name] : {std::pair(Shell::bash, "bash"), std::pair(Shell::zsh, "zsh")}) {
        if (skip_without({name})) continue;
        write_text(folder / name, completion_script(shell));
        const CommandResult result = run_command({name, "-n", (folder / name).string()});
        BOOST_TEST(result.exit_code == 0, result.error);
    }
}

BOOST_AUTO_TEST_CASE(fish_completes_words_and_flags) {
    if (skip_without({"fish"})) return;
    const TempFolder folder;
    const std::filesystem::path script = folder / "tidemark.fish";
    write_text(script, completion_script(Shell::fish));
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"tidemark get im", "images"},
        {"tidemark get image p", "policy\tpolicies"},
        {"tidemark hooks install --enf", "--enforce\t"},
    };
    for (const auto& [typed, expected] : cases) {
        const CommandResult result =
            run_command({"fish", "--no-config", "-c", "source " + script.string() + "; complete -C '" + typed + "'"},
                        {{}, {{"HOME", folder.path().string()}}});
        BOOST_TEST(result.output.starts_with(expected), typed + ": " + result.output + result.error);
    }
}

BOOST_AUTO_TEST_CASE(bash_completes_words_and_flags) {
    const TempFolder folder;
    const std::filesystem::path script = folder / "tidemark.bash";
    write_text(script, completion_script(Shell::bash));
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"tidemark get im", "images"},
        {"tidemark get image p", "policy"},
        {"tidemark -n apps create sou", "source"},
        {"tidemark set . --im", "--image --images"},
        {"tidemark create image repository web --cert", "--cert-ref"},
    };
    for (const auto& [line, wanted] : cases) {
        const std::string output =
            run_checked({"bash", "-c",
                         "source \"$0\"; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tidemark; "
                         "echo \"${COMPREPLY[*]}\"",
                         script.string(), line});
        BOOST_TEST(output == wanted + "\n", line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
