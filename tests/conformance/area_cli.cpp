// The command line against what `flux` printed: flux-cli.json, flux-cli-flags.json, flux-testdata/.
// Exit code, standard output and messages must be equal, the program's name apart.
#include "tests/conformance/area_cli.h"

#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "mirror/cli/run.h"

namespace tidemark::conformance {
namespace {

namespace cli = mirror::cli;

constexpr const char* k_create_file = "flux-cli.json";
constexpr const char* k_flags_file = "flux-cli-flags.json";

void check_create_cases(Report& report) {
    // Some cases read files from the folder that their commands ran in.
    const std::filesystem::path before = std::filesystem::current_path();
    const std::filesystem::path data = report.folder() / "flux-testdata";
    if (std::filesystem::exists(data)) std::filesystem::current_path(data);
    for (const Json element : report.cases(k_create_file))
        check_invocation(report, k_create_file, element, cli::Environment());
    std::filesystem::current_path(before);
}

std::string flags_of_help(const std::string& command) {
    std::vector<std::string> arguments;
    for (std::size_t start = 0; start < command.size();) {
        const std::size_t end = std::min(command.find(' ', start), command.size());
        arguments.push_back(command.substr(start, end - start));
        start = end + 1;
    }
    arguments.emplace_back("--help");
    return invoke(arguments, cli::Environment()).out;
}

/// A command's own flags must be known, with their shorthands. The cluster's flags are taken but not shown.
void check_flags(Report& report) {
    for (const Json element : report.cases(k_flags_file)) {
        const std::string command = text(element, "command").value_or("");
        const std::size_t blank = command.find(' ');
        if (blank == std::string::npos) continue;
        const std::string words = command.substr(blank + 1);
        const bool group = command == "flux create" || command == "flux create source" || command == "flux get" ||
                           command == "flux export" || command == "flux suspend" || command == "flux resume" ||
                           command == "flux delete";
        if (group) continue;
        const std::string help = flags_of_help(words);
        std::string missing;
        simdjson::dom::array flags;
        if (element["flags"].get(flags) == simdjson::SUCCESS) {
            for (const Json flag : flags) {
                const std::string name = text(flag, "name").value_or("");
                const std::string shorthand = text(flag, "shorthand").value_or("");
                const std::string shown = shorthand.empty() ? " --" + name : "-" + shorthand + ", --" + name;
                if (help.find(shown) == std::string::npos) missing += shown;
            }
        }
        const bool known = help.starts_with("What can follow") || help.find("\nUsage:") != std::string::npos;
        if (known && missing.empty()) {
            report.pass(k_flags_file);
        } else {
            report.fail(k_flags_file, command, "a command with all of flux's flags", "without" + missing);
        }
    }
}

std::string with_our_name(std::string text) {
    constexpr std::string_view k_theirs = "for \"flux";
    if (const std::size_t found = text.find(k_theirs); found != std::string::npos) {
        text.replace(found, k_theirs.size(), "for \"tidemark");
    }
    return text;
}

std::string shown(int exit, const std::string& out, const std::string& err) {
    return fmt::format("exit {}\n{}{}", exit, out, err);
}

}  // namespace

Outcome invoke(const std::vector<std::string>& arguments, const cli::Environment& environment) {
    struct Memory {
        char* bytes = nullptr;
        std::size_t size = 0;
        std::FILE* stream = ::open_memstream(&bytes, &size);
        ~Memory() {
            std::fclose(stream);
            ::free(bytes);
        }
        std::string text() {
            std::fflush(stream);
            return {bytes, size};
        }
    };
    Memory out;
    Memory err;
    Outcome outcome;
    outcome.exit = cli::run(arguments, {stdin, out.stream, err.stream}, environment);
    outcome.out = out.text();
    outcome.err = err.text();
    return outcome;
}

void check_invocation(Report& report, const std::string& file, Json element, cli::Environment environment) {
    const std::string id = text(element, "id").value_or("");
    simdjson::dom::object variables;
    if (element["env"].get(variables) == simdjson::SUCCESS) {
        for (const auto& [name, value] : variables) {
            environment.variables[std::string(name)] = std::string(std::string_view(value));
        }
    }
    const Outcome actual = invoke(texts(element, "args"), environment);
    const int exit = static_cast<int>(std::int64_t(element["exit"]));
    const std::string out = text(element, "stdout").value_or("");
    const std::string err = with_our_name(text(element, "stderr").value_or(""));
    if (actual.exit == exit && actual.out == out && actual.err == err) {
        report.pass(file);
    } else if (report.is_listed(id)) {
        report.differs(file, id);
    } else {
        report.fail(file, id, shown(exit, out, err), shown(actual.exit, actual.out, actual.err));
    }
}

void check_cli(Report& report) {
    check_create_cases(report);
    check_flags(report);
    check_get(report);
    check_acts(report);
    check_fixtures(report);
}

}  // namespace tidemark::conformance
