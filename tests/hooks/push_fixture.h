// A bare repository with the real hook, and a client that pushes to it with real git.
#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/support/git_servers.h"
#include "tests/support/process.h"

namespace tidemark::tests {

inline const std::string k_hook_program = TIDEMARK_BINARY_DIR "/tidemark-hook";
/// In the environment of every push: no message and no log may show it.
inline const std::string k_canary = "canary-3f9a1c77e2";

inline std::string manifest(std::string_view image) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  template:\n"
        "    spec:\n      containers:\n        - name: web\n          image: {}\n",
        image);
}
inline const std::string k_marked = manifest("nginx:1.25.3 # {\"$imagepolicy\": \"flux-system:web\"}");
inline const std::string k_bumped = manifest("nginx:1.25.4 # {\"$imagepolicy\": \"flux-system:web\"}");
inline const std::string k_stripped = manifest("nginx:1.25.1");
inline constexpr const char* k_file = "apps/web.yaml";

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Says SKIPPED and true where sanitizers rule out what the test is about.
inline bool skip_unless_static() {
    if (!contains(run_checked({"readelf", "-l", k_hook_program}), "INTERP")) return false;
    std::puts("SKIPPED: built with sanitizers, which need shared libraries and much memory");
    return true;
}

struct PushFixture {
    explicit PushFixture(const std::string& name = "srv.git") : server(folder / name) {
        server.git({"config", "receive.advertisePushOptions", "true"});
        base = client.commit("main", {{k_file, k_marked}, {"README", "hello\n"}}, "Base");
        require_pushed({base + ":refs/heads/main"});
        set_rules();
        arm(server.folder());
    }
    ~PushFixture() {
        BOOST_TEST(!contains(log(), k_canary));
        BOOST_TEST(!contains(log(), "nginx"));  // no content of files either
    }

    std::filesystem::path rules() const { return folder / "hook.yaml"; }
    std::string log() const {
        return std::filesystem::exists(folder / "log.jsonl") ? read_text(folder / "log.jsonl") : "";
    }

    /// `more` are lines of the repository's entry.
    void set_rules(const std::string& more = "", const std::string& top = "") const {
        write_text(rules(), fmt::format("log: {0}/log.jsonl\n{1}repositories:\n"
                                        "  - repository: [\"{0}/**\", acme/fleet, fleet]\n    owner: platform team\n"
                                        "    branches:\n      - branch: main\n"
                                        "      - branch: flux-imageupdates\n        automation-of: main\n{2}",
                                        std::filesystem::canonical(folder.path()).string(), top, more));
    }

    std::string script(const std::string& arguments = "") const {
        return fmt::format("#!/bin/sh\nexec '{}' pre-receive --rules '{}' {}\n", k_hook_program, rules().string(),
                           arguments);
    }
    void arm(const std::filesystem::path& git_folder, const std::string& arguments = "") const {
        GitRepository(git_folder, GitRepository::existing).set_hook("pre-receive", script(arguments));
    }

    std::string change(const std::string& text, const std::string& parent, const std::string& message = "Change") {
        return client.loose_commit(parent, {{k_file, text}}, message);
    }

    CommandResult push_to(const std::string& url, std::vector<std::string> arguments,
                          Environment environment = {}) const {
        environment["TIDEMARK_TEST_TOKEN"] = k_canary;
        environment["TIDEMARK_HOOK_RULES"] = "/dev/null";  // must mean nothing
        std::vector<std::string> command{"git", "--git-dir=" + client.folder().string(), "push", url};
        command.insert(command.end(), arguments.begin(), arguments.end());
        CommandResult result = run_command(command, {.environment = environment});
        BOOST_TEST(!contains(result.error, k_canary));
        return result;
    }
    CommandResult push(std::vector<std::string> arguments, const Environment& environment = {}) const {
        return push_to(server.folder().string(), std::move(arguments), environment);
    }
    void require_pushed(std::vector<std::string> arguments) const {
        const CommandResult result = push(std::move(arguments));
        BOOST_REQUIRE_MESSAGE(result.exit_code == 0, result.error);
    }
    /// Refused by our hook, with this in its message.
    static void require_refused(const CommandResult& result, std::string_view text) {
        BOOST_REQUIRE_MESSAGE(result.exit_code != 0, "went through: " + result.error);
        BOOST_TEST(contains(result.error, "pre-receive hook declined"), result.error);
        BOOST_TEST(contains(result.error, text), result.error);
    }
    static void require_quiet(const CommandResult& result) {
        BOOST_TEST(result.exit_code == 0, result.error);
        BOOST_TEST(!contains(result.error, "tidemark:"), result.error);
    }

    TempFolder folder;
    GitRepository server;
    GitRepository client{folder / "client.git"};
    std::string base;
};

}  // namespace tidemark::tests
