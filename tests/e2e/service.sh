# For the stories about `tidemark serve`. Sourced after lib.sh.
#
#   often                      a filter: objects with an interval of a second, so that the story is a short one
#   configure                  $work/tidemark.yaml: the state, the secrets and the objects of lib.sh
#   serve [PREFIX...]          the service in the background, in its own private folder: its number in $service, its
#                              words in $log; PREFIX is what it is started by ("faketime ...")
#   end_service                SIGTERM, and its exit code
#   kill_service               kill -9
#   soon COMMAND...            true as soon as it is, within a minute; else the log's end is shown
#   says PATTERN, times PATTERN, since MARK PATTERN    of the log; mark prints where it is now
#   children                   processes, besides the service, that have to do with the state or $remote
#   leftovers                  what a pass that was cut may leave in the state and the private folder

often() { sed -E 's/interval: [0-9]+m/interval: 1s/'; }

configure() {
    printf 'state: %s\nsecrets: %s\nobjects: [{directory: %s}]\n' "${1:-$work/state}" "$work/secrets" "$work/objects" >"$work/tidemark.yaml"
}

log=$work/serve.log
# Never anything to read: to wait on without starting a process each time.
exec {idle}<> <(:)
service=
export XDG_RUNTIME_DIR=$work/runtime
mkdir -p -m 700 "$XDG_RUNTIME_DIR"

serve() {
    "$@" tidemark serve --config "$work/tidemark.yaml" >>"$log" 2>&1 </dev/null &
    service=$!
    server_pids+=("$service")
}
end_service() {
    kill -TERM "$service"
    wait "$service"
}
kill_service() {
    kill -9 "$service"
    wait "$service" 2>/dev/null
}
alive() { kill -0 "$service" 2>/dev/null; }

soon() {
    local _
    for _ in $(seq 1200); do  # a minute: what failed is tried at growing distances
        "$@" >/dev/null 2>&1 && return 0
        read -rt 0.05 -u "$idle" || true
    done
    tail -n 8 "$log"
    return 1
}
says() { grep -qE -- "$1" "$log"; }
times() { grep -cE -- "$1" "$log"; }
mark() { wc -l <"$log"; }
since() { tail -n "+$(($1 + 1))" "$log" | grep -E -- "$2"; }
tidemark_state() { tidemark "$@" --config "$work/tidemark.yaml"; }

# Git's own environment and the other side's arguments name these; asked by a file, so that grep does not find itself.
children() {
    printf '%s\n' "${state:-$work/state}" ${remote:+"$remote"} >"$work/names"
    grep -lsaFf "$work/names" /proc/[0-9]*/cmdline /proc/[0-9]*/environ | cut -d/ -f3 | grep -vx "${service:-0}" | sort -u
}
no_child() { [ -z "$(children)" ]; }
leftovers() {
    find "${state:-$work/state}" \( -name '*.lock' -o -name 'tmp_*' -o -name '.tmp-*' -o -name 'incoming-*' -o -name '*.damaged-*' \) 2>/dev/null
    find "$XDG_RUNTIME_DIR" -mindepth 1
}
