#include "tests/hooks/install/host_fixture.h"

#include <algorithm>

#include <sys/stat.h>

namespace tidemark::tests {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_objects = R"(apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example/acme/fleet.git", ref: {branch: main}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: web, namespace: flux-system}
spec:
  interval: 1m
  sourceRef: {kind: GitRepository, name: fleet}
  git:
    checkout: {ref: {branch: main}}
    commit: {author: {email: bot@acme.test}}
    push: {branch: flux-imageupdates}
  update: {path: ./apps, strategy: Setters}
)";

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

}  // namespace

HostFixture::HostFixture() : program(fs::path(TIDEMARK_BINARY_DIR) / "tidemark-hook") {
    // Other accounts must get through to their repositories.
    fs::permissions(folder.path(), fs::perms(0711));
    write_text(folder / "objects/fleet.yaml", k_objects);
    write_text(folder / "home/.gitconfig",
               "[user]\n\tname = Dana\n\temail = dana@acme.test\n[init]\n\tdefaultBranch = main\n"
               "[safe]\n\tdirectory = *\n");
    environment = {{"HOME", (folder / "home").string()}, {"GIT_CONFIG_NOSYSTEM", "1"}};
    run_checked({"git", "init", "-q", clone.string()}, {{}, environment});
    run_checked({"git", "commit", "-q", "--allow-empty", "-m", "begin"}, {{}, environment, clone});
}

fs::path HostFixture::make_repository(const std::string& name) const {
    const fs::path path = folder / name;
    fs::create_directories(path.parent_path());
    run_checked({"git", "init", "-q", "--bare", path.string()}, {{}, environment});
    return fs::canonical(path);
}

void HostFixture::script(const fs::path& file, const std::string& text) const {
    write_text(file, "#!/bin/sh\n" + text + "\n");
    fs::permissions(file, fs::perms(0755));
}

void HostFixture::add_gitea_hooks(const fs::path& hooks) const {
    script(hooks / "pre-receive", R"(all=$(cat)
name=$(basename "$0")
codes=
for each in "$(dirname "$0")/${name}.d/"*; do
    [ -x "$each" ] && [ -f "$each" ] || continue
    printf '%s\n' "$all" | "$each"
    codes="$codes $?"
done
for code in $codes; do
    [ "$code" = 0 ] || exit "$code"
done)");
    // It looks at nothing without the host's environment.
    script(hooks / "pre-receive.d/gitea", "cat > /dev/null");
}

CommandResult HostFixture::hooks(std::vector<std::string> arguments) const {
    std::vector<std::string> command = {(fs::path(TIDEMARK_BINARY_DIR) / "tidemark").string(), "hooks"};
    command = joined(command, arguments);
    command = joined(command, {"--rules", rules.string()});
    return run_command(command, {{}, environment});
}

CommandResult HostFixture::install(std::vector<std::string> arguments) const {
    return hooks(joined(
        joined({"install", "--from-objects", "--objects", (folder / "objects").string(), "--enforce"}, arguments), {}));
}

std::string HostFixture::state_of(const std::string& name) const {
    const std::string table = hooks({"verify"}).output;
    const std::size_t place = table.find(name);
    if (place == std::string::npos) return "not in the table";
    std::string line = table.substr(place, table.find('\n', place) - place);
    line = line.substr(line.find('\t', line.find('\t') + 1) + 1);
    line.erase(line.find_last_not_of(" \t") + 1);
    return line;
}

CommandResult HostFixture::push(const std::string& target, const std::string& image_line, const std::string& branch,
                                const Environment& more) const {
    Environment all = environment;
    all.insert(more.begin(), more.end());
    write_text(clone / "apps/web.yaml", image_line + "\n");
    run_checked({"git", "add", "-A"}, {{}, environment, clone});
    run_checked({"git", "commit", "-q", "--allow-empty", "-m", "change"}, {{}, environment, clone});
    CommandResult result = run_command({"git", "push", target, "HEAD:refs/heads/" + branch}, {{}, all, clone});
    // A refused commit must not ride along with the next one.
    if (result.exit_code != 0) run_checked({"git", "reset", "-q", "--hard", "HEAD^"}, {{}, environment, clone});
    return result;
}

CommandResult HostFixture::push_marked(const std::string& target, const std::string& tag,
                                       const Environment& more) const {
    return push(target, "image: ghcr.io/acme/web:" + tag + " # {\"$imagepolicy\": \"flux-system:web\"}", "main", more);
}

CommandResult HostFixture::push_stripped(const std::string& target, const Environment& more) const {
    return push(target, "image: ghcr.io/acme/web:9.9.9", "main", more);
}

std::string listing(const fs::path& folder) {
    std::vector<std::string> lines;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        struct stat status {};
        ::lstat(entry.path().c_str(), &status);
        lines.push_back(entry.path().string() + " " + std::to_string(status.st_mode) + " " +
                        std::to_string(status.st_uid) + " " +
                        (entry.is_symlink()        ? fs::read_symlink(entry.path()).string()
                         : entry.is_regular_file() ? read_text(entry.path())
                                                   : std::string()) +
                        "\n");
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace tidemark::tests
