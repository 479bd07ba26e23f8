"""The row `serve`: the service with 10,000 ImageRepositories, 10,000 policies and 500 automations, which finds the same
at every turn. Ready when, how much memory at most, and what share of a core it takes while nothing happens."""
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import objects
import servers
from figures import Figure, milliseconds

TEAMS, APPS_OF_TEAM, REMOTES = 500, 20, 5
TAGS, LISTS = 1000, 100  # lists differ by repository as far as this
PORT = 18090  # of a registry-stub of its own; up to PORT + 3
TICKS = os.sysconf("SC_CLK_TCK")


def app_name(app):
    return f"app-{app:05}"


def highest_version(tags):
    """As the policies choose: versions without a pre-release part, of those that mean the same the last one."""
    plain = [tag for tag in tags if re.fullmatch(r"v?\d+\.\d+\.\d+", tag)]
    return max(plain, key=lambda tag: [int(part) for part in tag.lstrip("v").split(".")])


class Installation:
    """A registry, remotes, objects and a state for one service. Every tenth team has something to be pushed first."""

    def __init__(self, context, name, interval, selectors):
        self.context, self.interval, self.selectors = context, interval, selectors
        self.folder = f"{context.work}/serve-{name}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.chosen = registry(context)
        self.state = f"{self.folder}/state"
        for remote in range(REMOTES):
            self.make_remote(remote)
            source = objects.git_repository(self.url(remote), f"fleet-{remote}", self.interval)
            objects.write(f"{self.folder}/objects", f"fleet-{remote}.yaml", source)
        for team in range(TEAMS):
            objects.write(f"{self.folder}/objects", f"team-{team:03}.yaml", self.team_objects(team))

    def url(self, remote):
        return f"file://{self.folder}/fleet-{remote}.git"

    def team_objects(self, team):
        selector = f"  policySelector:\n    matchLabels:\n      team: team-{team:03}\n" if self.selectors else ""
        text = objects.automation(f"tidemark-{team:03}", f"team-{team:03}", f"fleet-{team % REMOTES}", self.interval,
                                  f"./team-{team:03}", selector)
        for app in range(team * APPS_OF_TEAM, (team + 1) * APPS_OF_TEAM):
            image = f"127.0.0.1:{PORT}/{app_name(app)}"
            text += objects.image_repository(app_name(app), image, "  insecure: true\n", self.interval)
            text += objects.image_policy(app_name(app), ">=0.0.0", {"team": f"team-{team:03}"})
        return text

    def make_remote(self, remote):
        folder = f"{self.folder}/fleet-{remote}.git"
        subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", folder], check=True)
        stream = "commit refs/heads/main\ncommitter bench <bench@example.com> 1700000000 +0000\ndata 5\nfirst\n"
        for team in range(remote, TEAMS, REMOTES):
            for app in range(team * APPS_OF_TEAM, (team + 1) * APPS_OF_TEAM):
                tag = "0.0.0" if team % 10 == 0 else self.chosen[app % LISTS]
                text = f'image: 127.0.0.1:{PORT}/{app_name(app)}:{tag} # {{"$imagepolicy": "flux-system:{app_name(app)}"}}\n'
                stream += f"M 100644 inline team-{team:03}/{app_name(app)}.yaml\ndata {len(text)}\n{text}\n"
        subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=stream.encode(), check=True)


