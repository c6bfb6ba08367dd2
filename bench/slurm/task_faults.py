"""What one task does to itself and its site: slow starts, warnings, preemption, drained nodes."""

import glob
import os
import re
import shutil
import time

from kit.events import until
from kit.toy import Toy
from slurm import faults
from slurm.faults import fresh
from slurm.stage import JVM, Watch, options

LIVES = 4  # of a task that gets nowhere: then it would go on for ever


class Tasks:
    """Workers of one toy sweep in the tasks of one array."""

    def __init__(self, part, name, points=1, iterations=1000000, size=48):
        self.part, self.slurm, self.checkout = part, part.slurm, part.checkout
        self.folder = os.path.join(part.folder, name)
        self.toy = Toy(
            self.folder, grid={"training.seed": range(1, points + 1)}, max_iters=iterations,
            batch_size=size, eval_interval=1000000, log_interval=50,
        )  # fmt: skip
        self.root = os.path.join(self.folder, "root")
        self.watch = Watch(os.path.join(self.folder, "events"), 0.05)
        self.job = None
        self.last = {}

    def submit(self, *words, count=1, flags=(), cwd=None, every=20, **variables):
        """The array, by the script that everybody uses; ended with the part."""
        self.job = self.slurm.submit(
            self.checkout.script("run_sweep.sh"), self.toy.sweep,
            *options(self.root, self.watch.path, every), *words, cwd=cwd or self.checkout.folder,
            options=["--array=0-%d" % (count - 1), "--cpus-per-task=1", "--mem=0",
                     "--output=%s/%%a.out" % self.folder, *flags],
            SWEEP_RUNNER_JAVA_OPTS=JVM, **variables,
        )  # fmt: skip
        self.watch.start()
        self.part.at_end(self.end)
        return self

    def end(self):
        """Nothing of it stays."""
        self.slurm.cancel(self.job)
        self.part.bench.drained(self.job, timeout=30)
        self.watch.__exit__()

    def task(self, index=0):
        """One of them as Slurm knows it."""
        name = "%s_%d" % (self.job, index)
        self.last[index] = self.slurm.task(name) or self.last.get(index)
        return self.last[index]

    def runs(self, index=0):
        """Whether it runs now."""
        task = self.task(index)
        return task if task and task.state == "RUNNING" else None

    def gone(self, index=0):
        """Whether it has ended for good."""
        task = self.task(index)
        return task if task and not task.active else None

    def warn(self, index=0):
        """The signal that Slurm sends before a time limit."""
        self.slurm.cancel("--signal=USR1", "--batch", "%s_%d" % (self.job, index))

    def output(self, index=0):
        """All that it printed in all its lives."""
        try:
            with open(os.path.join(self.folder, "%d.out" % index), errors="replace") as file:
                return file.read().strip()
        except OSError:
            return "nothing"

    def said(self, index=0):
        """The end of it."""
        return " / ".join(line.strip() for line in self.output(index).splitlines()[-2:])[-240:]

    def published(self):
        """Whether any life got so far."""
        return any(life.of("publish") for life in list(self.watch.lives))

    def warned_again(self, seen, delay):
        """Each life gets its warning a while after it was seen; until it ends, or LIVES had one."""
        lives, deadline = set(), time.monotonic() + 100
        while time.monotonic() < deadline:
            life = seen()
            if life and life not in lives:
                if len(lives) == LIVES:
                    break
                lives.add(life)
                time.sleep(delay)
                self.warn()
            elif self.gone() or self.published():
                break
            time.sleep(0.1)


def slow_launcher(part):
    """2: the warning comes while the launcher is still at work, in every life."""
    fresh(part)
    slow = os.path.join(part.folder, "slow")
    os.makedirs(slow)
    with open(os.path.join(slow, "locale"), "w") as file:
        file.write('#!/bin/sh\nsleep 4\nexec /usr/bin/locale "$@"\n')
    os.chmod(os.path.join(slow, "locale"), 0o755)
    tasks = Tasks(part, "slow-launcher").submit(
        flags=["--time=2"], PATH=slow + ":" + part.slurm.environment()["PATH"]
    )

    def life():
        task = tasks.runs()
        return "life %d" % task.restarts if task else None

    tasks.warned_again(life, 1.5)
    restarts(part, tasks)


