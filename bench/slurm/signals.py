"""Every way in which Slurm ends a task, each way of starting the worker, each way of tracking."""

import concurrent.futures
import os
import re
import time

from kit.events import until
from kit.report import say, table
from kit.toy import Toy
from slurm.stage import JVM, Watch, options, records, seconds

EVERY = 20  # iterations between two checkpoints
WARNING = 30  # seconds before the time limit at which B:USR1 is asked for
KILL_WAIT = 15
GRACE = 5
TRACKS = ("cgroup", "linuxproc")
STAY = 12  # seconds in which a task that has ended might still be requeued

FORMS = {
    "exec": "run_sweep.sh",
    "srun": "run_sweep.sh, SWEEP_SRUN=1",
    "child": "java below bash, nothing else",
    "trap": "java below bash, traps and wait",
}
# Of an event: how the partition preempts (grace time and mode), and options of the submission.
AT_ONCE, GRACEFUL, CANCELLING = (0, "REQUEUE"), (GRACE, "REQUEUE"), (0, "CANCEL")
EVENTS = {
    "requeue": (AT_ONCE, []),
    "scancel": (AT_ONCE, []),
    "limit": (AT_ONCE, ["--time=1"]),
    "B:USR1": (AT_ONCE, ["--time=1", "--signal=B:USR1@%d" % WARNING]),
    "kill -TERM": (AT_ONCE, []),  # by hand, to the worker alone
    "preempt": (AT_ONCE, []),
    "grace": (GRACEFUL, []),
    "CANCEL": (CANCELLING, []),  # a preemption where Slurm itself would not requeue
}
FINAL = ("scancel", "kill -TERM", "CANCEL")  # a person's will, or the site's: the task stays away
CHILD = """#!/bin/bash
cd "$SLURM_SUBMIT_DIR"
./sweep-runner run "$@"
echo "bash goes on with $?"
"""
TRAP = """#!/bin/bash
cd "$SLURM_SUBMIT_DIR"
./sweep-runner run "$@" &
worker=$!
trap 'kill -TERM $worker' TERM
trap 'kill -USR1 $worker' USR1
while wait $worker; code=$?; ((code > 128)) && kill -0 $worker 2>/dev/null; do :; done
exit $code
"""


