# Small objects for the stories about bad input, in namespace flux-system. Each function prints one document; the
# last argument, where there is one, is further lines of its spec. Sourced after lib.sh.

object() { printf -- '---\napiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: flux-system}\nspec:\n' "$1" "$2" "$3"; }

image_repository() { # NAME IMAGE [SPEC]
    object image.toolkit.fluxcd.io/v1 ImageRepository "$1"
    printf '  image: %s\n  interval: 5m\n%s' "$2" "${3:+  $3$'\n'}"
}

image_policy() { # NAME [RANGE [REPOSITORY]]
    object image.toolkit.fluxcd.io/v1 ImagePolicy "$1"
    printf '  imageRepositoryRef: {name: %s}\n  policy:\n    semver:\n      range: "%s"\n' "${3:-$1}" "${2:->=1.0.0}"
}

git_repository() { # NAME URL [SPEC]
    object source.toolkit.fluxcd.io/v1 GitRepository "$1"
    printf '  url: %s\n  interval: 1m\n  ref: {branch: main}\n%s' "$2" "${3:+  $3$'\n'}"
}

automation() { # NAME SOURCE [PUSH-BRANCH [PATH]]
    object image.toolkit.fluxcd.io/v1 ImageUpdateAutomation "$1"
    printf '  interval: 5m\n  sourceRef: {kind: GitRepository, name: %s}\n  git:\n    checkout: {ref: {branch: main}}\n' "$2"
    printf '    commit: {author: {name: fluxbot, email: fluxbot@acme.test}, messageTemplate: "bump"}\n'
    printf '    push: {branch: %s}\n  update: {path: %s, strategy: Setters}\n' "${3:-main}" "${4:-./}"
}

# marked NAME IMAGE TAG: one line of a manifest whose value the policy NAME sets.
marked() { printf 'image: %s:%s # {"$imagepolicy": "flux-system:%s"}\n' "$2" "$3" "$1"; }

# on_branch BRANCH FILE: what the remote has there, as the clone saw it last.
on_branch() { git -C "$work/clone" show "origin/$1:$2"; }
commits_on() { git -C "$work/clone" rev-list --count "origin/$1"; }
