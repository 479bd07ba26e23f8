"""The rows of tidemark-hook: what a push costs beyond git's own work."""
import os
import shutil
import subprocess

from figures import Figure, milliseconds
from measuring import interleave, peak, run_small

COMMITS = 25_000
ZEROS = "0" * 40


def git(repository, *arguments, given=None):
    return subprocess.run(
        ["git", "-C", repository, *arguments], check=True, capture_output=True, input=given
    ).stdout.decode().strip()


class Hook:
    """The hook in a repository whose branch main is guarded by every rule, as git would start it."""

    def __init__(self, context, repository):
        self.program, self.repository = f"{context.build}/tidemark-hook", repository
        self.files = f"{context.work}/hook"
        os.makedirs(self.files, exist_ok=True)
        self.rules = f"{self.files}/hook.yaml"
        with open(self.rules, "w") as rules:
            rules.write(
                f"log: {self.files}/log.jsonl\nrepositories:\n  - repository: {context.work}/**\n    branches:\n"
                "      - branch: main\n      - {branch: automation, automation-of: main}\n"
            )

    def push(self, old, new, reference, ok=(0,)):
        """A call that judges this push."""
        given = f"{self.files}/{old[:8]}-{new[:8]}-{reference.replace('/', '-')}"
        with open(given, "w") as file:
            file.write(f"{old} {new} {reference}\n")
        arguments = [self.program, "pre-receive", "--rules", self.rules]
        environment = {"GIT_DIR": self.repository}
        memory = peak(arguments, environment, given)

        def judge():
            usage = run_small(arguments, environment, ok, given)
            usage.rss = memory
            return usage

        return judge


def long_history(repository):
    """On top of main: 25,000 commits, and one commit with their result; their ids."""
    main = git(repository, "rev-parse", "main")
    paths = [path for path in git(repository, "ls-tree", "-r", "--name-only", "main").split("\n") if "part-00" in path]
    text = git(repository, "show", f"main:{paths[0]}") + "\n"

    def stream(branch, count):
        yield f"reset refs/heads/{branch}\nfrom {main}\n"
        for number in range(count):
            last = number == count - 1
            yield f"commit refs/heads/{branch}\ncommitter Bench <bench@example.com> {1800000000 + number} +0000\n"
            yield "data 1\nx\n"
            for path in paths[:10] if last else [paths[number % 10]]:
                change = text + f"# {'last' if last else number}\n"
                yield f"M 100644 inline {path}\ndata {len(change)}\n{change}\n"

    for branch, count in (("long", COMMITS), ("short", 1)):
        git(repository, "fast-import", "--quiet", "--force", given="".join(stream(branch, count)).encode())
    return main, git(repository, "rev-parse", "long"), git(repository, "rev-parse", "short")


def hook(context):
    if not os.path.exists(f"{context.build}/tidemark-hook"):
        return
    original, repository = f"{context.work}/original.git", f"{context.work}/hook.git"
    if not os.path.exists(f"{context.work}/original.policies"):
        context.generate("make-repo", original)
    shutil.rmtree(repository, ignore_errors=True)
    shutil.copytree(original, repository)
    hook_of = Hook(context, repository)
    old, new = git(repository, "rev-parse", "main~1"), git(repository, "rev-parse", "main")
    runs = context.runs * 5

    ten, beside = interleave(
        runs,
        hook_of.push(old, new, "refs/heads/main"),
        lambda: run_small(["git", "-C", repository, "diff-tree", "-r", old, new]),
    )
    yield figure("10 files of 50,000", ten, "git diff-tree -r", beside, 2, 0.010)

    unguarded, beside = interleave(
        runs * 2, hook_of.push(old, new, "refs/heads/other"), lambda: run_small([f"{context.build}/tests/write_only"])
    )
    yield figure("unguarded branch", unguarded, "a process that writes", beside, 1.5)

    base, long, short = long_history(repository)
    many, first, one = interleave(
        context.runs,
        hook_of.push(base, long, "refs/heads/main"),
        hook_of.push(ZEROS, long, "refs/heads/main"),
        hook_of.push(base, short, "refs/heads/main"),
    )
    yield figure(f"{COMMITS:,} commits, update", many, "one commit, same result", one, None, 4)
    yield figure(f"{COMMITS:,} commits, first push", first, "one commit, same result", one, None, 4)
    automation, walk = interleave(
        context.runs,
        hook_of.push(ZEROS, long, "refs/heads/automation", ok=(0, 1)),
        lambda: run_small(["git", "-C", repository, "rev-list", "--count", f"{base}..{long}"]),
    )
    yield figure(f"{COMMITS:,} commits, automation branch", automation, "git rev-list --count", walk, None, 4)


def figure(name, usage, yardstick_name, yardstick, factor, seconds=None):
    ratio = usage.wall / yardstick.wall
    goals = ([f"<= {factor}x"] if factor else []) + ([f"< {milliseconds(seconds)}"] if seconds else []) + ["<= 32 MiB"]
    reached = (not factor or ratio <= factor) and (not seconds or usage.wall < seconds) and usage.rss <= 32
    return Figure(
        f"hook, {name}",
        f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}, {usage.rss:.1f} MiB",
        f"{yardstick_name} {milliseconds(yardstick.wall)}: {ratio:.2f}x",
        ", ".join(goals),
        reached,
    )
