# Real servers on loopback for the demo, the end-to-end stories and the benchmarks. Source it from bash.
#
#   work                       a folder of its own, removed at the end; every server's files are in it
#   free_port                  prints a port nobody listens on
#   start_registry [-u USER:PASSWORD] [-t] [-k TOKEN_PORT] [-n YAML]   docker-registry; sets REGISTRY (host:port);
#                              -n: an endpoint that it notifies
#   push_image REGISTRY REPOSITORY TAG [curl options]        a small real image
#   push_tags REGISTRY REPOSITORY TAG...                     several tags of one image
#   start_git_http [-u USER:PASSWORD] [-t]                   git http-backend; sets GIT_URL, repositories in $GIT_ROOT
#   start_sshd                                               sshd with forced repositories; sets SSH_PORT, see authorize
#   make_certificates          ca.crt, server.crt/key, client.crt/key in $work/tls
#
# Everything that was started is ended by its own process id when the shell ends, however it ends.

work=$(mktemp -d "${TMPDIR:-/tmp}/tidemark-XXXXXX")
server_pids=()

# Only what is still a job of this shell is ended: a number that got here by mistake must not reach anybody else.
end_everything() {
    local pid
    for pid in $(jobs -p); do
        case " ${server_pids[*]} " in *" $pid "*) kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null || true ;; esac
    done
    for pid in "${server_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"
}
trap end_everything EXIT
trap 'exit 130' INT TERM

# run_server LOG COMMAND...: in the background, its process id noted. It leads a group, so that workers end with it.
run_server() {
    local log=$1
    shift
    setsid "$@" >"$log" 2>&1 </dev/null &
    server_pids+=($!)
}

free_port() {
    local port
    for _ in $(seq 100); do
        # Below those that the system gives to outgoing connections; each once.
        port=$((10000 + RANDOM % 22768))
        grep -qsx "$port" "$work/ports" && continue
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port" >>"$work/ports"
            echo "$port"
            return
        fi
    done
    echo "no free port found" >&2
    return 1
}

# wait_for_port PORT LOG: until somebody listens, a minute at most.
wait_for_port() {
    local _
    for _ in $(seq 1200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        read -rt 0.05 <> <(:) || true
    done
    echo "nothing listens on port $1; its log:" >&2
    cat "$2" >&2
    return 1
}

make_certificates() {
    [ -d "$work/tls" ] && return
    mkdir "$work/tls"
    (
        cd "$work/tls"
        exec 2>openssl.log
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Test CA" \
            -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.crt
        issue() {
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
            openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
                -extfile <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=%s\n%s\n' "$2" "${3:+subjectAltName=$3}")
        }
        issue server serverAuth DNS:localhost,IP:127.0.0.1
        issue client clientAuth ""
    )
}

registries=0
start_registry() {
    local user='' tls='' token='' endpoint='' options OPTIND=1 port folder
    while getopts u:tk:n: options; do
        case $options in u) user=$OPTARG ;; t) tls=1 ;; k) token=$OPTARG ;; n) endpoint=$OPTARG ;; *) return 2 ;; esac
    done
    registries=$((registries + 1))
    folder=$work/registry-$registries
    mkdir -p "$folder/store"
    port=$(free_port)
    {
        printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n'
        printf 'storage: {filesystem: {rootdirectory: %s/store}, delete: {enabled: true}}\n' "$folder"
        printf 'http:\n  addr: 127.0.0.1:%s\n' "$port"
        if [ -n "$tls" ]; then
            make_certificates
            printf '  tls: {certificate: %s/tls/server.crt, key: %s/tls/server.key}\n' "$work" "$work"
        fi
        if [ -n "$user" ]; then
            htpasswd -Bbc "$folder/htpasswd" "${user%%:*}" "${user#*:}" 2>/dev/null
            printf 'auth: {htpasswd: {realm: test, path: %s/htpasswd}}\n' "$folder"
        elif [ -n "$token" ]; then
            printf 'auth: {token: {realm: "%s", service: test-registry, issuer: test-issuer, rootcertbundle: %s/tls/issuer.crt}}\n' \
                "$token" "$work"
        fi
        [ -z "$endpoint" ] || printf 'notifications: {endpoints: [%s]}\n' "$endpoint"
    } >"$folder/config.yml"
    run_server "$folder/log" docker-registry serve "$folder/config.yml"
    wait_for_port "$port" "$folder/log"
    REGISTRY=127.0.0.1:$port
    REGISTRY_FOLDER=$folder
}

# upload BASE-URL FILE [curl options]: one blob; prints its digest.
upload() {
    local base=$1 file=$2 digest location separator
    shift 2
    digest=sha256:$(sha256sum "$file" | cut -d' ' -f1)
    location=$(curl -sS "$@" -o /dev/null -D - -X POST "$base/blobs/uploads/" | tr -d '\r' | awk 'tolower($1) == "location:" { print $2 }')
    case $location in *\?*) separator='&' ;; *) separator='?' ;; esac
    curl -sS --fail "$@" -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$file" "$location${separator}digest=$digest"
    echo "$digest"
}

