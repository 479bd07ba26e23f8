// The objects Tidemark reads: ImageRepository, ImagePolicy, ImageUpdateAutomation, GitRepository, Secret.
// Plain values; reading them is policy/objects/read.h. Every field of the kinds is here or is refused with
// its reason when read. Rules: conformance/README.md; Flux's API types v1beta1, v1beta2, v1.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/finding.h"
#include "policy/base/labels.h"
#include "policy/selection/selection.h"

namespace tidemark::policy {

using std::chrono::nanoseconds;

enum class ObjectKind { image_repository, image_policy, image_update_automation, git_repository, secret };

/// "ImageRepository", ... as written in YAML.
std::string_view kind_name(ObjectKind kind) noexcept;
/// The other way round; nullopt for a kind that is not read.
std::optional<ObjectKind> find_kind_named(std::string_view name) noexcept;

struct ObjectKey {
    std::string object_namespace;
    std::string name;
    auto operator<=>(const ObjectKey&) const = default;
    /// "namespace/name".
    std::string to_string() const { return object_namespace + "/" + name; }
};

struct Metadata {
    std::string api_version;
    ObjectKey key;  // namespace "default" where none was written
    Labels labels;
    Labels annotations;
    Place place;        // of the document
    Findings findings;  // of this object; an error among them makes it not ready
    /// Hex; equal for equal specs, whatever comments, order of keys and formatting. Empty for a Secret.
    std::string spec_hash;

    bool valid() const noexcept { return !has_errors(findings); }
};

struct ImageRepository {
    Metadata metadata;
    std::string image;
    nanoseconds interval{};
    std::optional<nanoseconds> timeout;
    std::optional<std::string> secret_ref;
    std::optional<std::string> cert_secret_ref;
    std::optional<std::string> proxy_secret_ref;
    /// accessFrom.namespaceSelectors[].matchLabels; nullopt: only the own namespace.
    std::optional<std::vector<Labels>> access_from;
    std::vector<std::string> exclusion_list;  // empty: the default
    bool insecure = false;
    bool suspend = false;
};

enum class DigestReflection { never, if_not_present, always };

/// The annotations tidemark/pin, tidemark/pin-reason, tidemark/pin-until: a person's word in Git that a tag stays.
struct PinAnnotation {
    std::string tag;
    std::string reason;
    std::optional<std::chrono::sys_seconds> until;
    bool operator==(const PinAnnotation&) const = default;
};

struct ImagePolicy {
    Metadata metadata;
    ObjectKey image_repository;  // namespace filled in
    SelectionSpec selection;
    DigestReflection digest_reflection = DigestReflection::never;
    std::optional<nanoseconds> interval;
    std::optional<PinAnnotation> pin;
    bool suspend = false;
};

struct CommitIdentity {
    std::string name;  // the e-mail address where none was written, as Git takes no empty name
    std::string email;
};

struct SigningKey {
    std::string secret_ref;
    std::string type;  // "gpg" or "ssh"
};

struct ImageUpdateAutomation {
    Metadata metadata;
    ObjectKey source;  // GitRepository, namespace filled in
    nanoseconds interval{};
    LabelSelector policy_selector;
    std::string checkout_branch;  // spec.git.checkout.ref.branch, else the GitRepository's; empty: look there
    CommitIdentity author;
    std::string message_template;
    std::map<std::string, std::string> message_template_values;
    std::optional<SigningKey> signing_key;
    std::string push_branch;   // empty: the checkout branch
    std::string push_refspec;  // empty: none
    std::map<std::string, std::string> push_options;
    std::string update_path;  // empty: the whole tree
    bool suspend = false;
};

struct GitRepository {
    Metadata metadata;
    std::string url;
    std::string branch;     // spec.ref.branch or .name; empty: none written ("master" in Flux's words)
    std::string other_ref;  // "tag v1.0", "commit 3f2a91c", "semver 1.x", "refs/pull/1/head": no branch; else empty
    nanoseconds interval{};
    std::optional<nanoseconds> timeout;
    std::optional<std::string> secret_ref;
    std::optional<std::string> proxy_secret_ref;
    bool suspend = false;
};

/// Values are decoded (data from base64, stringData as it stands). Never printed.
struct Secret {
    Metadata metadata;
    std::string type;
    std::map<std::string, std::string> data;
};

/// All objects of one reading. Within a kind the keys are unique; a later duplicate is a finding.
struct ObjectSet {
    std::map<ObjectKey, ImageRepository> image_repositories;
    std::map<ObjectKey, ImagePolicy> image_policies;
    std::map<ObjectKey, ImageUpdateAutomation> image_update_automations;
    std::map<ObjectKey, GitRepository> git_repositories;
    std::map<ObjectKey, Secret> secrets;
    /// Labels of Namespace objects, where any are given: accessFrom looks at them.
    std::map<std::string, Labels> namespace_labels;
    /// Findings that belong to no object: files that are not YAML, objects without a name, ...
    Findings findings;
    std::size_t skipped = 0;  // documents of other kinds
};

}  // namespace tidemark::policy
