// Markers (`# {"$imagepolicy": "ns:policy[:tag|:name|:digest]"}`) and the scalars they mark: finding them,
// and rewriting exactly their bytes. Rules: conformance/README.md "Setters", conformance/setters.json;
// where Tidemark answers better than Flux, tests/conformance/differences.md says so.
// Pure and stateless; every function may be called from any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"
#include "policy/base/result.h"

namespace tidemark::policy {

/// What a policy chose: what is written to Git. `digest` is empty unless the policy asks for one.
struct LatestReference {
    std::string name;  // as written in the ImageRepository's spec.image
    std::string tag;
    std::string digest;

    /// "name:tag" or "name:tag@digest".
    std::string to_string() const;
    bool operator==(const LatestReference&) const = default;
};

/// Setter name ("ns:policy", "ns:policy:tag", ...) to the text it stands for. Built from policies
/// by make_setter_values; a policy whose reference is invalid offers nothing and becomes a finding.
struct SetterValues {
    std::map<std::string, std::string, std::less<>> values;
    Findings findings;
};

struct PolicyReference {
    std::string policy_namespace;
    std::string policy_name;
    LatestReference latest;
};

SetterValues make_setter_values(const std::vector<PolicyReference>& policies);

/// The object a marked scalar belongs to (its document's root mapping).
struct ObjectIdentity {
    std::string api_version;
    std::string kind;
    std::string object_namespace;
    std::string name;
    auto operator<=>(const ObjectIdentity&) const = default;
};

/// One marked scalar as it stands. `begin`/`end` are byte offsets of the scalar in the file (quotes included).
struct MarkedScalar {
    std::string setter;
    std::string value;  // decoded text
    ObjectIdentity object;
    std::string path;  // e.g. "/spec/template/spec/containers/0/image"
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t line = 0;  // from 1
};

/// One value that was (or would be) rewritten. `file` is relative to the update path.
struct Change {
    std::string file;
    ObjectIdentity object;
    std::string setter;
    std::string old_value;
    std::string new_value;
    std::size_t line = 0;
};

/// Whether a file of this name is looked at: ".yaml", ".yml", or base name "Kustomization".
bool is_manifest_name(std::string_view path) noexcept;

/// The screen before any parsing: whether the bytes hold the marker's text, `"$imagepolicy"` with quotes.
bool may_hold_markers(std::string_view bytes) noexcept;

/// All marked scalars of a file in document order, or why the file cannot be read. Findings tell of
/// markers that cannot work (misspelt JSON, on a mapping, unknown part after the colon).
struct MarkerScan {
    std::vector<MarkedScalar> scalars;
    Findings findings;
};
Result<MarkerScan> find_markers(std::string_view bytes, std::string_view file);

/// The file's bytes with every marked scalar set to its setter's value, proved by a second parser.
/// `changes` is empty and `bytes` unset when nothing had to change. A Problem means the file was left
/// alone: not readable, or the proof failed. `findings` name markers that were left alone and why.
struct Rewrite {
    std::string bytes;
    std::vector<std::string_view> setters;  // keys of the values that markers name, changed or not; one for each marker
    std::vector<Change> changes;
    Findings findings;
};
Result<Rewrite> rewrite_markers(std::string_view bytes, std::string_view file, const SetterValues& values);

/// Whether `before` and `after` differ in nothing but the text of scalars marked in both: what a commit
/// of the automation may do to a file.
bool only_marked_scalars_differ(std::string_view before, std::string_view after);

}  // namespace tidemark::policy