def slow_java(part):
    """2: the warning comes while java starts, in every life."""
    fresh(part)
    tasks = Tasks(part, "slow-java").submit(flags=["--time=2"])
    tasks.warned_again(lambda: java_of(tasks), 0.3)
    restarts(part, tasks)


def java_of(tasks):
    """The process of the task's java, once it is there."""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"/java") and tasks.root.encode() in words:
            return path
    return None


def restarts(part, tasks):
    """It gets somewhere, or ends after one requeue without a publish, and says why."""
    task = tasks.task()
    found = "%d restarts, %s" % (task.restarts, task.state) if task else "no task"
    if tasks.published():
        found += ", published"
    else:
        found += " %s" % task.code
        part.check("says why it does not come back", "not requeued again" in tasks.output(),
                   tasks.said(), "")  # fmt: skip
    part.check("requeues in a row with nothing done",
               task.restarts <= 1 and (tasks.published() or not task.active), found,
               "at most 1")  # fmt: skip


def build(part):
    """2: no jar, so the tasks would have to build; each life is warned before that is done."""
    fresh(part)
    own = os.path.join(part.folder, "unbuilt")
    shutil.copytree(part.checkout.folder, own, ignore=shutil.ignore_patterns("target", ".git"))
    os.makedirs(os.path.join(own, "src", "main"), exist_ok=True)
    log = os.path.join(part.folder, "builds")
    with open(os.path.join(own, "mvnw"), "w") as file:
        file.write("#!/bin/sh\necho $$ >>%s\nsleep 60\n" % log)
    os.chmod(os.path.join(own, "mvnw"), 0o755)
    with open(os.path.join(own, "pom.xml"), "w") as file:
        file.write("<project/>\n")
    tasks = Tasks(part, "build").submit(flags=["--time=2"], cwd=own, count=3)

    def life():
        task = tasks.runs()
        return "life %d" % task.restarts if task else None

    tasks.warned_again(life, 3)
    time.sleep(1)
    builds = len(open(log).readlines()) if os.path.exists(log) else 0
    task = tasks.last[0]
    part.check("builds begun by three tasks, warned in each life", builds <= 1, builds, "<= 1")
    part.check("its task does not come back for ever", task.restarts <= 1 and not task.active,
               "%d restarts, %s" % (task.restarts, task.state), "<= 1")  # fmt: skip
    part.check("says what to run first", "sweep-runner version" in tasks.output(),
               tasks.said(), "")  # fmt: skip


def early(part):
    """3: the warning comes early, at a claim that has made nothing yet."""
    fresh(part)
    tasks = Tasks(part, "early", size=1024).submit(flags=["--time=2"], every=3)
    first = until(lambda: next((life for life in tasks.watch.lives if life.of("start")), None), 60, 0.02)
    if first is None:
        part.check("starts", False, tasks.said())
        return
    tasks.warn()
    until(lambda: first.gone or len(first.iterations) > 3, 20, 0.1)
    made = len(first.iterations)
    until(lambda: tasks.gone() or tasks.published(), 60, 0.3)
    part.check(
        "one early warning ends no task", tasks.published(), "%d iterations before, then %s"
        % (made, "a publish" if tasks.published() else tasks.task()), "it goes on, or comes back",
    )  # fmt: skip


def preempted(part):
    """11: PreemptMode=CANCEL, with and without the user's word against it."""
    fresh(part, nodes=2, gpus_per_node=1)
    part.slurm.call("scontrol", "update", "PartitionName=low", "PreemptMode=CANCEL")
    both = {}
    will = {"default": ("n1", []), "always": ("n2", ["--slurm.requeue", "always"])}
    for name, (node, words) in will.items():
        both[name] = Tasks(part, name).submit(
            *words, flags=["--time=30", "--gpus=1", "--nodelist=" + node]
        )
    until(lambda: all(tasks.published() for tasks in both.values()), 60, 0.2)
    for node in ("n1", "n2"):
        job = part.slurm.submit(
            part.bench.sleeper(3),
            options=["--partition=high", "--gpus=1", "--nodelist=" + node, "--output=/dev/null"],
        )
        part.at_end(lambda job=job: part.slurm.cancel(job))
    until(lambda: both["default"].gone() and both["always"].task().restarts, 25, 0.5)
    time.sleep(8)  # in which the first one might still come back
    one, other = both["default"].task(), both["always"].task()
    part.check("the site's CANCEL counts by default", not one.active and one.restarts == 0,
               "%s, %d restarts" % (one.state, one.restarts), "PREEMPTED, 0")  # fmt: skip
    part.check("--slurm.requeue always comes back", other.active and other.restarts == 1,
               "%s, %d restarts; %s" % (other.state, other.restarts, both["always"].said()),
               "1")  # fmt: skip


