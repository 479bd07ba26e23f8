#include "mirror/service/automation_plan.h"

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/service/conditions.h"

namespace tidemark::mirror::service {
namespace {

using policy::ImageUpdateAutomation;

const policy::GitRepository& find_source(const ImageUpdateAutomation& automation, const policy::ObjectSet& objects) {
    const auto found = objects.git_repositories.find(automation.source);
    if (found == objects.git_repositories.end())
        throw Error(ErrorKind::not_found, fmt::format("the GitRepository {} does not exist among the objects",
                                                      automation.source.to_string()));
    if (const policy::Finding* finding = first_error(found->second.metadata.findings))
        throw Error(ErrorKind::invalid, fmt::format("the GitRepository {} is not valid: {}",
                                                    automation.source.to_string(), to_string(*finding)));
    return found->second;
}

std::string first_of(const std::string& text, const std::string& otherwise) {
    return text.empty() ? otherwise : text;
}

}  // namespace

git::SigningKey find_signing_key(const ImageUpdateAutomation& automation, const SecretStore& secrets) {
    const ObjectKey secret{automation.metadata.key.object_namespace, automation.signing_key->secret_ref};
    const bool ssh = automation.signing_key->type == "ssh";
    try {
        return git::read_signing_key(ssh ? git::SigningFormat::ssh : git::SigningFormat::openpgp, secrets.get(secret),
                                     secret.to_string());
    } catch (const Error& error) {
        throw Error(error.kind(), fmt::format("spec.git.commit.signingKey: {}", error.what()));
    }
}

AutomationBranches find_branches(const ImageUpdateAutomation& automation, const policy::ObjectSet& objects) {
    const policy::GitRepository& repository = find_source(automation, objects);
    const std::string checkout = first_of(automation.checkout_branch, first_of(repository.branch, "master"));
    return {&repository, checkout, first_of(automation.push_branch, checkout)};
}

AutomationPlan plan_automation(const ImageUpdateAutomation& automation, const UpdateStep& step,
                               CandidateLists& candidates) {
    if (const policy::Finding* finding = first_error(automation.metadata.findings))
        throw Error(ErrorKind::invalid, to_string(*finding));
    policy::Result<policy::MessageTemplate> message = policy::MessageTemplate::parse(automation.message_template);
    if (!message) throw Error(ErrorKind::invalid, "the commit message template does not parse: " + message.message());

    const AutomationBranches branches = find_branches(automation, step.objects);
    AutomationPlan plan{&automation, nullptr, branches.checkout, branches.push, std::move(message).value(), {}, {}, {}};
    if (!automation.push_refspec.empty()) {
        plan.also = read_push_refspec(automation.push_refspec, plan.push_branch);
        if (plan.also->name == "refs/heads/" + plan.push_branch) plan.also.reset();
    }
    if (automation.signing_key) plan.signing = find_signing_key(automation, step.sources.secrets());
    plan.candidates = candidates.of(step.selections.of(automation.metadata.key));
    plan.source = &step.sources.open(*branches.repository);
    return plan;
}

}  // namespace tidemark::mirror::service
