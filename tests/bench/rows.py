"""The rows: what is done, beside what, and what is to be reached. Each yields Figures."""
import os
import re
import shutil
import socket
import subprocess
import time

import objects
from context import APPS, STUB_PORT
from figures import Figure, milliseconds
from hook_rows import hook
from measuring import interleave, peak, run, run_small
from serve_rows import serve

# Flux's own code, seconds: facts measured once (README.md), on another day. Not started here.
FLUX_SEMVER, FLUX_NUMERICAL = 0.0865, 0.0459


def times(name, usage, yardstick_name, yardstick, limit, rss_limit):
    ratio = usage.wall / yardstick.wall
    return Figure(
        name,
        f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}, {usage.rss:.0f} MiB",
        f"{yardstick_name} {milliseconds(yardstick.wall)}: {ratio:.2f}x "
        f"(CPU {milliseconds(yardstick.cpu)}: {usage.cpu / max(yardstick.cpu, 1e-4):.2f}x)",
        f"<= {limit}x, <= {rss_limit} MiB",
        ratio <= limit and usage.rss <= rss_limit,
    )


def set_folder(context):
    if not context.knows("set"):
        return
    tree = context.tree
    lists = {"same": tree + ".policies.json", "all": tree + ".policies-all.json"}

    def tidemark(which):
        return lambda: run([context.tidemark, "set", tree, "--images", lists[which]])

    def grep():
        return run(["grep", "-rlF", '"$imagepolicy"', tree])

    tidemark("same")()  # as generated, whatever an earlier run left
    same, beside = interleave(context.runs, tidemark("same"), grep)
    yield times("set, nothing to do", same, "grep -rlF", beside, 1.5, 32)
    # There and back: every run moves all 1,000 values.
    there, back, beside = interleave(context.runs, tidemark("all"), tidemark("same"), grep)
    slower = max(there, back, key=lambda usage: usage.wall)
    yield times("set, all 100 policies moved", slower, "grep -rlF", beside, 3, 32)


def policy_test(context):
    for name, shape, flags, flux, factor in (
        ("policy test, semver", "semver", ["--semver", ">=1.0.0 <8.0.0"], FLUX_SEMVER, 10),
        (
            "policy test, filter + numerical",
            "stamps",
            ["--numerical", "asc", "--filter-tags", "^main-[a-f0-9]{7}-(?P<ts>[0-9]+)$", "--filter-extract", "$ts"],
            FLUX_NUMERICAL,
            4,
        ),
    ):
        tags = context.tag_list(shape)
        usage, beside = interleave(
            context.runs * 3,
            lambda: run_small([context.tidemark, "policy", "test", "--tags", tags, *flags]),
            lambda: run_small(["sort", "-o", "/dev/null", tags], {"LC_ALL": "C"}),
        )
        memory = peak([context.tidemark, "policy", "test", "--tags", tags, *flags])
        yield Figure(
            name,
            f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}, {memory:.0f} MiB",
            f"sort {milliseconds(beside.wall)} (CPU {milliseconds(beside.cpu)}); Flux's code alone {milliseconds(flux)}: 1/{flux / usage.wall:.1f}",
            f"{factor} times faster than Flux's code",
            flux / usage.wall >= factor,
        )


class Fleet:
    """One remote with its objects and its state, and tags that can be moved."""

    def __init__(self, context, name, apps=range(APPS), push_branch="main"):
        self.context, self.number = context, 1
        self.url = context.fleet_remote(name + ".git")
        self.objects = context.fleet_objects(name + "-objects", self.url, apps, push_branch)
        self.state = f"{context.work}/{name}-state"
        shutil.rmtree(self.state, ignore_errors=True)

    def run(self):
        return run([self.context.tidemark, "run", "--objects", self.objects, "--state", self.state])

    def move(self, apps):
        self.number += 1
        for app in apps:
            self.context.fleet.put_tags(self.context.repository(app), ["1.0.0", f"1.0.{self.number}"])

    def bump(self, apps):
        self.move(apps)
        return self.run()


class GitFleet:
    """The same bump by git alone (tests/bench/git-bump)."""

    def __init__(self, context, name):
        self.context, self.version = context, {}
        url = context.fleet_remote(name + ".git")
        self.mirror = f"{context.work}/{name}-mirror.git"
        shutil.rmtree(self.mirror, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "--bare", url, self.mirror], check=True)

    def bump(self, apps):
        old = self.version.get(apps[0], "1.0.0")
        self.version[apps[0]] = new = f"1.0.{int(old.split('.')[2]) + 1}"
        paths = [
            f"clusters/{'staging' if app % 3 == 0 else 'production'}/team-{app % 25:02}/app-{app:04}/part-{part:03}.yaml"
            for app in apps
            for part in range(0, 100, 10)
        ]
        return run([os.path.join(os.path.dirname(__file__), "git-bump"), self.mirror, old, new, *paths])


