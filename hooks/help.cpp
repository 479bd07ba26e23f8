#include "hooks/help.h"

namespace tidemark::hooks {

std::string_view help_of_program() noexcept {
    return R"(tidemark-hook guards the repositories of a Git host: it refuses pushes that strip image markers, and pushes that
bring main into the automation branch. A Git server runs it as a hook; `tidemark hooks install` sets that up.

Usage: tidemark-hook COMMAND [options]

  pre-receive    judge the push that is under way
  post-receive   tell a running Tidemark that branches have moved
  check          judge a push by hand, before or after it happened
  version        print the version

`tidemark-hook COMMAND --help` says more. Which repositories and branches are guarded stands in one file,
/etc/tidemark/hook.yaml, which needs neither a running service nor the network.
)";
}

std::string_view help_of_pre_receive() noexcept {
    return R"(Judges the push that is under way, as a Git server's pre-receive hook: standard input has a line "<old> <new> <ref>"
for each reference, the environment says where the pushed objects lie and who pushes. Exit code 0 lets the push pass,
1 refuses it; what the pusher should know goes to standard error.

Usage: tidemark-hook pre-receive [--rules FILE] [--host HOST]

  --rules FILE   the rules (/etc/tidemark/hook.yaml). No variable of the environment can change this, as a client may
                 be able to set some.
  --host HOST    whose variables are believed: git, gitea, forgejo, gitlab, gitolite, soft-serve. By default what the
                 environment looks like; naming it is safer where people have a login shell.

How the rules name who pushes (`pushers`, `overrides`):
  gitea, forgejo   the user's name, user-ID, key-ID; a deploy key only as deploy-key:ID
  gitlab           over HTTPS and in the browser the user's name and user-ID; over SSH key-ID alone, as GitLab shows
                   the same name for a user's key and for a deploy key that the user created
  gitolite         GL_USER;  soft-serve: the user's name
  git              behind a web server REMOTE_USER; over SSH the key's fingerprint SHA256:... (with ExposeAuthInfo
                   in sshd_config) and unix:LOGIN

Paths in the rules are compared with the repository's real path, links resolved.

If the file of rules is missing or wrong, nobody knows which repositories are guarded: a push passes with a warning,
except to branches that the readable part of the file guards; there `on-error` answers (refuse, unless it says allow).
`on-error` also answers at the deadline, at a limit, and where the repository cannot be read.

  /srv/git/fleet.git/hooks/pre-receive:
    #!/bin/sh
    exec /usr/bin/tidemark-hook pre-receive --rules /etc/tidemark/hook.yaml --host git
)";
}

std::string_view help_of_post_receive() noexcept {
    return R"(Tells a running Tidemark that branches have moved, as a Git server's post-receive hook: then the automation branch is
rebuilt at once instead of at the next interval. One line of JSON goes to the Unix socket that the rules name; it takes
at most 100 ms, is silent when nobody listens, and always ends with exit code 0.

Usage: tidemark-hook post-receive [--rules FILE] [--host HOST]

  --rules FILE   the rules (/etc/tidemark/hook.yaml)
  --host HOST    see `tidemark-hook pre-receive --help`
)";
}

std::string_view help_of_check() noexcept {
    return R"(Judges a push by hand: the same decision and the same message as the hook's, without pushing anything.

Usage: tidemark-hook check --old REV --new REV --ref NAME [options]

  --old REV          where the branch stands; "none" if the push would create it
  --new REV          what would be pushed; "none" for a deletion
  --ref NAME         the branch, short or in full (refs/heads/main)
  --repository DIR   a bare repository or a work tree (the current folder)
  --name OWNER/NAME  what the host calls it, where the rules name it so
  --rules FILE       the rules (/etc/tidemark/hook.yaml)
  --pusher NAME      who would push, as the rules name people
  --option OPTION    a push option, such as tidemark.allow=marker-removed:REASON (repeatable)

Exit code 0: accepted, also with warnings; 1: refused; 2: it could not be asked.

  tidemark-hook check --old origin/main --new HEAD --ref main
  tidemark-hook check --repository /srv/git/fleet.git --old main~1 --new main --ref main --rules ./hook.yaml
)";
}

}  // namespace tidemark::hooks
