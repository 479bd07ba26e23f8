# A real Gitaly on a Unix socket, from the programs in the folder TIDEMARK_GITALY, its Rails side a stub that allows
# everything (tests/e2e/gitlab_stub.py). Pushes go through gitaly-ssh, as GitLab's own ssh front sends them. Sourced after
# lib.sh.

gitaly_home=$work/gitaly
storage=$gitaly_home/repositories
custom_hooks=$gitaly_home/custom_hooks
gitaly_config=$gitaly_home/config.toml

start_gitaly() {
    mkdir -p "$storage" "$gitaly_home/run" "$custom_hooks" "$gitaly_home/shell" "$gitaly_home/logs"
    printf secret >"$gitaly_home/shell/.gitlab_shell_secret"
    run_server "$work/gitlab.log" python3 "$project/tests/e2e/gitlab_stub.py" "$gitaly_home/gitlab.socket"
    {
        printf 'socket_path = "%s/socket"\nbin_dir = "%s"\nruntime_dir = "%s/run"\n' "$gitaly_home" "$TIDEMARK_GITALY" "$gitaly_home"
        printf '[git]\nbin_path = "%s"\nignore_gitconfig = true\n' "$(command -v git)"
        printf '[[storage]]\nname = "default"\npath = "%s"\n' "$storage"
        printf '[gitlab]\nurl = "http+unix://%s"\nsecret_file = "%s/shell/.gitlab_shell_secret"\n' "${gitaly_home//\//%2F}%2Fgitlab.socket" "$gitaly_home"
        printf '[gitlab-shell]\ndir = "%s/shell"\n[hooks]\ncustom_hooks_dir = "%s"\n' "$gitaly_home" "$custom_hooks"
        printf '[logging]\ndir = "%s/logs"\nlevel = "warn"\n' "$gitaly_home"
    } >"$gitaly_config"
    run_server "$work/gitaly.log" "$TIDEMARK_GITALY/gitaly" serve "$gitaly_config"
    for _ in $(seq 200); do
        [ -S "$gitaly_home/socket" ] && return
        read -rt 0.1 <> <(:) || true
    done
    echo "gitaly does not listen; its log:" >&2
    tail -n 20 "$work/gitaly.log" >&2
    return 1
}

# new_project NUMBER: a bare repository at GitLab's hashed path; the path below the storage in $relative.
new_project() {
    local digest
    digest=$(printf %s "$1" | sha256sum | cut -d' ' -f1)
    relative=@hashed/${digest:0:2}/${digest:2:2}/$digest.git
    mkdir -p "$(dirname "$storage/$relative")"
    git init -q --bare -b main "$storage/$relative"
}

# through_gitaly GIT-ARGUMENTS...: git in the clone, its remote `gitaly` being $relative as project $1, path $2.
through_gitaly() {
    local program=$work/gitaly-front
    cat >"$program" <<FRONT
#!/bin/bash
# As an ssh program for git: HOST COMMAND 'REPOSITORY'.
for last; do :; done
case \$last in *receive-pack*) verb=receive-pack ;; *) verb=upload-pack ;; esac
export GITALY_ADDRESS=unix:$gitaly_home/socket GITALY_WD=$work
if [ \$verb = receive-pack ]; then
    export GITALY_PAYLOAD='{"repository":{"storage_name":"default","relative_path":"$relative","gl_repository":"$GL_REPOSITORY","gl_project_path":"$GL_PROJECT_PATH"},"gl_repository":"$GL_REPOSITORY","gl_id":"key-7","gl_username":"dana","git_protocol":"","git_config_options":["receive.advertisePushOptions=true"]}'
else
    export GITALY_PAYLOAD='{"repository":{"storage_name":"default","relative_path":"$relative","gl_repository":"$GL_REPOSITORY","gl_project_path":"$GL_PROJECT_PATH"}}'
fi
exec $TIDEMARK_GITALY/gitaly-ssh \$verb git git
FRONT
    chmod 755 "$program"
    GIT_SSH_COMMAND=$program GIT_SSH_VARIANT=simple git -C "$work/clone" "$@"
}
