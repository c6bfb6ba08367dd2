"""A signal in the middle of the user's own program: requeue, scancel, kill; each form, each tracking."""

import concurrent.futures
import os
import re
import time

from kit.events import until
from kit.report import say, table
from slurm.program_sweep import ProgramSweep
from slurm.stage import records, seconds

KILL_WAIT = 15
SIGNAL = "#SBATCH --signal"
TRACKS = ("cgroup", "linuxproc")
FORMS = ("exec", "srun")
EVENTS = ("requeue", "scancel", "USR1", "B:USR1", "TERM", "kill -9", "8 s")
FINAL = ("scancel", "TERM", "kill -9")  # the task stays away


class Cell:
    """One event that meets a program in the middle."""

    def __init__(self, bench, track, form, event):
        self.bench, self.slurm = bench, bench.slurm
        self.track, self.form, self.event = track, form, event
        slow = 8 if event == "8 s" else 0
        names = ("program-signals", "-".join((track, form, re.sub(r"\W", "", event))))
        self.sweep = ProgramSweep(bench, *names, every=10**6, slow=slow)
        self.first = self.back = self.last = self.task = None
        self.acted = self.gone = None
        self.fault, self.left = "", []

    def run(self):
        sweep = self.sweep
        more = {"SWEEP_SRUN": 1} if self.form == "srun" else {}
        job = sweep.submit(
            sweep.script("run_sweep.sh", SIGNAL), sweep.sweep, *sweep.words(),
            "--program.grace", "10s",
            options=["--array=0", "--cpus-per-task=1", "--mem=0", "--requeue"], **more,
        )  # fmt: skip
        self.task = job + "_0"
        with sweep.watch:
            try:
                self.follow()
            finally:
                self.slurm.cancel("--full", job)
                self.slurm.cancel(job)
                self.bench.drained(job)
        self.left += sweep.left()
        return self

    def follow(self):
        if until(lambda: self.sweep.made() >= 40, 120) is None:
            self.fault = "the program never trained"
            return
        self.first = self.sweep.watch.lives[0]
        self.acted = time.time()
        self.act()
        if until(lambda: self.first.gone, 60) is None:
            self.fault = "the worker was never ended"
            return
        self.settle()

    def act(self):
        batch = self.form == "exec" or self.event == "B:USR1"
        if self.event in ("requeue", "8 s"):
            self.slurm.requeue(self.task)
        elif self.event == "scancel":
            self.slurm.cancel(self.task)
        elif self.event == "kill -9":
            os.kill(self.first.pid, 9)
        else:
            words = ["--batch"] if batch else []
            self.slurm.cancel(*words, "--signal=" + self.event[-4:], self.task)

    def settle(self):
        """Until the program trains again, or the task stays ended; nobody may be left meanwhile."""
        ended, deadline = None, time.monotonic() + 120
        while time.monotonic() < deadline:
            self.last = self.slurm.task(self.task) or self.last
            self.back = next((e for e in self.sweep.events("step") if e["epoch"] > 1), None)
            if self.back or (ended and time.monotonic() - ended > 10):
                return
            active = self.last is not None and self.last.active
            if not active and ended is None:
                ended = time.monotonic()
                time.sleep(3)  # for a guard to end what outlived its worker
                self.left = self.sweep.left()
            time.sleep(0.3)
        self.fault = "the task neither ended nor trained again"

    def faults(self):
        """What is not as it must be."""
        if self.fault:
            return [self.fault]
        found, lost = [], self.sweep.lost(1)
        if self.event == "kill -9":
            return self.left
        # There Slurm signals all of a step, and a program without a handler dies of USR1.
        direct = self.track == "linuxproc" and self.form == "srun" and "USR1" in self.event
        if lost and not direct:
            found.append("%d steps lost" % lost)
        release, soon = self.release(), 14 if self.event == "8 s" else 6
        if not release:
            found.append("did not give its run back")
        elif seconds(release) - self.acted > soon:
            found.append("gave its run back after %.1f s" % (seconds(release) - self.acted))
        if self.event in FINAL and self.back:
            found.append("came back though somebody ended it")
        if self.event not in FINAL and not self.back:
            found.append("did not come back")
        return found + self.sweep.overlap_faults()[:1] + self.left

    def release(self):
        """The record of the first claim that gives its run back, or None."""
        done = [r for _, r in records(self.sweep.root) if r["type"] == "RELEASE"]
        return next((r for r in done if r["owner"]["pid"] == self.first.pid), None)

    def row(self):
        """For the table."""
        release = self.release() if self.first else None
        after = "%.1f s" % (seconds(release) - self.acted) if release else "-"
        fate = "back at step %d" % (self.back["step"] - 1) if self.back else str(self.last or "")
        fate += " " + (self.last.code if self.last and not self.back else "")
        why = release["body"].get("detail", "") if release else "-"
        return (self.track, self.form, self.event, after, why, self.sweep.lost(1),
                self.fault or fate.strip())  # fmt: skip


def signals(bench, track):
    """Every event, every form."""
    cells = [
        Cell(bench, track, form, event)
        for event in bench.wanted(EVENTS, bench.options.events)
        for form in bench.wanted(FORMS, bench.options.forms)
        if form == "srun" or event != "B:USR1"  # which is USR1 without srun
    ]

    def one(cell):
        try:
            cell.run()
        except Exception as error:  # one cell that breaks is one cell that fails
            cell.fault = "%s: %s" % (type(error).__name__, error)
        say("  %s" % "  ".join(map(str, cell.row())))
        return cell

    with concurrent.futures.ThreadPoolExecutor(min(4, bench.options.width)) as pool:
        for cell in pool.map(one, cells):
            faults = cell.faults()
            bench.checks.check(
                "program-signals: %s, %s, %s" % (track, cell.form, cell.event), not faults,
                "; ".join(faults) or cell.row()[-1], "",
            )  # fmt: skip
    return cells


def run(bench):
    """The case."""
    cells = []
    for track in bench.wanted(TRACKS, bench.options.proctrack):
        bench.fresh(nodes=2, gpus_per_node=2, grace=0, kill_wait=KILL_WAIT, proctrack=track)
        cells += signals(bench, track)
    print()
    heads = ("tracking", "form", "event", "given back", "on", "lost", "the task")
    table(heads, [cell.row() for cell in cells])