def registry(context):
    """registry-stub with LISTS lists under the names of all repositories. Answers what is chosen from each list."""
    folder, stub = f"{context.work}/serve-stub", {"PORT": str(PORT)}
    if not os.path.exists(f"{folder}/nginx.pid"):
        if not os.path.exists(f"{folder}/nginx.conf"):
            context.generate("registry-stub", "make", folder, str(LISTS), str(TAGS), environment=stub)
        lists = [f"{folder}/data/v2/{name}" for name in open(f"{folder}/repositories").read().split()]
        for app in range(TEAMS * APPS_OF_TEAM):
            name = f"{folder}/data/v2/{app_name(app)}"
            if not os.path.lexists(name):
                os.symlink(lists[app % LISTS], name)
        context.generate("registry-stub", "start", folder, environment=stub)
        context.at_end.append(lambda: context.generate("registry-stub", "stop", folder))
        servers.wait_for_port(PORT)
    names = open(f"{folder}/repositories").read().split()
    answers = [open(f"{folder}/data/v2/{name}/tags/list").read() for name in names]
    return [highest_version(re.findall(r'"([^"]+)"', answer.split("[")[1])) for answer in answers]


class Service:
    """`tidemark serve`, started; knows when it said READY=1."""

    def __init__(self, installation):
        self.state = installation.state
        path = f"{installation.folder}/notify"
        if os.path.exists(path):
            os.remove(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(path)
            notices.settimeout(120)
            self.log = open(f"{installation.folder}/log", "a")
            begin = time.perf_counter()
            self.process = subprocess.Popen(
                [installation.context.tidemark, "serve", "--objects", f"{installation.folder}/objects", "--state", self.state],
                env={**os.environ, "NOTIFY_SOCKET": path}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
            while b"READY=1" not in notices.recv(4096):
                pass
            self.ready = time.perf_counter() - begin
        self.cpu_at_ready = self.cpu()[0]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()

    def cpu(self):
        """Seconds of user and system time: the service's own, and those of the children it waited for."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        user, system, child_user, child_system = (int(field) / TICKS for field in fields[11:15])
        return user + system, child_user + child_system

    def peak(self):
        """MiB of the service itself."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def wait_until_settled(self):
        """Until every list is stored and every automation found nothing left to do."""
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"the service ended with {self.process.returncode}")
            with sqlite3.connect(f"file:{self.state}/state.db?mode=ro", uri=True) as state:
                lists = state.execute("SELECT count(*) FROM tag_lists").fetchone()[0]
                settled = state.execute("SELECT count(*) FROM settled").fetchone()[0]
            if lists == TEAMS * APPS_OF_TEAM and settled == TEAMS:
                return
            time.sleep(1)


def serve(context):
    cycle = 600  # the share of a core is that of this interval and of no other
    variants = (("own", True, "20 policies each"), ("all", False, "all policies each"))
    for name, selectors, words in variants[:1] if context.quick else variants:
        what = f"serve, 10,000 images, 500 automations, {words}"
        installation = Installation(context, name, f"{cycle}s", selectors)
        first = Service(installation)
        try:
            first.wait_until_settled()
            peak = first.peak()
        finally:
            first.stop()
        again = Service(installation)
        try:
            time.sleep(90)  # within a minute of a start each automation is looked at
            own, children = again.cpu()
            begin = time.perf_counter()
            time.sleep(cycle)
            seconds = time.perf_counter() - begin
            own, children = (after - before for after, before in zip(again.cpu(), (own, children)))
            peaks = peak, again.peak()
        finally:
            again.stop()
        ready = max(first.ready, again.ready)
        yield Figure(f"{what}: ready", f"{milliseconds(first.ready)} (CPU {milliseconds(first.cpu_at_ready)}) with an empty "
                     f"state, {milliseconds(again.ready)} (CPU {milliseconds(again.cpu_at_ready)}) with a full one", "-", "< 1 s", ready < 1)
        yield Figure(f"{what}: memory", f"{peaks[0]:.0f} MiB in the first round, {peaks[1]:.0f} MiB after a restart",
                     "-", "<= 128 MiB", max(peaks) <= 128)
        share = (own + children) / seconds
        yield Figure(f"{what}: idle", f"{100 * share:.2f} % of a core ({own:.1f} s, its git processes {children:.1f} s, "
                     f"in {seconds:.0f} s with every object's turn)", "-", "< 1 % at an interval of 10 minutes",
                     share < 0.01)
