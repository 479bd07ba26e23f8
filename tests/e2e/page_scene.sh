# A small company's service, for the story that drives its page. Sourced after lib.sh, objects.sh and service.sh.
#
#   build_scene      registry, two repositories (the second refuses pushes to main), objects, configuration
#   age_scene        passes as they would have run days ago, where faketime is installed: the picture has a past
#   $page            the page's address once the service runs; $token signs in; $fleet, $shop are the bare repositories

token=an-administrator-s-token-of-40-characters

policy_of() { # NAME TEAM SPEC
    printf -- '---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: %s, namespace: flux-system, labels: {team: %s}}\n' "$1" "$2"
    printf 'spec: {imageRepositoryRef: {name: %s}, %s}\n' "$1" "$3"
}

build_scene() {
    start_registry
    start_git_http
    local name port
    push_tags "http://$REGISTRY" team/web 1.24.0 1.24.1 1.25.0 latest
    push_tags "http://$REGISTRY" team/api 2.3.0 2.4.0
    push_tags "http://$REGISTRY" team/worker main-20261101-4f2c91a main-20261103-9b1d3e7
    push_tags "http://$REGISTRY" shop/db 15.4.0 15.5.0 16.0.0
    push_tags "http://$REGISTRY" shop/cart 0.9.0 0.9.1
    push_tags "http://$REGISTRY" tools/agent 3.1.0
    push_tags "http://$REGISTRY" team/reports 1.0.0
    # Too rarely scanned for a story: somebody has to ask for it.
    image_repository reports "$REGISTRY/team/reports" 'insecure: true' | sed 's/interval: 5m/interval: 1h/' >"$work/objects/reports.yaml"
    for name in web api worker db cart agent gone; do
        case $name in
            db | cart) image_repository "$name" "$REGISTRY/shop/$name" 'insecure: true' ;;
            agent | gone) image_repository "$name" "$REGISTRY/tools/$name" 'insecure: true' ;;
            *) image_repository "$name" "$REGISTRY/team/$name" 'insecure: true' ;;
        esac
    done | often >"$work/objects/repositories.yaml"
    {
        policy_of web fleet 'policy: {semver: {range: "1.x"}}'
        policy_of api fleet 'policy: {semver: {range: ">=2.0.0"}}'
        policy_of worker fleet 'filterTags: {pattern: "^main-(?P<day>[0-9]+)-", extract: "$day"}, policy: {numerical: {order: asc}}'
        policy_of db shop 'policy: {semver: {range: "15.x"}}'
        policy_of cart shop 'policy: {semver: {range: "0.x"}}'
        policy_of agent fleet 'policy: {semver: {range: "*"}}, suspend: true'
        policy_of reports fleet 'policy: {semver: {range: "1.x"}}'
        policy_of gone fleet 'policy: {semver: {range: "*"}}'
    } >"$work/objects/policies.yaml"

    fleet=$GIT_ROOT/fleet.git shop=$GIT_ROOT/shop.git
    new_repository "$fleet"
    seed "$GIT_URL/fleet.git"
    mkdir -p "$work/clone/apps"
    marked web "$REGISTRY/team/web" 1.24.0 >"$work/clone/apps/web.yaml"
    marked api "$REGISTRY/team/api" 2.3.0 >"$work/clone/apps/api.yaml"
    marked worker "$REGISTRY/team/worker" main-20261101-4f2c91a >"$work/clone/apps/worker.yaml"
    marked agent "$REGISTRY/tools/agent" 3.1.0 >"$work/clone/apps/agent.yaml"
    push_main "apps"
    rm -rf "$work/clone"
    new_repository "$shop"
    seed "$GIT_URL/shop.git"
    marked db "$REGISTRY/shop/db" 15.4.0 >"$work/clone/db.yaml"
    marked cart "$REGISTRY/shop/cart" 0.9.0 >"$work/clone/cart.yaml"
    push_main "shop"
    rm -rf "$work/clone"
    printf '#!/bin/sh\necho "rule 17: ask the release team" >&2\nexit 1\n' >"$shop/hooks/pre-receive"
    chmod +x "$shop/hooks/pre-receive"
    {
        git_repository fleet "$GIT_URL/fleet.git"
        git_repository shop "$GIT_URL/shop.git"
        automation fleet fleet flux-imageupdates ./apps
        echo '  policySelector: {matchLabels: {team: fleet}}'
        automation shop shop
        echo '  policySelector: {matchLabels: {team: shop}}'
    } | often >"$work/objects/automations.yaml"
    secret tidemark/web token "$token"
    printf '{"time": "%s", "hooks": [{"repository": "fleet", "host": "gitea", "armed": true, "why": ""}, {"repository": "shop", "host": "gitea", "armed": true, "why": ""}, {"repository": "legacy", "host": "gitea", "armed": false, "why": "hooks/pre-receive.d/50-tidemark lost its run bit"}]}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$work/hooks.json"
    port=$(free_port)
    page=http://127.0.0.1:$port
    configure
    printf 'web: {listen: "127.0.0.1:%s", admin: {tokenSecretRef: {namespace: tidemark, name: web}}}\nhooksReport: %s\n' \
        "$port" "$work/hooks.json" >>"$work/tidemark.yaml"
    tidemark pin flux-system/db 15.4.0 --reason '15.5 corrupts the index, bug 4711' --until 2030-01-01 \
        --config "$work/tidemark.yaml" >"$work/pin.log" 2>&1 || cat "$work/pin.log"
}

pass_at() { faketime "$1" tidemark run --config "$work/tidemark.yaml" >/dev/null 2>&1; }
# As a person would: the branch goes into main.
merge() { git -C "$fleet" update-ref refs/heads/main refs/heads/flux-imageupdates; }

age_scene() {
    command -v faketime >/dev/null || return 0
    pass_at '19 days ago'
    merge
    push_tags "http://$REGISTRY" team/web 1.25.1
    pass_at '11 days ago'
    merge
    push_tags "http://$REGISTRY" team/web 1.25.2 1.26.0-rc.1
    push_tags "http://$REGISTRY" team/api 2.4.1
    pass_at '5 days ago'
    merge
    push_tags "http://$REGISTRY" team/worker main-20261119-77ac0d2
    pass_at '2 days ago'
    merge
    push_tags "http://$REGISTRY" team/web 1.25.3
    pass_at '20 hours ago'
}

page_answers() { curl -fsS -o /dev/null "$page/healthz"; }
