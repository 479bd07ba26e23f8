// The readers of the kinds, one file each, and what they share. Internal to policy/objects.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "policy/objects/objects.h"
#include "policy/yaml/fields.h"

namespace tidemark::policy {

enum class ApiVersion { v1beta1, v1beta2, v1 };

/// Whether selections and patterns compile, remembered: thousands of objects share a few of them.
class CompileCache {
public:
    const std::optional<Problem>& find_problem(const SelectionSpec& spec);
    const std::optional<Problem>& find_exclusion_problem(const std::string& pattern);

private:
    std::map<std::string, std::optional<Problem>> m_selections;
    std::map<std::string, std::optional<Problem>> m_exclusions;
};

struct SpecContext {
    ApiVersion version = ApiVersion::v1;
    CompileCache& cache;
};

/// True if this apiVersion has the field. Otherwise the field, where it is written, is reported with the remedy, and
/// the caller does not read it.
bool has_field(yaml::Fields& fields, std::string_view key, ApiVersion have, ApiVersion since);

/// metadata: name, namespace, labels, annotations; what a cluster adds is passed over. False without a name: the
/// object cannot be kept. Sets the report's subject.
bool read_metadata(yaml::Fields& root, std::string_view kind, Metadata& metadata);

/// Whether `annotation`, which begins with "tidemark/", is one that this kind has.
bool is_known_annotation(std::string_view kind, std::string_view annotation) noexcept;

/// The annotations tidemark/pin... of an ImagePolicy, whose metadata was read.
void read_pin(ImagePolicy& policy, yaml::Fields& root);

/// spec.provider and spec.serviceAccountName: only a Secret's credential works outside a cluster.
void refuse_cloud_login(yaml::Fields& spec, std::initializer_list<std::string_view> providers);

void read_spec(ImageRepository& repository, yaml::Fields& spec, SpecContext& context);
void read_spec(ImagePolicy& policy, yaml::Fields& spec, SpecContext& context);
void read_spec(ImageUpdateAutomation& automation, yaml::Fields& spec, SpecContext& context);
void read_spec(GitRepository& repository, yaml::Fields& spec, SpecContext& context);
/// `root`: a Secret has no spec.
void read_secret(Secret& secret, yaml::Fields& root);

/// spec.ref of a GitRepository, spec.git.checkout.ref of an automation.
struct GitReference {
    std::string branch;
    std::string other;  // as GitRepository::other_ref
    const yaml::Node* other_node = nullptr;
};
GitReference read_git_reference(yaml::Fields& reference);

/// A branch name field; empty if missing or (reported) wrong.
std::string read_branch(yaml::Fields& fields, std::string_view key);

}  // namespace tidemark::policy
