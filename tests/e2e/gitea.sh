# A real Gitea on loopback, from the binary in TIDEMARK_GITEA and the static files in TIDEMARK_GITEA_STATIC, with the user
# dana, who administers it. Sourced after lib.sh. Started as nobody by root, as Gitea does not run as root.

gitea_home=$work/gitea
as_gitea=()
# The story looks into repositories of that account.
git config --global safe.directory '*'
[ "$(id -u)" != 0 ] || as_gitea=(setpriv --reuid=65534 --regid=65534 --clear-groups --)

# as_host COMMAND...: as the account that Gitea runs as.
as_host() { env -i PATH="$PATH" HOME="$gitea_home" LC_ALL=C.UTF-8 "${as_gitea[@]}" "$@"; }
gitea() { as_host "$TIDEMARK_GITEA" --config "$gitea_home/app.ini" --work-path "$gitea_home" "$@"; }

start_gitea() {
    local user
    mkdir -p "$gitea_home/repositories"
    GITEA_PORT=$(free_port)
    GITEA_SSH_PORT=$(free_port)
    user=$([ "$(id -u)" = 0 ] && echo nobody || id -un)
    {
        printf 'RUN_USER = %s\nRUN_MODE = prod\n' "$user"
        printf '[server]\nHTTP_ADDR = 127.0.0.1\nHTTP_PORT = %s\nROOT_URL = http://127.0.0.1:%s/\nOFFLINE_MODE = true\n' "$GITEA_PORT" "$GITEA_PORT"
        printf 'STATIC_ROOT_PATH = %s\nAPP_DATA_PATH = %s/data\nSTART_SSH_SERVER = true\nSSH_DOMAIN = 127.0.0.1\n' "$TIDEMARK_GITEA_STATIC" "$gitea_home"
        printf 'BUILTIN_SSH_SERVER_USER = git\nSSH_LISTEN_HOST = 127.0.0.1\nSSH_LISTEN_PORT = %s\nSSH_PORT = %s\n' "$GITEA_SSH_PORT" "$GITEA_SSH_PORT"
        printf '[database]\nDB_TYPE = sqlite3\nPATH = %s/gitea.db\n[repository]\nROOT = %s/repositories\n' "$gitea_home" "$gitea_home"
        printf '[security]\nINSTALL_LOCK = true\nSECRET_KEY = only-for-this-test\nPASSWORD_HASH_ALGO = pbkdf2\n'
        printf '[service]\nDISABLE_REGISTRATION = true\n[cron.update_checker]\nENABLED = false\n[actions]\nENABLED = false\n'
        printf '[log]\nMODE = console\nLEVEL = warn\n[picture]\nDISABLE_GRAVATAR = true\n[oauth2]\nENABLED = false\n'
    } >"$gitea_home/app.ini"
    if [ "$(id -u)" = 0 ]; then
        # Its account must get through to its own folder, and to nothing else of ours.
        chmod 711 "$work"
        chown -R 65534:65534 "$gitea_home"
    fi
    gitea migrate >"$gitea_home/migrate.log" 2>&1
    gitea admin user create --admin --username dana --password gull-harbour --email dana@acme.test \
        --must-change-password=false >>"$gitea_home/migrate.log" 2>&1
    run_server "$work/gitea.log" env -i PATH="$PATH" HOME="$gitea_home" LC_ALL=C.UTF-8 "${as_gitea[@]}" \
        "$TIDEMARK_GITEA" --config "$gitea_home/app.ini" --work-path "$gitea_home" web
    wait_for_port "$GITEA_PORT" "$work/gitea.log"
    GITEA_URL=http://dana:gull-harbour@127.0.0.1:$GITEA_PORT
}

# api METHOD PATH [JSON]: the answer's body in $body, its code in $status.
api() {
    status=$(curl -sS -u dana:gull-harbour -o "$work/answer" -w '%{http_code}' -X "$1" -H 'Content-Type: application/json' \
        ${3:+-d "$3"} "http://127.0.0.1:$GITEA_PORT/api/v1/$2")
    body=$(cat "$work/answer")
}

# open_request HEAD TITLE: a pull request to main; its number in $request.
open_request() {
    api POST repos/dana/fleet/pulls "{\"head\":\"$1\",\"base\":\"main\",\"title\":\"$2\"}"
    request=$(jq -r .number <<<"$body")
    wait_mergeable
}

# wait_mergeable: until Gitea has looked at the request, as merging before that is answered with "try again later".
wait_mergeable() {
    local _
    for _ in $(seq 100); do
        api GET "repos/dana/fleet/pulls/$request"
        [ "$(jq -r .mergeable <<<"$body")" = true ] && return
        read -rt 0.1 <> <(:) || true
    done
}

# merge STYLE: merges $request by the web's way; Gitea may still be computing, which is no answer.
merge() {
    local _
    for _ in $(seq 50); do
        api POST "repos/dana/fleet/pulls/$request/merge" "{\"Do\":\"$1\"}"
        grep -q 'try again later' <<<"$body" || return
        read -rt 0.1 <> <(:) || true
    done
}