# push_image SCHEME://REGISTRY REPOSITORY TAG [curl options]: config, one layer, manifest.
push_image() {
    local base=$1/v2/$2 tag=$3 folder config layer
    shift 3
    folder=$(mktemp -d "$work/image-XXXXXX")
    printf '{"architecture":"amd64","os":"linux","config":{"Labels":{"tag":"%s"}},"rootfs":{"type":"layers","diff_ids":[]}}' "$tag" >"$folder/config"
    head -c 64 /dev/zero | gzip -n >"$folder/layer"
    config=$(upload "$base" "$folder/config" "$@")
    layer=$(upload "$base" "$folder/layer" "$@")
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}' \
        "$config" "$(stat -c%s "$folder/config")" "$layer" "$(stat -c%s "$folder/layer")" >"$folder/manifest"
    curl -sS --fail "$@" -o /dev/null -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' \
        --data-binary "@$folder/manifest" "$base/manifests/$tag"
    LAST_MANIFEST=$folder/manifest
}

# push_tags SCHEME://REGISTRY REPOSITORY TAG...: the first as a whole image, the others as further names of it.
push_tags() {
    local base=$1 repository=$2 tag
    push_image "$base" "$repository" "$3" ${PUSH_OPTIONS[@]+"${PUSH_OPTIONS[@]}"}
    shift 3
    for tag in "$@"; do
        curl -sS --fail ${PUSH_OPTIONS[@]+"${PUSH_OPTIONS[@]}"} -o /dev/null -X PUT \
            -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' \
            --data-binary "@$LAST_MANIFEST" "$base/v2/$repository/manifests/$tag"
    done
}

# new_repository PATH: a bare repository with branch main that takes pushes.
new_repository() {
    git init -q --bare -b main "$1"
    git -C "$1" config http.receivepack true
}

git_servers=0
start_git_http() {
    local user='' tls='' options OPTIND=1 port folder scheme=http
    while getopts u:t options; do
        case $options in u) user=$OPTARG ;; t) tls=1 ;; *) return 2 ;; esac
    done
    git_servers=$((git_servers + 1))
    folder=$work/git-http-$git_servers
    GIT_ROOT=$folder/repositories
    mkdir -p "$GIT_ROOT" "$folder/tmp"
    port=$(free_port)
    {
        printf 'pid %s/pid; error_log %s/error.log; daemon off; events {}\nhttp { access_log %s/access.log;\n' "$folder" "$folder" "$folder"
        printf 'client_body_temp_path %s/tmp/a; proxy_temp_path %s/tmp/b; fastcgi_temp_path %s/tmp/c; uwsgi_temp_path %s/tmp/d; scgi_temp_path %s/tmp/e;\n' \
            "$folder" "$folder" "$folder" "$folder" "$folder"
        printf 'client_max_body_size 0; server { '
        if [ -n "$tls" ]; then
            make_certificates
            scheme=https
            printf 'listen 127.0.0.1:%s ssl; ssl_certificate %s/tls/server.crt; ssl_certificate_key %s/tls/server.key;\n' "$port" "$work" "$work"
        else
            printf 'listen 127.0.0.1:%s;\n' "$port"
        fi
        if [ -n "$user" ]; then
            htpasswd -Bbc "$folder/htpasswd" "${user%%:*}" "${user#*:}" 2>/dev/null
            # nginx runs its workers as another user when started by root.
            chmod 644 "$folder/htpasswd"
            printf 'auth_basic git; auth_basic_user_file %s/htpasswd;\n' "$folder"
        fi
        printf 'location / { fastcgi_pass unix:%s/fcgi.sock; fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;\n' "$folder"
        printf 'fastcgi_param GIT_PROJECT_ROOT %s; fastcgi_param GIT_HTTP_EXPORT_ALL 1; fastcgi_param PATH_INFO $uri;\n' "$GIT_ROOT"
        printf 'fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_TYPE $content_type;\n'
        printf 'fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_USER $remote_user; fastcgi_param REMOTE_ADDR $remote_addr;\n'
        printf 'fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding; fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol; fastcgi_param GIT_PROTOCOL $http_git_protocol; } } }\n'
    } >"$folder/nginx.conf"
    [ "$(id -u)" = 0 ] && sed -i '1s/^/user root; /' "$folder/nginx.conf"
    run_server "$folder/fcgi.log" fcgiwrap -c 4 -s "unix:$folder/fcgi.sock"
    run_server "$folder/log" nginx -p "$folder/" -c "$folder/nginx.conf"
    wait_for_port "$port" "$folder/log"
    GIT_URL=$scheme://127.0.0.1:$port
    GIT_FOLDER=$folder
}

start_sshd() {
    local port folder=$work/sshd
    mkdir -p "$folder"
    port=$(free_port)
    ssh-keygen -q -t ed25519 -N '' -f "$folder/host"
    touch "$folder/authorized_keys"
    chmod 600 "$folder/authorized_keys"
    # sshd started by root separates privileges through this folder.
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    {
        printf 'Port %s\nListenAddress 127.0.0.1\nHostKey %s/host\nPidFile %s/pid\n' "$port" "$folder" "$folder"
        printf 'AuthorizedKeysFile %s/authorized_keys\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n' "$folder"
        printf 'StrictModes no\nUsePAM no\nPermitRootLogin yes\nAcceptEnv GIT_PROTOCOL\nLogLevel VERBOSE\n'
    } >"$folder/config"
    run_server "$folder/log" /usr/sbin/sshd -D -e -f "$folder/config"
    wait_for_port "$port" "$folder/log"
    SSH_PORT=$port
    SSH_USER=$(id -un)
    SSH_KNOWN_HOSTS="[127.0.0.1]:$port $(cut -d' ' -f1-2 "$folder/host.pub")"
}

# authorize KEY.pub COMMAND: this key may do nothing but COMMAND.
authorize() { printf 'command="%s",restrict %s\n' "$2" "$(cat "$1")" >>"$work/sshd/authorized_keys"; }