def bump(context):
    fleet, git = Fleet(context, "bump"), GitFleet(context, "gitbump")
    fleet.run()
    fleet.run()
    for apps, limit in ((range(300, 301), 0.25), (range(310, 320), 0.5)):
        apps = list(apps)
        usage, beside = interleave(context.runs, lambda: fleet.bump(apps), lambda: git.bump(apps))
        context.fleet.forget_log()
        fleet.bump(apps)
        requests, down, up = context.fleet.git_traffic()
        yield Figure(
            f"run, bump of {len(apps) * 10} files, 500 policies",
            f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}, {usage.rss:.0f} MiB",
            f"git processes, paths known {milliseconds(beside.wall)} (CPU {milliseconds(beside.cpu)}): "
            f"{usage.wall / beside.wall:.2f}x; "
            f"{requests} requests, {down} B down, {up} B up",
            f"<= {milliseconds(limit)}, <= 64 MiB",
            usage.wall <= limit and usage.rss <= 64,
        )


def first(context):
    fleet = Fleet(context, "first")
    target = f"{context.work}/clone.git"

    def clone():
        shutil.rmtree(target, ignore_errors=True)
        return run(["git", "clone", "-q", "--bare", fleet.url, target])

    def first_run():
        shutil.rmtree(fleet.state, ignore_errors=True)
        return fleet.bump([305])

    usage, beside = interleave(max(2, context.runs // 2), first_run, clone)
    yield times("run, first ever, one policy to move", usage, "git clone --bare", beside, 3, 64)


def nothing(context):
    for apps, count in (([330], "1 policy"), (range(APPS), "500 policies")):
        context.fleet.put_tags(context.repository(330), ["1.0.0", "1.0.7"])
        fleet = Fleet(context, f"nothing-{len(apps)}", apps, "tidemark-updates")
        fleet.run()
        fleet.run()
        usage, beside = interleave(
            context.runs * 3,
            fleet.run,
            lambda: run(["git", "ls-remote", fleet.url, "refs/heads/main", "refs/heads/tidemark-updates"]),
        )
        context.fleet.forget_log()
        fleet.run()
        requests, down, _ = context.fleet.git_traffic()
        yield Figure(
            f"run, nothing moved, push branch, {count}",
            f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}, {usage.rss:.0f} MiB",
            f"git ls-remote {milliseconds(beside.wall)} (CPU {milliseconds(beside.cpu)}): "
            f"+{milliseconds(usage.wall - beside.wall)}; "
            f"{requests} requests, {down} B down",
            "<= ls-remote + 10 ms",
            usage.wall <= beside.wall + 0.010,
        )


def scan(context):
    stub = context.stub
    names = open(f"{stub}/repositories").read().split()
    curl_list = f"{context.work}/curl-list"
    with open(curl_list, "w") as file:
        subprocess.run([f"{os.path.dirname(__file__)}/generators/registry-stub", "urls", stub, str(STUB_PORT + 2)],
                       check=True, stdout=file)
    secrets = f"{context.work}/stub-secrets"
    objects.write(f"{secrets}/{objects.NAMESPACE}/stub-ca", "ca.crt", open(f"{stub}/tls.crt").read())
    os.chmod(f"{secrets}/{objects.NAMESPACE}/stub-ca/ca.crt", 0o600)
    curl = ["curl", "-s", "--cacert", f"{stub}/tls.crt", "--parallel", "--parallel-max", "16", "-K", curl_list]
    trust = {"SSL_CERT_FILE": f"{stub}/tls.crt"}
    for mode, port, more, environment in (
        ("system CA", STUB_PORT + 2, "", trust),
        ("private CA", STUB_PORT + 2, "  certSecretRef:\n    name: stub-ca\n", {}),
        ("bearer token", STUB_PORT + 3, "", trust),
    ):
        folder, state = f"{context.work}/scan-objects", f"{context.work}/scan-state"
        shutil.rmtree(folder, ignore_errors=True)
        for name in names:
            short = name.split("/")[1]
            text = objects.image_repository(short, f"127.0.0.1:{port}/{name}", more)
            objects.write(folder, f"{short}.yaml", text + objects.image_policy(short, ">=0.0.0"))
        command = [context.tidemark, "run", "--objects", folder, "--secrets", secrets, "--state", state]

        def fresh():
            shutil.rmtree(state, ignore_errors=True)
            return run(command, environment)

        first_usage, again, beside = interleave(
            context.runs, fresh, lambda: run(command, environment), lambda: run(curl)
        )
        stub_command = f"{os.path.dirname(__file__)}/generators/registry-stub"
        time.sleep(1.2)  # nginx writes its log once a second
        subprocess.run([stub_command, "reset", stub], check=True)
        run(command, environment)
        counted = subprocess.run([stub_command, "count", stub], check=True, capture_output=True, text=True).stdout
        counts = dict(re.findall(r"(\w+)=(\d+)", counted))
        for what, usage in (("first", first_usage), ("again", again)):
            cpu = usage.cpu * 1000 / len(names)
            yield Figure(
                f"scan of {len(names)} by run, {mode}, {what}",
                f"CPU {cpu:.3f} ms a repository, {milliseconds(usage.wall)}, {usage.rss:.0f} MiB",
                f"curl, HTTPS/2: CPU {beside.cpu * 1000 / len(names):.3f} ms; {counts['requests']} requests, "
                f"{counts['connections']} connections",
                "<= 0.1 ms, <= 32 MiB, 1 request each",
                cpu <= 0.1 and usage.rss <= 32 and int(counts["requests"]) <= len(names) + 2,
            )
        names_file = f"{context.work}/scan-names"
        program = f"{context.build}/tests/scan_stub"
        if os.path.exists(program):
            with open(names_file, "w") as file:
                file.writelines(f"127.0.0.1:{port}/{name}\n" for name in names)
            ca = ["--ca", f"{stub}/tls.crt"] if more else []
            out = subprocess.run([program, names_file, *ca], env={**os.environ, **environment},
                                 capture_output=True, text=True, check=True).stdout
            rounds = [float(value) for value in re.findall(r"CPU ([0-9.]+) ms/repo", out)]
            peak = float(re.findall(r"peak ([0-9.]+) MiB", out)[-1])
            cpu = sorted(rounds)[len(rounds) // 2]
            yield Figure(f"scan of {len(names)} by one Scanner, {mode}", f"CPU {cpu:.3f} ms a repository, {peak:.0f} MiB",
                         "no store, no objects", "-", True)


def start(context):
    usage, beside = interleave(
        context.runs * 3, lambda: run_small([context.tidemark, "version"]), lambda: run_small(["git", "version"])
    )
    yield Figure("version", f"{milliseconds(usage.wall)}, CPU {milliseconds(usage.cpu)}",
                 f"git version {milliseconds(beside.wall)} (CPU {milliseconds(beside.cpu)})", "< 10 ms",
                 usage.wall < 0.010)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        image = f"127.0.0.1:{listener.getsockname()[1]}"
        for layout in ("10,000 files", "1 file"):
            folder, state = f"{context.work}/many-objects", f"{context.work}/many-state"
            shutil.rmtree(folder, ignore_errors=True)
            texts = [
                objects.image_repository(f"app-{i:04}", f"{image}/app-{i:04}", "  insecure: true\n")
                for i in range(5000)
            ] + [objects.image_policy(f"app-{i:04}", ">=1.0.0") for i in range(5000)]
            if layout == "1 file":
                texts = ["".join(texts)]
            for number, text in enumerate(texts):
                objects.write(folder, f"{number:05}.yaml", text)
            samples = []
            for _ in range(context.runs):
                shutil.rmtree(state, ignore_errors=True)
                begin = time.perf_counter()
                process = subprocess.Popen([context.tidemark, "plan", "--objects", folder, "--state", state],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                listener.settimeout(20)
                connection, _ = listener.accept()
                samples.append(time.perf_counter() - begin)
                process.kill()
                process.wait()
                connection.close()
                listener.setblocking(False)
                try:
                    while True:
                        listener.accept()[0].close()
                except BlockingIOError:
                    listener.setblocking(True)
            wall = sorted(samples)[len(samples) // 2]
            yield Figure(f"plan, 10,000 objects in {layout}, to the first connection", milliseconds(wall), "-",
                         "< 300 ms", wall < 0.3)


ROWS = {
    "set": set_folder,
    "policy": policy_test,
    "bump": bump,
    "first": first,
    "nothing": nothing,
    "scan": scan,
    "start": start,
    "hook": hook,
    "serve": serve,
}
