#include "tests/conformance/setters_harmful.h"

#include <algorithm>

namespace tidemark::conformance {
namespace {

const std::vector<HarmfulCase> k_harmful = {
    // An empty digest empties nothing.
    {"setter-digest-empty", Answer::nothing, true, {}},
    {"new-digest-empty-quoted", Answer::nothing, true, {}},
    {"setter-digest-empty-int", Answer::nothing, true, {}},
    {"setter-digest-empty-str-tag", Answer::nothing, true, {}},
    {"setter-digest-empty-plain-kustomization", Answer::nothing, true, {}},
    // Values in comments are not obeyed.
    {"marker-inline-extension", Answer::these, false, {"app.yaml p x:1 ghcr.io/org/app:1.2.3"}},
    {"marker-inline-extension-known-name", Answer::these, false, {"app.yaml p x:1 ghcr.io/org/app:1.2.3"}},
    {"marker-inline-extension-bad", Answer::these, false, {"app.yaml p x:1 ghcr.io/org/app:1.2.3"}},
    // An explicit tag that does not fit is left alone.
    {"style-tag-int", Answer::nothing, true, {}},
    {"style-tag-null", Answer::nothing, true, {}},
    {"binary-tag", Answer::nothing, true, {}},
    // The new value is a string, whatever the old one was.
    {"style-tilde", Answer::as_flux, false, {}},
    {"style-null-word", Answer::as_flux, false, {}},
    {"style-tilde-tag", Answer::as_flux, false, {}},
    {"style-null-word-tag-int", Answer::as_flux, false, {}},
    {"style-int-to-string", Answer::as_flux, false, {}},
    {"style-bool-to-string", Answer::as_flux, false, {}},
    {"style-int-to-semver", Answer::as_flux, false, {}},
    {"style-date-old", Answer::as_flux, false, {}},
    {"replicas-field", Answer::as_flux, false, {}},
    {"octal-old", Answer::as_flux, false, {}},
    {"inf-old", Answer::as_flux, false, {}},
    {"timestamp-old-to-date", Answer::as_flux, false, {}},
    {"policy-named-tag", Answer::as_flux, false, {}},
    // An anchored value is set, and that its aliases follow is told.
    {"style-anchor-alias", Answer::as_flux, true, {}},
    {"style-anchor-and-alias-marked", Answer::as_flux, true, {}},
    {"style-anchor-map", Answer::as_flux, true, {}},
    {"style-merge-key", Answer::as_flux, true, {}},
    {"style-merge-key-override", Answer::as_flux, true, {}},
    {"style-merge-list", Answer::as_flux, true, {}},
    {"real-argo-rollout", Answer::as_flux, true, {}},
    {"anchor-then-value-next-line", Answer::as_flux, true, {}},
    {"yaml-anchor-on-seq", Answer::as_flux, true, {}},
    // A policy without a valid reference stops only itself.
    {"new-129", Answer::nothing, true, {}},
    {"new-plus", Answer::nothing, true, {}},
    {"new-empty-tag", Answer::nothing, true, {}},
    {"new-name-upper", Answer::nothing, true, {}},
    {"new-name-empty", Answer::nothing, true, {}},
    {"new-name-space", Answer::nothing, true, {}},
    {"new-digest-sha512", Answer::nothing, true, {}},
    {"new-digest-short", Answer::nothing, true, {}},
    {"new-digest-upper", Answer::nothing, true, {}},
    {"new-digest-nonhex", Answer::nothing, true, {}},
    {"new-invalid-ref-not-used", Answer::these, true, {"app.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    // Annotations and odd names stop nothing.
    {"annotation-legacy-path", Answer::these, false, {"app.yaml a ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"annotation-internal-path", Answer::these, false, {"app.yaml a ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"annotation-legacy-path-other-file",
     Answer::these,
     false,
     {"a.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"file-dotdot-name", Answer::these, false, {"a..b.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"file-dotdot-name-beside",
     Answer::these,
     false,
     {"a..b.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3",
      "ok.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    // A list is set where it stands.
    {"list", Answer::these, false, {"list.yaml a ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"list-with-other-file",
     Answer::these,
     false,
     {"app.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3",
      "list.yaml a ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"resource-list", Answer::these, false, {"app.yaml a ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    {"list-scalar-items", Answer::these, false, {"app.yaml  ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    // .git is not entered.
    {"dir-git", Answer::these, false, {"app.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3"}},
    // Each marked value is set, also under a key that stands twice.
    {"duplicate-key",
     Answer::these,
     true,
     {"app.yaml p ghcr.io/org/app:1.0.0 ghcr.io/org/app:1.2.3", "app.yaml p other:1 ghcr.io/org/app:1.2.3"}},
    {"duplicate-key-second-marked", Answer::these, true, {"app.yaml p other:1 ghcr.io/org/app:1.2.3"}},
    {"duplicate-key-second-marked-beside-change",
     Answer::these,
     true,
     {"app.yaml p other:1 ghcr.io/org/app:1.2.3", "app.yaml p y:1 ghcr.io/org/app:1.2.3"}},
    // A marker behind nothing marks nothing.
    {"empty-item-marker", Answer::nothing, true, {}},
    {"empty-item-marker-compact", Answer::nothing, true, {}},
    {"empty-item-marker-beside-change", Answer::these, true, {"app.yaml p y:1 ghcr.io/org/app:1.2.3"}},
    // Everything around the marked values keeps its bytes.
    {"new-same-plain-float-beside-change", Answer::as_flux, false, {}},
    {"head-comment-value-own-line", Answer::as_flux, false, {}},
    {"multi-doc-comment-only", Answer::as_flux, false, {}},
    {"multi-doc-comment-first", Answer::as_flux, false, {}},
    {"multi-doc-separator-comment", Answer::as_flux, false, {}},
    {"metadata-null", Answer::as_flux, false, {}},
    {"annotations-null", Answer::as_flux, false, {}},
    {"annotations-empty-map", Answer::as_flux, false, {}},
    {"annotations-scalar", Answer::as_flux, false, {}},
    {"annotations-alias", Answer::as_flux, false, {}},
    {"metadata-empty-map", Answer::as_flux, false, {}},
    {"annotation-legacy-path-same", Answer::as_flux, false, {}},
    {"annotation-legacy-index", Answer::as_flux, false, {}},
    {"annotation-legacy-id", Answer::as_flux, false, {}},
    {"helm-template-unquoted", Answer::as_flux, false, {}},
    {"helm-template-unquoted-simple", Answer::as_flux, false, {}},
    {"three-docs-separators-mixed", Answer::as_flux, false, {}},
    {"doc-dots-comment", Answer::as_flux, false, {}},
    {"crlf-separator-content", Answer::as_flux, false, {}},
    // The same, and a marker in a place where it marks nothing is told.
    {"value-on-next-line-beside-change", Answer::as_flux, true, {}},
    {"flow-comment-first-line-beside-change", Answer::as_flux, true, {}},
    {"explicit-key-marker-at-key-beside-change", Answer::as_flux, true, {}},
    {"empty-value-quoted-next-beside-change", Answer::as_flux, true, {}},
    {"flow-seq-comment-first-line-beside-change", Answer::as_flux, true, {}},
    {"anchor-on-empty-beside-change", Answer::as_flux, true, {}},
    {"value-on-next-line-both", Answer::as_flux, true, {}},
    {"multi-doc-dots", Answer::as_flux, true, {}},
};

}  // namespace

const HarmfulCase* find_harmful(std::string_view id) {
    const auto found =
        std::find_if(k_harmful.begin(), k_harmful.end(), [id](const HarmfulCase& one) { return one.id == id; });
    return found == k_harmful.end() ? nullptr : &*found;
}

}  // namespace tidemark::conformance
