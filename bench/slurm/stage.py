"""A checkout as a user has it, workers in Slurm's jobs, and what they do as seen from here."""

import calendar
import json
import os
import shutil
import subprocess
import threading
import time

from kit.events import Events
from kit.store import runs
from kit.worker import PROJECT, QUICK_JVM, environment, state_of

JVM = " ".join(QUICK_JVM) + " -Xmx300m"


class Checkout:
    """The launcher, the jar and the scripts in a folder of their own, ready to start quickly."""

    def __init__(self, folder, jar, original=PROJECT):
        self.folder = os.path.join(folder, "checkout")
        os.makedirs(os.path.join(self.folder, "target"))
        for name in ("sweep-runner", "slurm", "config", "sweeps"):
            source, copy = os.path.join(original, name), os.path.join(self.folder, name)
            (shutil.copytree if os.path.isdir(source) else shutil.copy2)(source, copy)
        self.first = os.path.join(folder, "first-in-tasks")
        shutil.copy2(jar, os.path.join(self.folder, "target", "sweep-runner.jar"))
        self.program = os.path.join(self.folder, "sweep-runner")
        subprocess.run(
            [self.program, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=300, check=True,
            env={**environment(), "SWEEP_RUNNER_JAVA_OPTS": JVM},
        )  # fmt: skip

    def script(self, name):
        """A script of slurm/."""
        return os.path.join(self.folder, "slurm", name)

    def in_tasks(self, commands):
        """What the launcher does first where Slurm starts it, as a node's bad day; None: nothing."""
        if commands is None:
            os.remove(self.first)
            return
        with open(self.first + ".new", "w") as file:
            file.write(commands + "\n")
        os.rename(self.first + ".new", self.first)
        with open(self.program) as file:
            text = file.read()
        if self.first not in text:
            line = "[[ -z ${SLURM_JOB_ID:-} || ! -r '%s' ]] || . '%s'\n" % (self.first, self.first)
            text = text.replace("set -uo pipefail\n", "set -uo pipefail\n" + line, 1)
            with open(self.program + ".new", "w") as file:
                file.write(text)
            os.chmod(self.program + ".new", 0o755)
            os.rename(self.program + ".new", self.program)

    def call(self, *arguments, timeout=120, env=None):
        """The program, here and now."""
        return subprocess.run(
            [self.program, *map(str, arguments)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
            timeout=timeout, cwd=self.folder, env={**environment(), **(env or {})},
        )  # fmt: skip


def options(root, events=None, every=20):
    """What all workers of these tests are given."""
    words = [
        "--storage", root, "--no-web", "--allow-behind", "--device", "cpu", "--threads", 1,
        "--wait", "2s", "--checkpoint.interval", "1h", "--checkpoint.every-iterations", every,
    ]  # fmt: skip
    return [str(word) for word in words + (["--test.events", events] if events else [])]


def status(checkout, sweep, root, env=None):
    """The array that status prints, or None where it printed none."""
    done = checkout.call("status", "--sweep", sweep, "--storage", root, "--format", "json", env=env)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def states(points):
    """How many points are in each state, as text."""
    count = {}
    for point in points or []:
        count[point["state"]] = count.get(point["state"], 0) + 1
    return ", ".join("%d %s" % (count[name], name) for name in sorted(count)) or "nothing"


class Life:
    """One process of a worker: what it did, when, and in which life of which task."""

    def __init__(self, pid, variables):
        self.pid = pid
        array, index = variables.get("SLURM_ARRAY_JOB_ID"), variables.get("SLURM_ARRAY_TASK_ID")
        self.raw = variables.get("SLURM_JOB_ID")
        self.task = "%s_%s" % (array, index) if array and index else self.raw
        self.restarts = int(variables.get("SLURM_RESTART_COUNT") or 0)
        self.node = variables.get("SLURMD_NODENAME")
        self.devices = variables.get("CUDA_VISIBLE_DEVICES")
        self.began = started(pid)
        self.gone = None
        self.events = []  # with the time at which each was seen

    def of(self, *kinds):
        """Its events of these kinds."""
        return [event for event in self.events if event["event"] in kinds]

    @property
    def iterations(self):
        return self.of("iteration")

    @property
    def first(self):
        """When its first iteration was done, or None."""
        done = self.iterations
        return done[0]["at"] if done else None

    @property
    def reached(self):
        """(run, iterations done) when it was last seen to train."""
        done = self.iterations
        return (done[-1]["run"], done[-1]["iter"] + 1) if done else (None, 0)

    def lost(self):
        """Iterations of its last run that no publish of its own covers."""
        run, reached = self.reached
        covered = [
            event["iter"] for event in self.of("start", "resume", "publish") if event["run"] == run
        ]
        return max(0, reached - max(covered, default=0)) if run else 0


def started(pid):
    """When a process was started, in seconds since 1970."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            ticks = int(file.read().rsplit(")", 1)[1].split()[19])
    except (OSError, IndexError):
        return time.time()
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - age


def variables_of(pid):
    """The environment of a process; empty once it is gone."""
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            pairs = file.read().decode(errors="replace").split("\0")
    except OSError:
        return {}
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def running(pid):
    """Whether a process is there and no zombie."""
    return state_of(pid) not in ("Z", "X")


class Watch(threading.Thread):
    """Follows the event file that all workers of a sweep append to, life by life; also a context."""

    def __init__(self, path, every=0.02):
        super().__init__(daemon=True)
        self.path = path
        self.every = every
        self.lives = []
        self._events = Events(path)
        self._newest = {}
        self._over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *cause):
        self._over.set()
        self.join()
        self.look()

    def run(self):
        while not self._over.wait(self.every):
            self.look()

    def look(self):
        """What is new in the file, and who is gone."""
        with self._lock:
            for event in self._events.poll():
                pid = event["pid"]
                life = self._newest.get(pid)
                if life is None or event["n"] == 1:
                    life = self._newest[pid] = Life(pid, variables_of(pid))
                    self.lives.append(life)
                life.events.append(event)
            for life in self.lives:
                if life.gone is None and not running(life.pid):
                    life.gone = time.time()

    @property
    def torn(self):
        """Lines that were no event."""
        return self._events.torn

    def of(self, task):
        """The lives of a task that were seen, in their order."""
        return sorted(
            (life for life in list(self.lives) if life.task == task),
            key=lambda life: life.began,
        )

    def training(self):
        """The lives that are there and have trained."""
        return [life for life in list(self.lives) if not life.gone and life.iterations]


def records(root):
    """The claim records of all runs that are there now: (run id, record), by their times."""
    found = []
    for run in runs(root).values():
        for slot in run.slots():
            try:
                found.append((run.run_id, run.record(slot)))
            except OSError:
                continue  # compacted meanwhile
    return sorted(found, key=lambda pair: pair[1]["wall_utc"])


def seconds(record):
    """The time in a record, in seconds since 1970."""
    whole, _, fraction = record["wall_utc"].rstrip("Z").partition(".")
    moment = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return moment + float("0." + (fraction or "0"))
