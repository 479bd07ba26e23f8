#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;
using namespace std::chrono_literals;

namespace {

const std::string k_v1 = "source.toolkit.fluxcd.io/v1";
const std::string k_v1beta2 = "source.toolkit.fluxcd.io/v1beta2";
const std::string k_base = "url: https://git.example/fleet.git\ninterval: 5m\n";

GitRepository repository_of(const std::string& api_version, const std::string& spec) {
    return only(read(object(api_version, "GitRepository", spec)).git_repositories);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_git_repository)

BOOST_AUTO_TEST_CASE(every_field_that_matters_is_read) {
    const GitRepository repository =
        repository_of(k_v1,
                      "url: ssh://git@git.example:2222/fleet.git\ninterval: 1h30m\ntimeout: 20s\nsecretRef: {name: "
                      "key}\nproxySecretRef: {name: proxy}\n"
                      "ref: {branch: main}\nprovider: generic\nsuspend: true");
    BOOST_TEST(lines_of(repository.metadata.findings) == "");
    BOOST_TEST(repository.url == "ssh://git@git.example:2222/fleet.git");
    BOOST_TEST((repository.interval == 90min));
    BOOST_TEST((repository.timeout == 20s));
    BOOST_TEST(repository.secret_ref.value() == "key");
    BOOST_TEST(repository.proxy_secret_ref.value() == "proxy");
    BOOST_TEST(repository.branch == "main");
    BOOST_TEST(repository.suspend);
    BOOST_TEST((repository_of(k_v1, k_base).timeout == 60s));
}

BOOST_AUTO_TEST_CASE(reference_precedence_is_that_of_flux) {
    struct Row {
        std::string ref, branch, other;
    };
    const std::vector<Row> table = {
        {"{branch: main}", "main", ""},
        {"{branch: main, tag: v1}", "", "tag v1"},
        {"{tag: v1, semver: 1.x}", "", "semver 1.x"},
        {"{branch: main, name: refs/heads/next}", "next", ""},
        {"{tag: v1, name: refs/heads/next}", "next", ""},
        {"{name: refs/pull/1/head}", "", "refs/pull/1/head"},
        {"{branch: main, commit: c88a2f41}", "", "commit c88a2f41"},
        {"{}", "", ""},
    };
    for (const Row& row : table) {
        const GitRepository repository = repository_of(k_v1, k_base + "ref: " + row.ref);
        BOOST_TEST_CONTEXT(row.ref << lines_of(repository.metadata.findings)) {
            BOOST_TEST(repository.branch == row.branch);
            BOOST_TEST(repository.other_ref == row.other);
            BOOST_TEST(repository.metadata.valid());
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_of_the_artifact_are_taken_with_a_warning) {
    const GitRepository repository =
        repository_of(k_v1, k_base +
                                "ignore: |\n  /*\nrecurseSubmodules: true\ninclude: [{repository: {name: x}, fromPath: "
                                "a, toPath: b}]\nsparseCheckout: [a]");
    BOOST_TEST(repository.metadata.valid());
    BOOST_TEST(repository.metadata.findings.size() == 4U);
    const GitRepository old =
        repository_of(k_v1beta2, k_base + "gitImplementation: libgit2\naccessFrom: {namespaceSelectors: [{}]}");
    BOOST_TEST(old.metadata.valid());
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    const std::vector<Mistake> table = {
        {"interval: 5m", "spec.url is missing"},
        {"url: git@git.example:fleet.git\ninterval: 5m", "the form user@host:path is written ssh://user@host/path"},
        {"url: /srv/git/fleet.git\ninterval: 5m", "a folder is written file:///path"},
        {"url: ftp://x/y\ninterval: 5m", "it must begin with https://"},
        {"url: https://user:hunter2@git.example/x\ninterval: 5m", "a password stands in it"},
        {k_base + "provider: github", "spec.provider: github is not supported yet"},
        {k_base + "verify: {mode: HEAD, secretRef: {name: keys}}",
         "spec.verify: verification of commits is not supported yet"},
        {k_base + "gitImplementation: go-git", "spec.gitImplementation is no longer a field"},
        {k_base + "ref: {branch: a..b}", "spec.ref.branch is no branch name: it holds '..'"},
        {k_base + "ref: main", "spec.ref must be a mapping, is text"},
        {k_base + "ref: {commit: 12345678}", "spec.ref.commit must be text, but 12345678 is a number"},
        {k_base + "secretref: {name: x}", "unknown field spec.secretref (did you mean secretRef?)"},
    };
    for (const Mistake& mistake : table) {
        const Findings findings = repository_of(k_v1, mistake.spec).metadata.findings;
        BOOST_TEST_CONTEXT(mistake.spec << lines_of(findings)) BOOST_TEST(mentions(findings, mistake.finding));
        BOOST_TEST(!mentions(findings, "hunter2"));
    }
    BOOST_TEST(repository_of(k_v1, "url: https://user:hunter2@git.example/x\ninterval: 5m").url.empty());
}

BOOST_AUTO_TEST_SUITE_END()
