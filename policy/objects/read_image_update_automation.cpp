// ImageUpdateAutomation: image.toolkit.fluxcd.io v1beta1 (no policySelector, no messageTemplateValues), v1beta2
// (no signingKey.type), v1.
#include <algorithm>

#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/names.h"
#include "policy/objects/read_kinds.h"
#include "policy/template/template.h"

namespace tidemark::policy {
namespace {

void read_source(ImageUpdateAutomation& automation, yaml::Fields& spec) {
    auto reference = spec.required_mapping("sourceRef");
    if (!reference) return;
    automation.source = read_reference(*reference, automation.metadata.key.object_namespace);
    reference->word("kind", {"GitRepository"});
    reference->text("apiVersion");
    reference->finish();
}

// What Git would drop or trip over in "Name <email>".
std::string read_identity_text(yaml::Fields& author, std::string_view key, bool required) {
    const auto text = required ? author.required_text(key, "tidemark@example.com") : author.text(key);
    if (!text) return {};
    const bool odd = std::any_of(text->begin(), text->end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '<' || c == '>' || c == 0x7f;
    });
    if (odd)
        author.report().error(*author.node().find(key),
                              fmt::format("{} must not hold <, > or control characters", author.path(key)));
    return std::string(*text);
}

/// Parsed here only to place its mistakes; who renders it parses it again.
std::string read_message_template(yaml::Fields& commit) {
    constexpr std::string_view k_key = "messageTemplate";
    const std::string text(commit.text(k_key).value_or(""));
    if (const auto parsed = MessageTemplate::parse(text); !parsed)
        commit.report().error_in(*commit.node().find(k_key), parsed.problem().position,
                                 fmt::format("{} does not parse: {}", commit.path(k_key), parsed.message()));
    return text;
}

void read_commit(ImageUpdateAutomation& automation, yaml::Fields& git, const SpecContext& context) {
    auto commit = git.required_mapping("commit");
    if (!commit) return;
    if (auto author = commit->required_mapping("author")) {
        automation.author.email = read_identity_text(*author, "email", true);
        automation.author.name = read_identity_text(*author, "name", false);
        if (automation.author.name.empty()) automation.author.name = automation.author.email;
        author->finish();
    }
    if (auto key = commit->mapping("signingKey")) {
        key->require("secretRef");
        SigningKey signing{read_local_reference(*key, "secretRef").value_or(""), "gpg"};
        if (has_field(*key, "type", context.version, ApiVersion::v1))
            signing.type = key->word("type", {"gpg", "ssh"}).value_or("gpg");
        automation.signing_key = std::move(signing);
        key->finish();
    }
    automation.message_template = read_message_template(*commit);
    if (has_field(*commit, "messageTemplateValues", context.version, ApiVersion::v1beta2))
        automation.message_template_values = read_text_map(*commit, "messageTemplateValues");
    commit->finish();
}

void read_checkout(ImageUpdateAutomation& automation, yaml::Fields& git) {
    auto checkout = git.mapping("checkout");
    if (!checkout) return;
    if (auto reference = checkout->required_mapping("ref")) {
        const GitReference read = read_git_reference(*reference);
        automation.checkout_branch = read.branch;
        if (read.other_node)
            git.report().error(*read.other_node, fmt::format("spec.git.checkout.ref: {} is no branch", read.other),
                               "updates start from the tip of a branch here: give its name as branch");
    }
    checkout->finish();
}

void read_push(ImageUpdateAutomation& automation, yaml::Fields& git) {
    auto push = git.mapping("push");
    if (!push) return;
    automation.push_branch = read_branch(*push, "branch");
    if (const auto refspec = push->text("refspec"); refspec && !refspec->empty()) {
        automation.push_refspec = *refspec;
        if (const auto reason = find_refspec_problem(*refspec))
            push->report().error(*push->node().find("refspec"),
                                 fmt::format("spec.git.push.refspec is no refspec: {}", *reason));
    }
    automation.push_options = read_text_map(*push, "options");
    for (const auto& [key, value] : automation.push_options) {
        const bool odd = key.empty() || key.find('=') != std::string::npos ||
                         (key + value).find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos;
        if (odd)
            push->report().error(*push->node().find("options"),
                                 "spec.git.push.options: a key is empty or holds '=', or a line break stands in it");
    }
    push->finish();
}

void read_policy_selector(ImageUpdateAutomation& automation, yaml::Fields& spec) {
    auto selector = spec.mapping("policySelector");
    if (!selector) return;
    const Labels match_labels = read_text_map(*selector, "matchLabels");
    std::vector<RawLabelExpression> expressions;
    for (const yaml::Node* item : selector->list("matchExpressions")) {
        yaml::Fields expression(*item, "matchExpressions[]", spec.report(), &*selector);
        RawLabelExpression raw;
        raw.key = expression.required_text("key").value_or("");
        raw.operation = expression.required_text("operator", "In").value_or("");
        raw.values = read_text_list(expression, "values");
        expression.finish();
        expressions.push_back(std::move(raw));
    }
    selector->finish();
    Result<LabelSelector> made = make_label_selector(match_labels, expressions);
    if (made) {
        automation.policy_selector = std::move(made).value();
    } else {
        spec.report().error(selector->node(), fmt::format("spec.policySelector: {}", made.message()));
    }
}

}  // namespace

std::string read_branch(yaml::Fields& fields, std::string_view key) {
    const auto branch = fields.text(key);
    if (!branch || branch->empty()) return {};
    if (const auto reason = find_branch_problem(*branch))
        fields.report().error(*fields.node().find(key),
                              fmt::format("{} is no branch name: {}", fields.path(key), *reason));
    return std::string(*branch);
}

void read_spec(ImageUpdateAutomation& automation, yaml::Fields& spec, SpecContext& context) {
    spec.refuse("gitRepositoryRef", "is of v1alpha1", "write sourceRef: {kind: GitRepository, name: ...}");
    for (const std::string_view key : {"checkout", "commit", "push"})
        spec.refuse(key, "is of v1alpha1", "it stands under spec.git now");
    read_source(automation, spec);
    if (auto git = spec.required_mapping("git")) {
        read_checkout(automation, *git);
        read_commit(automation, *git, context);
        read_push(automation, *git);
        git->finish();
    }
    if (const auto interval = read_required_interval(spec, "interval")) automation.interval = *interval;
    if (has_field(spec, "policySelector", context.version, ApiVersion::v1beta2)) read_policy_selector(automation, spec);
    if (auto update = spec.mapping("update")) {
        update->word("strategy", {"Setters"});
        automation.update_path = update->text("path").value_or("");
        update->finish();
    }
    automation.suspend = spec.boolean("suspend");
}

}  // namespace tidemark::policy
