// The YAML fixtures of Flux's own tests (flux-testdata/flux/create_*) against what the same commands print here.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/conformance/area_cli.h"

namespace tidemark::conformance {
namespace {

constexpr const char* k_folder = "flux-testdata/flux";

struct Fixture {
    const char* file;
    std::vector<std::string> arguments;
};

std::vector<std::string> update(std::vector<std::string> more) {
    std::vector<std::string> line = {"create",
                                     "image",
                                     "update",
                                     "flux-system",
                                     "--git-repo-ref=flux-system",
                                     "--checkout-branch=main",
                                     "--author-name=flux",
                                     "--author-email=flux@example.com"};
    line.insert(line.end(), more.begin(), more.end());
    return line;
}

std::vector<std::string> source(std::vector<std::string> more) {
    std::vector<std::string> line = {"create", "source", "git", "podinfo",
                                     "--url=https://github.com/stefanprodan/podinfo"};
    line.insert(line.end(), more.begin(), more.end());
    return line;
}

std::vector<std::string> secret(const char* name, std::vector<std::string> more) {
    std::vector<std::string> line = {"create",
                                     "secret",
                                     "git",
                                     name,
                                     "--url=https://github.com/stefanprodan/podinfo",
                                     "--username=my-username",
                                     "--password=my-password",
                                     "--namespace=my-namespace"};
    line.insert(line.end(), more.begin(), more.end());
    return line;
}

std::vector<Fixture> fixtures(const std::string& certificate) {
    return {
        {"create_image_update/no-signing.yaml", update({})},
        {"create_image_update/signing-default-gpg.yaml", update({"--signing-key-secret=my-key"})},
        {"create_image_update/signing-ssh.yaml",
         update({"--signing-key-secret=my-deploy-key", "--signing-key-type=ssh"})},
        {"create_source_git/source-git-branch.yaml", source({"--branch=test"})},
        {"create_source_git/source-git-branch-commit.yaml", source({"--branch=main", "--commit=c88a2f41"})},
        {"create_source_git/source-git-commit.yaml", source({"--commit=c88a2f41"})},
        {"create_source_git/source-git-provider-azure.yaml",
         source({"--branch=test", "--provider=azure", "--url=https://dev.azure.com/foo/bar/_git/podinfo"})},
        {"create_source_git/source-git-provider-generic.yaml", source({"--branch=test", "--provider=generic"})},
        {"create_source_git/source-git-provider-github.yaml",
         source({"--branch=test", "--provider=github", "--secret-ref=appinfo"})},
        {"create_source_git/source-git-refname.yaml", source({"--ref-name=refs/heads/main"})},
        {"create_source_git/source-git-semver.yaml", source({"--tag-semver=v1.01"})},
        {"create_source_git/source-git-tag.yaml", source({"--tag=test"})},
        {"create_source_git/export.golden",
         source({"--branch=master", "--namespace=default", "--ignore-paths=.cosign,non-existent-dir/",
                 "--sparse-checkout-paths=.cosign,non-existent-dir/"})},
        {"create_secret_git/secret-git-basic.yaml", secret("podinfo-auth", {})},
        {"create_secret_git/secret-ca-crt.yaml", secret("ca-crt", {"--ca-crt-file=" + certificate})},
    };
}

std::string read(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

}  // namespace

void check_fixtures(Report& report) {
    const std::filesystem::path folder = report.folder() / k_folder;
    if (!std::filesystem::exists(folder)) {
        report.skip(k_folder, "the folder lacks it");
        return;
    }
    const std::filesystem::path certificate =
        std::filesystem::temp_directory_path() / fmt::format("tidemark-ca-{}.crt", ::getpid());
    std::ofstream(certificate) << "ca-data";
    for (Fixture& fixture : fixtures(certificate.string())) {
        fixture.arguments.emplace_back("--export");
        const std::string expected = read(folder / fixture.file);
        const Outcome actual = invoke(fixture.arguments, mirror::cli::Environment());
        if (actual.exit == 0 && actual.out == expected) {
            report.pass(k_folder);
        } else {
            report.fail(k_folder, fixture.file, expected, actual.out + actual.err);
        }
    }
    std::filesystem::remove(certificate);
    report.skip("flux-testdata/flux/export", "a cluster had filled in defaults that are not in the objects");
    report.skip("flux-testdata/flux/image",
                "lines of commands that wait for a cluster, and of one that had real images");
}

}  // namespace tidemark::conformance