def drained(part):
    """11: the worker's node is drained while there is work."""
    fresh(part, nodes=2)
    tasks = Tasks(part, "drained", points=80, iterations=60).submit(
        "--slurm.fresh", "2s", flags=["--nodelist=n1", "--time=30"]
    )
    if not until(lambda: any(life.of("ended.FINISHED") for life in tasks.watch.lives), 60, 0.1):
        part.check("finishes a run", False, tasks.said())
        return
    part.slurm.call("scontrol", "update", "NodeName=n1", "State=DRAIN", "Reason=disk")
    at = time.time()
    until(lambda: not tasks.runs() and time.time() > at + 18, 60, 0.5)
    # The node is asked for each 8 s, four times slurm.fresh.
    begun = [e for life in tasks.watch.lives for e in life.of("start") if e["at"] > at + 12]
    part.check("runs begun on a draining node", not begun, len(begun), 0)
    part.check("the task leaves it", not tasks.runs(), tasks.task().state, "not RUNNING")


def suspended(part):
    """11: a task is suspended and resumed."""
    fresh(part)
    tasks = Tasks(part, "suspended", points=2).submit(count=2, flags=["--time=30"])
    until(lambda: len(tasks.watch.training()) == 2, 60, 0.2)
    victim = tasks.watch.training()[0]
    part.slurm.call("scontrol", "suspend", victim.task)
    words = ["status", "--sweep", tasks.toy.sweep, "--storage", tasks.root]
    rows = []

    def told():
        lines = part.checkout.call(*words, env=tasks.slurm.environment()).stdout.splitlines()
        rows[:] = [" ".join(line.split()) for line in lines if re.match("[0-9a-f]{8} ", line)]
        return any("suspended" in row for row in rows)

    # Slurm's answer is shared, and up to slurm.fresh (30 s, and a third more) old.
    part.check("status says so", until(told, 60, 2), rows, "")
    before = len(victim.iterations)
    part.slurm.call("scontrol", "resume", victim.task)
    on = until(lambda: len(victim.iterations) > before + 20, 30, 0.2)
    part.check("goes on afterwards, in the same life", on, len(victim.iterations) - before, "> 20")


def codes(part):
    """11: what the site's accounting shows of a worker that found nothing to do."""
    fresh(part)
    zero = ["--slurm.exit-codes", "zero"]
    both = {
        "exact": Tasks(part, "exact").submit("--exit-when-idle", count=2),
        "zero": Tasks(part, "zero").submit("--exit-when-idle", *zero, count=2),
    }
    for name, wanted in (("exact", ("FAILED", "3:0")), ("zero", ("COMPLETED", "0:0"))):
        tasks = both[name]
        ended = until(lambda: tasks.gone(0) or tasks.gone(1), 60, 0.3)
        found = (ended.state, ended.code) if ended else ("none ended", "")
        part.check("an idle worker under %s" % name, found == wanted, " ".join(found),
                   " ".join(wanted))  # fmt: skip


def idle(part):
    """12: idle workers leave after a while."""
    fresh(part)
    tasks = Tasks(part, "idle").submit("--exit-when-idle=15s", count=2)
    until(lambda: tasks.watch.training(), 60, 0.2)
    at = time.monotonic()
    ended = until(lambda: tasks.gone(0) or tasks.gone(1), 60, 0.3)
    took = time.monotonic() - at
    part.check("--exit-when-idle=15s", ended and ended.code == "3:0" and 8 <= took <= 35,
               "%s after %.0f s; %s" % (ended and ended.code, took, tasks.said(0)),
               "3:0, 15 s")  # fmt: skip


PARTS = {
    "slow-launcher": slow_launcher,
    "slow-java": slow_java,
    "build": build,
    "early": early,
    "preempted": preempted,
    "drained": drained,
    "suspended": suspended,
    "codes": codes,
    "idle": idle,
}


def run(bench):
    """The case."""
    faults.run(bench, "task-faults", PARTS)
