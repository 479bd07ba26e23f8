# What the stories share. Each story is a program: it starts real servers, does what a person would do, and says
# `✔ sentence` or `✗ expected: sentence` for each thing that must hold. tests/all counts those lines.
set -uo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$project/tests/support/servers.sh"
PATH=${TIDEMARK_BUILD:-$project/build/release}:$PATH
# For programs of the preset tsan.
export TSAN_OPTIONS="suppressions=$project/tests/support/tsan.suppressions ${TSAN_OPTIONS:-}"
export HOME=$work/home GIT_CONFIG_GLOBAL=$work/gitconfig LC_ALL=C.UTF-8
unset FLUX_SYSTEM_NAMESPACE TIDEMARK_CONFIG
mkdir -p "$HOME"
printf '[user]\n\tname = Dana\n\temail = dana@acme.test\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n' >"$GIT_CONFIG_GLOBAL"

wrong=0

# expect SENTENCE COMMAND...: the command must succeed.
expect() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "✔ $sentence"
    else
        echo "✗ expected: $sentence"
        printf '    %s\n' "command: $*" "${output:0:2000}"
        wrong=$((wrong + 1))
    fi
}

# expect_equal SENTENCE WANTED ACTUAL
expect_equal() {
    if [ "$2" = "$3" ]; then
        echo "✔ $1"
    else
        echo "✗ expected: $1"
        printf '    wanted: %s\n    actual: %s\n' "${2:0:1000}" "${3:0:1000}"
        wrong=$((wrong + 1))
    fi
}

# expect_match SENTENCE PATTERN TEXT: an extended regular expression.
expect_match() {
    if grep -qE -- "$2" <<<"$3"; then
        echo "✔ $1"
    else
        echo "✗ expected: $1"
        printf '    pattern: %s\n    text: %s\n' "$2" "${3:0:2000}"
        wrong=$((wrong + 1))
    fi
}

expect_no_match() {
    if grep -qE -- "$2" <<<"$3"; then
        echo "✗ expected: $1"
        printf '    pattern: %s\n    text: %s\n' "$2" "${3:0:2000}"
        wrong=$((wrong + 1))
    else
        echo "✔ $1"
    fi
}

# tidemark_run [options]: one pass on $work/objects; its words in $output, its exit code in $code.
tidemark_run() {
    output=$(tidemark run --objects "$work/objects" --secrets "$work/secrets" --state "$work/state" "$@" 2>&1)
    code=$?
    printf '%s\n' "$output" | sed 's/^/    /'
}

tidemark_get() { tidemark get "$@" --objects "$work/objects" --secrets "$work/secrets" --state "$work/state"; }

# secret NAMESPACE/NAME KEY VALUE: as a file only its owner can read.
secret() {
    mkdir -p "$work/secrets/$1"
    printf '%s' "$3" >"$work/secrets/$1/$2"
    chmod -R go= "$work/secrets"
}

# seed URL-OR-PATH: a clone at $work/clone with a branch main to fill; push_main sends it.
seed() {
    git clone -q "$1" "$work/clone" 2>/dev/null
    git -C "$work/clone" checkout -q -B main
}
push_main() {
    git -C "$work/clone" add -A
    git -C "$work/clone" commit -qm "$1"
    git -C "$work/clone" push -q origin main
}
# refresh: the clone's view of the remote, gone branches dropped, main checked out as it is there.
refresh() {
    git -C "$work/clone" fetch -q --prune origin
    git -C "$work/clone" reset -q --hard origin/main
}
remote_tip() { git -C "$work/clone" rev-parse -q --verify "origin/$1" 2>/dev/null; }

finish() { [ $wrong = 0 ]; exit; }
mkdir -p "$work/objects" "$work/secrets"
chmod 700 "$work/secrets"
