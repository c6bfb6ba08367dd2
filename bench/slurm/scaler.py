"""`scale` as a person starts it, beside counted programs of Slurm, and what the queue then holds."""

import collections
import os
import re
import signal
import subprocess
import time

from kit.events import until
from kit.toy import Toy
from slurm.stage import JVM, options, states, status

COUNTED = ("sbatch", "squeue", "scontrol", "scancel", "sinfo", "sacct")
COUNTING = """\
#!/bin/bash
printf '%s {name} %s\\n' "$EPOCHREALTIME" "$*" >>'{log}'
[[ ! -e '{slow}' ]] || sleep "$(<'{slow}')"
answer=$(mktemp)
'{real}' "$@" >"$answer"
code=$?
printf '%s bytes-of-{name} %s\\n' "$EPOCHREALTIME" "$(stat -c %s "$answer")" >>'{log}'
cat "$answer"
rm -f "$answer"
exit $code
"""
Row = collections.namedtuple("Row", "id job name state reason")


QUEUED = ("PENDING", "CONFIGURING", "RUNNING", "SUSPENDED", "COMPLETING")


def rows(slurm):
    """The tasks of any `scale` that this Slurm knows, ended ones too."""
    told = slurm.call("squeue", "-h", "-r", "-t", "all", "-o", "%i|%F|%j|%T|%r")
    found = [Row(*line.split("|", 4)) for line in told.splitlines()]
    return [row for row in found if row.name.startswith("sr-")]


class Counted:
    """A folder for the front of a path: Slurm's programs, each call of which is written down."""

    def __init__(self, slurm, folder):
        self.folder = os.path.join(folder, "bin")
        self.log = os.path.join(folder, "calls")
        os.makedirs(self.folder)
        for name in COUNTED:
            real = slurm.call("sh", "-c", "command -v " + name).strip()
            path = os.path.join(self.folder, name)
            with open(path, "w") as file:
                file.write(COUNTING.format(name=name, log=self.log, real=real, slow=self.slow(name)))
            os.chmod(path, 0o755)

    def slow(self, name):
        """A file with the seconds for which each call waits first; none: it does not."""
        return os.path.join(self.folder, "." + name)

    def calls(self, name, *words, since=0.0):
        """When, and with what, a program was called."""
        try:
            with open(self.log) as file:
                rows = [line.rstrip("\n").split(" ", 2) for line in file]
        except FileNotFoundError:
            return []
        return [
            (float(at), said) for at, what, said in rows
            if what == name and float(at) >= since and all(word in said for word in words)
        ]  # fmt: skip


class Scaler:
    """A sweep, its storage root, the profiles that it may use, and calls of `scale` for it."""

    def __init__(self, bench, folder, profiles, points=4, iterations=200, more=()):
        self.bench, self.slurm, self.checkout = bench, bench.slurm, bench.checkout
        self.folder = folder
        self.toy = Toy(
            folder, grid={"training.seed": range(1, points + 1)}, max_iters=iterations,
            batch_size=48, eval_interval=100000, log_interval=50,
        )  # fmt: skip
        self.root = os.path.join(folder, "root")
        self.events = os.path.join(folder, "events")
        self.logs = os.path.join(folder, "logs")
        os.makedirs(self.logs)
        self.settings = os.path.join(self.checkout.folder, "application.yml")
        self.profiles(profiles)
        self.counted = Counted(bench.slurm, folder)
        self.more = list(more)
        self.watches = []

    def profiles(self, profiles):
        """Writes the profiles where every version reads them: name -> (limit, more flags)."""
        with open(self.settings, "w") as file:
            file.write("sweep-runner:\n  scale:\n    profiles:\n")
            for name, (limit, flags) in profiles.items():
                file.write(
                    "      %s:\n        gpus: 1\n        limit: %d\n        flags: '%s'\n"
                    % (name, limit, " ".join(self.flags(flags)))
                )

    def flags(self, flags=""):
        """Of sbatch: what a toy needs, and where it writes."""
        return ["--mem=0", "--cpus-per-task=1", "--output=%s/%%A_%%a.out" % self.logs,
                *flags.split()]  # fmt: skip

    def environment(self, **more):
        """Of the person who calls it, and so of the tasks."""
        path = self.counted.folder + ":" + self.slurm.environment()["PATH"]
        return {**self.slurm.environment(), "SWEEP_RUNNER_JAVA_OPTS": JVM, "PATH": path, **more}

    def words(self, *more, sweeps=None):
        """Of the command line, after the program."""
        given = [word for sweep in sweeps or [self.toy.sweep] for word in ("--sweep", sweep)]
        return ["scale", *given, *options(self.root, self.events), *self.more, *more]

    def call(self, *more, sweeps=None, cwd=None, words=None, **variables):
        """One call, to its end."""
        return subprocess.run(
            [self.checkout.program, *map(str, words or self.words(*more, sweeps=sweeps))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True, timeout=120, cwd=cwd or self.checkout.folder,
            env=self.environment(**variables),
        )  # fmt: skip

    def watch(self, every=2, *more, sweeps=None, words=None):
        """`scale --watch --submit` in the background."""
        watch = Watching(
            [self.checkout.program,
             *(words or self.words("--submit", "--watch=%d" % every, *more, sweeps=sweeps))],
            os.path.join(self.folder, "scale-%d.out" % len(self.watches)),
            self.checkout.folder, self.environment(),
        )  # fmt: skip
        self.watches.append(watch)
        return watch

    def end(self):
        """Ends what was started; nothing of it stays in the queue."""
        for watch in self.watches:
            watch.kill()
        for row in self.rows():
            if row.state in QUEUED:
                self.slurm.cancel(row.id)
        self.bench.drained(*{row.job for row in self.rows()}, timeout=30)
        if os.path.exists(self.settings):
            os.remove(self.settings)

    # ---- what came of it

    def rows(self):
        """All tasks that `scale` ever submitted and Slurm still knows, ended ones too."""
        return rows(self.slurm)

    def queued(self):
        """Those of them that have not ended."""
        return [row for row in self.rows() if row.state in QUEUED]

    def points(self):
        """What `status` says."""
        return status(self.checkout, self.toy.sweep, self.root, env=self.environment())

    def finished(self):
        """How many points are."""
        return sum(point["state"] == "finished" for point in self.points() or [])

    def states(self):
        """How many points are in each state."""
        return states(self.points())

    def most(self, seconds, step=0.4, over=lambda: False):
        """The most tasks that stood in the queue at once, for so long or until it is over."""
        deadline, most = time.monotonic() + seconds, 0
        while time.monotonic() < deadline and not over():
            most = max(most, len(self.queued()))
            time.sleep(step)
        return most

    def options(self):
        """The long options that `scale --help` names."""
        return set(re.findall(r"--[a-z][a-z-]+", self.call(words=["scale", "--help"]).stdout))


class Watching:
    """A process of `scale --watch`."""

    def __init__(self, words, path, cwd, variables):
        self.path = path
        with open(path, "wb") as output:
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=cwd,
                env=variables,
            )  # fmt: skip

    def said(self):
        """All that it printed."""
        with open(self.path, errors="replace") as file:
            return file.read()

    def until(self, pattern, timeout=20):
        """Waits until it has printed this; whether it did."""
        return bool(until(lambda: re.search(pattern, self.said()), timeout, 0.1))

    def ended(self):
        """Its exit code, or None."""
        return self.process.poll()

    def kill(self, sig=signal.SIGKILL):
        """A signal, waited for."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(20)
