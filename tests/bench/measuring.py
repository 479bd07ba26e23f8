"""Runs programs and says what the whole process tree cost, by wait4."""
import os
import statistics
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Usage:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of the process and the children it waited for
    rss: float  # MiB, peak of the largest process; never below that of this script, which forks it
    code: int


def run(arguments, environment=None, folder=None, ok=(0,)):
    """One process with its output thrown away. Raises when it ends with another code than those of `ok`."""
    quiet = os.open(os.devnull, os.O_RDWR)
    begin = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            for descriptor in (0, 1, 2):
                os.dup2(quiet, descriptor)
            if folder:
                os.chdir(folder)
            # A bundle that the machine's own settings name would be read at each start.
            own = {key: value for key, value in os.environ.items() if not key.startswith("SSL_CERT_")}
            os.execvpe(arguments[0], arguments, {**own, **(environment or {})})
        finally:
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    os.close(quiet)
    code = os.waitstatus_to_exitcode(status)
    if code not in ok:
        raise RuntimeError(f"{' '.join(arguments)} ended with {code}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code)


def run_small(arguments, environment=None, ok=(0,), given=os.devnull):
    """As run, for programs that take no longer than a fork of this script: spawned, and reading the file `given`.

    Tells nothing of memory: peak does.
    """
    with open(given) as source, open(os.devnull, "w") as quiet:
        targets = ((0, source), (1, quiet), (2, quiet))
        streams = [(os.POSIX_SPAWN_DUP2, file.fileno(), descriptor) for descriptor, file in targets]
        begin = time.perf_counter()
        child = os.posix_spawnp(arguments[0], arguments, {**os.environ, **(environment or {})}, file_actions=streams)
        _, status, used = os.wait4(child, 0)
        wall = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    if code not in ok:
        raise RuntimeError(f"{' '.join(arguments)} ended with {code}")
    return Usage(wall, used.ru_utime + used.ru_stime, 0, code)


def peak(arguments, environment=None, given=os.devnull):
    """The largest memory of one run, MiB, as GNU time sees it: not below its own, which is under one MiB."""
    with open(given) as source:
        timed = subprocess.run(["/usr/bin/time", "-f", "%M", *arguments], stdin=source, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, env={**os.environ, **(environment or {})}, check=False)
    return int(timed.stderr.split()[-1]) / 1024


def median(usages):
    return Usage(
        statistics.median(u.wall for u in usages),
        statistics.median(u.cpu for u in usages),
        max(u.rss for u in usages),
        usages[-1].code,
    )


def interleave(runs, *cases):
    """Runs the cases in turn, `runs` times after one that does not count; the median of each."""
    measured = [[] for _ in cases]
    for turn in range(runs + 1):
        for case, usages in zip(cases, measured):
            usage = case()
            if turn > 0:
                usages.append(usage)
    return [median(usages) for usages in measured]