class Cell:
    """One event that meets a worker started in one form."""

    def __init__(self, bench, track, form, event, node):
        self.bench = bench
        self.slurm, self.checkout = bench.slurm, bench.checkout
        self.task = None
        self.track, self.form, self.event = track, form, event
        self.node = node
        self.name = "-".join((track, form, re.sub(r"\W", "", event)))
        self.folder = bench.folder("signals", self.name)
        self.root = os.path.join(self.folder, "root")
        self.job = self.job_name = None
        self.lives = []
        self.signalled = []
        self.release = None
        self.acted = self.back = self.last = None
        self.fault = ""

    def script(self):
        """What is submitted."""
        path = os.path.join(self.folder, "script.sh")
        if self.form in ("exec", "srun"):
            with open(self.checkout.script("run_sweep.sh")) as file:
                text = file.read()
            text = re.sub(r"^#SBATCH --(signal|time)=.*\n", "", text, flags=re.M)
        else:
            text = CHILD if self.form == "child" else TRAP
        with open(path, "w") as file:
            file.write(text)
        return path

    def run(self):
        """From the submission until the task has come back or will not."""
        toy = Toy(self.folder, grid={"training.seed": [1]}, max_iters=1000000, batch_size=48)
        events = os.path.join(self.folder, "events")
        words = [
            "--array=0", "--nodelist=" + self.node, "--gpus=4", "--cpus-per-task=1", "--requeue",
            "--open-mode=append", "--output=%s/%%A_%%a.out" % self.folder, "--ntasks=1",
            *EVENTS[self.event][1],
        ]  # fmt: skip
        more = {"SWEEP_SRUN": 1} if self.form == "srun" else {}
        self.job = self.slurm.submit(
            self.script(), "--sweep", toy.sweep, *options(self.root, events, EVERY), *self.will(),
            options=words, cwd=self.checkout.folder, SWEEP_RUNNER_JAVA_OPTS=JVM, **more,
        )  # fmt: skip
        self.task = self.job + "_0"
        with Watch(events, 0.05) as watch:
            try:
                self.follow(watch)
            finally:
                self.slurm.cancel("--full", self.job)
                self.slurm.cancel(self.job)
        return self

    def will(self):
        """Of the worker: that it comes back where the site means a preempted job to end, too."""
        return ["--slurm.requeue", "always"] if self.event == "CANCEL" else []

    def follow(self, watch):
        first = until(
            lambda: next((life for life in watch.lives if life.of("publish")), None), 120
        )
        if first is None:
            self.fault = "the worker never published"
            return
        raw = first.raw
        time.sleep(0.3)
        self.acted = time.time()
        self.act(first)
        if until(lambda: first.gone, 150) is None:
            self.fault = "the worker was never ended"
            return
        self.settle(watch, first)
        self.lives = watch.lives
        self.signalled = self.slurm.signals(raw) if self.slurm.own else []
        done = [r for _, r in records(self.root) if r["type"] == "RELEASE"]
        mine = [r for r in done if r["owner"]["pid"] == first.pid]
        self.release = mine[0] if mine else None

    def act(self, first):
        """Makes the event happen, where it does not come by itself."""
        if self.event == "requeue":
            self.slurm.requeue(self.task)
        elif self.event == "scancel":
            self.slurm.cancel(self.task)
        elif self.event == "kill -TERM":
            os.kill(first.pid, 15)
        elif self.event in ("preempt", "grace", "CANCEL"):
            self.slurm.submit(
                self.bench.sleeper(3), options=["--partition=high", "--nodelist=" + self.node,
                                                "--gpus=4", "--output=/dev/null"])  # fmt: skip

    def settle(self, watch, first):
        """Waits until the next life trains, or the task stays ended."""
        ended = None
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            later = [life for life in watch.lives if life is not first and life.first]
            if later:
                self.back = later[0]
            self.last = self.slurm.task(self.task) or self.last
            if self.back or (ended and time.monotonic() - ended > STAY):
                return
            active = self.last is not None and self.last.active
            ended = None if active else ended or time.monotonic()
            time.sleep(0.3)
        self.fault = "the task neither ended nor trained again"

    # ---- what came of it

    @property
    def first(self):
        return self.lives[0] if self.lives else None

    def warning(self):
        """The signal that reached the worker, or None: (time, number)."""
        if not self.first:
            return None
        if self.event == "kill -TERM":
            return self.acted, 15
        step = "0" if self.form == "srun" else "batch"
        times = [
            (at, number) for at, number, where in self.signalled
            if number in (10, 15) and where in (step, "batch" if number == 10 else step)
            and at >= self.first.began and at <= (self.first.gone or at) + 0.5
        ]  # fmt: skip
        return times[0] if times else None

    def why(self):
        """What the worker says it gave its run back for."""
        return self.release["body"].get("detail", "") if self.release else ""

    def lost(self):
        """Iterations made again, or that would have to be."""
        if not self.first:
            return 0
        run, reached = self.first.reached
        if self.back:
            begun = [e for e in self.back.of("start", "resume") if e["run"] == run]
            return reached - begun[0]["iter"] if begun else self.first.lost()
        return self.first.lost()

    def fate(self):
        """What became of the task."""
        if self.fault:
            return self.fault
        if self.back:
            pause = self.back.began - self.first.gone
            start = self.back.first - self.back.began
            return "back: Slurm %.0f s, start %.1f s" % (pause, start)
        return "%s %s" % (self.last.state, self.last.code) if self.last else "unknown"

    def row(self):
        """For the table."""
        sent = self.warning()
        at = seconds(self.release) if self.release else None
        if sent and at and sent[0] > at:
            sent = None  # the TERM of the requeue that the worker itself asked for
        signal, after = "none", "unasked" if at else "-"
        if sent:
            signal = {10: "USR1", 15: "TERM"}[sent[1]]
            if self.event not in ("limit", "B:USR1"):
                signal += " after %.0f s" % (sent[0] - self.acted)
            after = "%.1f s" % (at - sent[0]) if at else "-"
        return (
            self.track, self.form, self.event, signal, after, self.why() or "-", self.lost(),
            self.fate(),
        )  # fmt: skip

    def faults(self):
        """What is not as it must be."""
        if self.fault:
            return [self.fault]
        found = []
        safe = self.form != "child" or self.event == "kill -TERM"
        if safe and not self.release:
            found.append("did not give its run back")
        if self.lost() > (0 if safe else EVERY):
            found.append("%d iterations lost" % self.lost())
        if self.event in FINAL and self.back:
            found.append("came back though somebody ended it")
        # A bash that dies of USR1 ends the job as FAILED; that is the script's fault, and stays.
        hopeless = self.form == "child" and self.event == "B:USR1"
        if self.event not in FINAL and not self.back and not hopeless:
            found.append("did not come back")
        return found


def run(bench):
    """The case."""
    cells = []
    for track in bench.wanted(TRACKS, bench.options.proctrack):
        for partition in (AT_ONCE, GRACEFUL, CANCELLING):
            events = [
                event for event in bench.wanted(EVENTS, bench.options.events)
                if EVENTS[event][0] == partition
            ]  # fmt: skip
            forms = bench.wanted(FORMS, bench.options.forms)
            if events and forms:
                cells += batch(bench, track, partition, events, forms)
    for cell in cells:
        faults = cell.faults()
        bench.checks.check(
            "signals: %s, %s, %s" % (cell.track, cell.form, cell.event), not faults,
            "; ".join(faults) or cell.fate(), "",
        )  # fmt: skip
    print()
    table(
        ("tracking", "form", "event", "signal", "given back", "on", "lost", "the task"),
        [cell.row() for cell in cells],
    )


def batch(bench, track, partition, events, forms):
    """All cells that one configuration of Slurm serves."""
    grace, mode = partition
    width = bench.options.width
    bench.slurm.up(
        nodes=min(width, len(events) * len(forms)), gpus_per_node=4, grace=grace,
        kill_wait=KILL_WAIT, proctrack=track,
    )  # fmt: skip
    bench.slurm.call("scontrol", "update", "PartitionName=low", "PreemptMode=" + mode)
    say("signals: proctrack/%s, %s, grace %d s: %s" % (track, mode, grace, ", ".join(events)))
    free = list(bench.slurm.nodes())
    # Those that take longest first.
    pairs = sorted(
        ((form, event) for event in events for form in forms),
        key=lambda pair: pair[1] not in ("limit", "B:USR1"),
    )

    def one(form, event):
        node = free.pop()
        cell = Cell(bench, track, form, event, node)
        try:
            cell.run()
        except Exception as error:  # one cell that breaks is one cell that fails
            cell.fault = "%s: %s" % (type(error).__name__, error)
        finally:
            bench.drained(cell.job)
            free.append(node)
        say("  %s" % "  ".join(map(str, cell.row())))
        return cell

    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        return list(pool.map(lambda pair: one(*pair), pairs))
