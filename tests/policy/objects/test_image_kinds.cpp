#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;
using namespace std::chrono_literals;

namespace {

const std::string k_v1 = "image.toolkit.fluxcd.io/v1";
const std::string k_v1beta2 = "image.toolkit.fluxcd.io/v1beta2";
const std::string k_v1beta1 = "image.toolkit.fluxcd.io/v1beta1";

const std::string k_repository = "image: ghcr.io/org/app\ninterval: 5m\n";
const std::string k_policy = "imageRepositoryRef: {name: web}\n";
const std::string k_semver = k_policy + "policy: {semver: {range: 1.x}}\n";
const std::string k_update = "interval: 1m\nsourceRef: {kind: GitRepository, name: fleet}\n";
const std::string k_git = k_update + "git: {commit: {author: {email: a@b.c}}}\n";

Findings findings_of(const std::string& api_version, const std::string& kind, const std::string& spec) {
    const ObjectSet set = read(object(api_version, kind, spec));
    if (kind == "ImageRepository") return only(set.image_repositories).metadata.findings;
    if (kind == "ImagePolicy") return only(set.image_policies).metadata.findings;
    return only(set.image_update_automations).metadata.findings;
}

void check_all(const std::string& kind, const std::vector<Mistake>& table) {
    for (const Mistake& mistake : table) {
        const Findings findings = findings_of(k_v1, kind, mistake.spec);
        BOOST_TEST_CONTEXT(mistake.spec << lines_of(findings)) BOOST_TEST(mentions(findings, mistake.finding));
        BOOST_TEST(!mentions(findings, "hunter2"));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_image_kinds)

BOOST_AUTO_TEST_CASE(every_field_of_a_repository_is_read) {
    const ObjectSet set = read(
        object(k_v1, "ImageRepository",
               k_repository +
                   "timeout: 30s\nsecretRef: {name: cred}\ncertSecretRef: {name: cert}\nproxySecretRef: {name: proxy}\n"
                   "accessFrom: {namespaceSelectors: [{matchLabels: {team: a}}, {}]}\nexclusionList: ['^dev', 'rc$']\n"
                   "provider: generic\ninsecure: true\nsuspend: true"));
    const ImageRepository& repository = only(set.image_repositories);
    BOOST_TEST(lines_of(repository.metadata.findings) == "");
    BOOST_TEST(repository.image == "ghcr.io/org/app");
    BOOST_TEST((repository.interval == 5min));
    BOOST_TEST((repository.timeout == 30s));
    BOOST_TEST(repository.secret_ref.value() == "cred");
    BOOST_TEST(repository.cert_secret_ref.value() == "cert");
    BOOST_TEST(repository.proxy_secret_ref.value() == "proxy");
    BOOST_REQUIRE_EQUAL(repository.access_from.value().size(), 2U);
    BOOST_TEST(repository.access_from->at(0).at("team") == "a");
    BOOST_TEST(repository.exclusion_list.size() == 2U);
    BOOST_TEST(repository.insecure);
    BOOST_TEST(repository.suspend);
}

BOOST_AUTO_TEST_CASE(repository_defaults_are_those_of_flux) {
    const ObjectSet set = read(object(k_v1beta1, "ImageRepository", k_repository));
    const ImageRepository& repository = only(set.image_repositories);
    BOOST_TEST(lines_of(repository.metadata.findings) == "");
    BOOST_TEST(!repository.timeout);
    BOOST_TEST(!repository.access_from);
    BOOST_TEST(repository.exclusion_list.empty());
    BOOST_TEST(!repository.insecure);
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_repository_are_named) {
    check_all(
        "ImageRepository",
        {{"interval: 5m", "spec.image is missing"},
         {"image: ''\ninterval: 5m", "spec.image is empty"},
         {"image: ghcr.io/org/app", "spec.interval is missing"},
         {"image: https://ghcr.io/org/app\ninterval: 5m", "f.yaml:7:10: ImageRepository flux-system/web: spec.image: "},
         {"image: ghcr.io/org/app:v1\ninterval: 5m", "spec.image: "},
         {"image: bot:hunter2@ghcr.io/org/app\ninterval: 5m", "spec.image: a login stands before the '@'"},
         {"image: ghcr.io/org/app\ninterval: 5", "spec.interval must be text, but 5 is a number in YAML"},
         {"image: ghcr.io/org/app\ninterval: 1d", "spec.interval: '1d' is no duration (write e.g. 90s"},
         {"image: ghcr.io/org/app\ninterval: -5m", "spec.interval: '-5m' is no duration"},
         {k_repository + "timeout: 1h",
          "warning: ImageRepository flux-system/web: spec.timeout: a cluster's schema takes no hours"},
         {k_repository + "provider: aws", "spec.provider: aws is not supported yet (use a credential"},
         {k_repository + "provider: amazon", "spec.provider: \"amazon\" is none of generic, aws, azure, gcp"},
         {k_repository + "serviceAccountName: x", "spec.serviceAccountName needs a cluster"},
         {k_repository + "secretRef: cred", "spec.secretRef must be a mapping, is text"},
         {k_repository + "secretRef: {name: ../x}", "spec.secretRef.name is no object name"},
         {k_repository + "secretRef: {nmae: x}", "unknown field spec.secretRef.nmae (did you mean name?)"},
         {k_repository + "accessFrom: {}", "spec.accessFrom.namespaceSelectors is missing"},
         {k_repository + "exclusionList: ['a', '[']", "spec.exclusionList[1]: "},
         {k_repository + "insecure: 1", "spec.insecure must be true or false, is a number"},
         {k_repository + "suspend: true\nsuspend: false", "spec.suspend is given twice"},
         {k_repository + "intervall: 1m", "unknown field spec.intervall (did you mean interval?)"}});
    std::string many = k_repository + "exclusionList:\n";
    for (int i = 0; i < 26; ++i)
        many += "- a\n";
    BOOST_TEST(
        mentions(findings_of(k_v1, "ImageRepository", many), "spec.exclusionList has 26 patterns, 25 are allowed"));
}

BOOST_AUTO_TEST_CASE(policy_is_read_with_its_defaults) {
    const ObjectSet set =
        read(object(k_v1beta2, "ImagePolicy",
                    "imageRepositoryRef: {name: app, namespace: other}\nfilterTags: {pattern: '^main-(?P<ts>[0-9]+)$', "
                    "extract: $ts}\n"
                    "policy: {numerical: {}}\ndigestReflectionPolicy: Always\ninterval: 10m\nsuspend: true"));
    const ImagePolicy& policy = only(set.image_policies);
    BOOST_TEST(lines_of(policy.metadata.findings) == "");
    BOOST_TEST(policy.image_repository.to_string() == "other/app");
    BOOST_TEST(policy.selection.filter.value().extract == "$ts");
    BOOST_TEST(policy.selection.numerical.value().order == "asc");
    BOOST_TEST((policy.digest_reflection == DigestReflection::always));
    BOOST_TEST((policy.interval == 10min));
    BOOST_TEST(policy.suspend);
    BOOST_TEST(only(read(object(k_v1, "ImagePolicy", k_semver)).image_policies).image_repository.to_string() ==
               "flux-system/web");
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_policy_are_named) {
    check_all(
        "ImagePolicy",
        {{"policy: {semver: {range: 1.x}}", "spec.imageRepositoryRef is missing"},
         {k_policy, "spec.policy is missing"},
         {k_policy + "policy: {}", "spec.policy chooses nothing"},
         {k_policy + "policy: {semver: {}}", "spec.policy.semver.range is missing"},
         {k_policy + "policy: {semver: {range: 1.0}}", "spec.policy.semver.range must be text, but 1.0 is a number"},
         {k_policy + "policy: {semver: {range: '>= 1.0 <'}}", "spec.policy.semver.range: "},
         {k_policy + "policy: {numerical: {order: ASC}}", "spec.policy.numerical.order: \"ASC\" is none of asc, desc"},
         {k_policy + "policy: {numeric: {order: asc}}", "unknown field spec.policy.numeric (did you mean numerical?)"},
         {k_policy + "policy: {semver: {range: 1.x}, alphabetical: {}}",
          "warning: ImagePolicy flux-system/web: spec.policy has more than one rule, semver is used"},
         {k_semver + "filterTags: {pattern: '(a'}", "spec.filterTags: "},
         {k_semver + "filterTags: {regex: a}", "unknown field spec.filterTags.regex"},
         {k_semver + "digestReflectionPolicy: Sometimes", "is none of Never, IfNotPresent, Always"},
         {k_semver + "digestReflectionPolicy: Always", "spec.interval must be set when"},
         {k_semver + "interval: 5m", "spec.interval is only accepted when"}});
}

BOOST_AUTO_TEST_CASE(range_that_does_not_parse_is_found_at_load) {
    for (const std::string range : {"1.x ||", "== 1", "a.b.c"}) {
        const Findings findings =
            findings_of(k_v1, "ImagePolicy", k_policy + "policy:\n  semver:\n    range: \"" + range + "\"");
        BOOST_TEST_CONTEXT(range) BOOST_TEST(mentions(findings, "f.yaml:10:"));
    }
}

BOOST_AUTO_TEST_CASE(every_field_of_an_automation_is_read) {
    const ObjectSet set = read(
        object(k_v1, "ImageUpdateAutomation",
               "interval: 30m\nsourceRef: {apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, name: fleet, "
               "namespace: other}\n"
               "git:\n  checkout: {ref: {branch: main}}\n  commit:\n    author: {name: Bot, email: bot@example.com}\n  "
               "  messageTemplate: '{{ .Values.x }}'\n"
               "    messageTemplateValues: {x: y}\n    signingKey: {secretRef: {name: key}, type: ssh}\n"
               "  push: {branch: auto, refspec: 'refs/heads/auto:refs/for/main', options: {merge_request.create: ''}}\n"
               "policySelector: {matchLabels: {a: b}, matchExpressions: [{key: c, operator: NotIn, values: [d]}]}\n"
               "update: {path: ./apps, strategy: Setters}\nsuspend: true"));
    const ImageUpdateAutomation& automation = only(set.image_update_automations);
    BOOST_TEST(lines_of(automation.metadata.findings) == "");
    BOOST_TEST(automation.source.to_string() == "other/fleet");
    BOOST_TEST((automation.interval == 30min));
    BOOST_TEST(automation.checkout_branch == "main");
    BOOST_TEST(automation.author.name == "Bot");
    BOOST_TEST(automation.author.email == "bot@example.com");
    BOOST_TEST(automation.message_template == "{{ .Values.x }}");
    BOOST_TEST(automation.message_template_values.at("x") == "y");
    BOOST_TEST(automation.signing_key.value().secret_ref == "key");
    BOOST_TEST(automation.signing_key->type == "ssh");
    BOOST_TEST(automation.push_branch == "auto");
    BOOST_TEST(automation.push_refspec == "refs/heads/auto:refs/for/main");
    BOOST_TEST(automation.push_options.count("merge_request.create") == 1U);
    BOOST_TEST(automation.policy_selector.requirements.size() == 2U);
    BOOST_TEST(automation.update_path == "./apps");
    BOOST_TEST(automation.suspend);
}

BOOST_AUTO_TEST_CASE(author_without_a_name_goes_by_the_address) {
    BOOST_TEST(only(read(object(k_v1, "ImageUpdateAutomation", k_git)).image_update_automations).author.name ==
               "a@b.c");
}

BOOST_AUTO_TEST_CASE(mistakes_in_an_automation_are_named) {
    const std::string commit = "  commit: {author: {email: a@b.c}}\n";
    check_all(
        "ImageUpdateAutomation",
        {{"interval: 1m\ngit: {commit: {author: {email: a@b.c}}}", "spec.sourceRef is missing"},
         {k_update, "spec.git is missing"},
         {"interval: 1m\nsourceRef: {kind: Bucket, name: x}",
          "spec.sourceRef.kind: \"Bucket\" is none of GitRepository"},
         {k_update + "git: {}", "spec.git.commit is missing"},
         {k_update + "git: {commit: {author: {email: a@b.c}, messageTemplate: 'x {{ end }}'}}",
          "spec.git.commit.messageTemplate does not parse: "},
         {k_update + "git: {commit: {author: {name: x}}}", "spec.git.commit.author.email is missing"},
         {k_update + "git: {commit: {author: {name: 'a <b>', email: a@b.c}}}",
          "spec.git.commit.author.name must not hold <"},
         {k_update + "git:\n" + commit + "  checkout: {ref: {tag: v1}}", "spec.git.checkout.ref: tag v1 is no branch"},
         {k_update + "git:\n" + commit + "  checkout: {branch: main}", "unknown field spec.git.checkout.branch"},
         {k_update + "git:\n" + commit + "  push: {branch: 'a b'}",
          "spec.git.push.branch is no branch name: it holds ' '"},
         {k_update + "git:\n" + commit + "  push: {branch: --force}", "it begins with '-'"},
         {k_update + "git:\n" + commit + "  push: {refspec: ':main'}", "spec.git.push.refspec is no refspec"},
         {k_git + "policySelector: {matchExpressions: [{key: a, operator: Is}]}", "spec.policySelector: "},
         {k_git + "policySelector: {matchLabel: {a: b}}",
          "unknown field spec.policySelector.matchLabel (did you mean matchLabels?)"},
         {k_git + "update: {strategy: Magic}", "spec.update.strategy: \"Magic\" is none of Setters"},
         {k_git + "commit: {}", "spec.commit is of v1alpha1 (it stands under spec.git now)"},
         {k_git + "gitRepositoryRef: {name: x}", "spec.gitRepositoryRef is of v1alpha1"}});
}

BOOST_AUTO_TEST_CASE(fields_of_later_versions_are_refused_in_earlier_ones) {
    struct Row {
        std::string api_version, kind, spec, field;
    };
    const std::vector<Row> table = {
        {k_v1beta1, "ImageRepository", k_repository + "insecure: true", "spec.insecure"},
        {k_v1beta1, "ImageRepository", k_repository + "provider: generic", "spec.provider"},
        {k_v1beta1, "ImagePolicy", k_semver + "suspend: true", "spec.suspend"},
        {k_v1beta1, "ImagePolicy", k_semver + "digestReflectionPolicy: Never", "spec.digestReflectionPolicy"},
        {k_v1beta1, "ImageUpdateAutomation", k_git + "policySelector: {}", "spec.policySelector"},
        {k_v1beta2, "ImageUpdateAutomation",
         k_update + "git: {commit: {author: {email: a@b.c}, signingKey: {secretRef: {name: k}, type: ssh}}}",
         "spec.git.commit.signingKey.type"},
    };
    for (const Row& row : table) {
        const Findings old = findings_of(row.api_version, row.kind, row.spec);
        BOOST_TEST_CONTEXT(row.spec << lines_of(old))
        BOOST_TEST(mentions(old, row.field + " is not in this apiVersion (write apiVersion"));
        BOOST_TEST_CONTEXT(row.spec) BOOST_TEST(lines_of(findings_of(k_v1, row.kind, row.spec)) == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
