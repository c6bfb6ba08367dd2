"""A sweep of the user's own program: time limits, the user's own script, what it sees of Slurm."""

import json
import os
import re

from kit.compare import journal_faults
from kit.events import until
from kit.report import say
from kit.store import runs
from slurm.program_sweep import ProgramSweep

TIME = 600  # seconds at most for a round of time limits
SIGNAL = "#SBATCH --signal"

# As people have it for `wandb agent`: nothing is activated, there is no srun, and no --requeue either.
OWN = """#!/bin/bash
#SBATCH --job-name=agent
#SBATCH --array=0-1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=00:01:00

cd "{project}"
echo "Starting on $(hostname) at $(date)"
{line}
echo "Agent ended with $?"
"""
AGENT = "wandb agent me/bench/abc123"


class Limited:
    """A sweep in tasks of a minute, which must finish all the same.

    own: None for slurm/run_sweep.sh, else what stands before the replaced line of the user's
    script; requeues: how often a task is requeued in the middle; again: whether steps may be lost.
    """

    def __init__(self, bench, name, options, words, points=4, own=None, requeues=0, srun=False,
                 again=0, slow=0, steps=1100, every=100):  # fmt: skip
        self.bench, self.name, self.own = bench, name, own
        self.wanted_requeues, self.again = requeues, again
        self.sweep = ProgramSweep(
            bench, "programs", re.sub(r"\W+", "-", name),
            points=points, steps=steps, every=every, slow=slow,
        )  # fmt: skip
        words = self.sweep.words("--sweep", self.sweep.sweep, *words)
        if own is None:
            words = words[: words.index("--sweep")] + words[words.index("--sweep") + 2 :]
            options = ["--requeue", "--time=1", "--mem=0", "--cpus-per-task=1", *options]
            self.job = self.sweep.submit(
                self.sweep.script("run_sweep.sh", SIGNAL), self.sweep.sweep, *words,
                options=options, **({"SWEEP_SRUN": 1} if srun else {}),
            )  # fmt: skip
        else:
            text = OWN.format(project=self.sweep.project, line=AGENT)
            line = own + " ".join([bench.checkout.program, *words])
            path = os.path.join(self.sweep.folder, "own.sh")
            with open(path, "w") as file:
                file.write(text.replace(AGENT, line))
            self.job = self.sweep.submit(path, options=options)
        self.states, self.last, self.requeued = set(), {}, 0
        self.sweep.watch.start()

    def look(self):
        """Whether it is over; requeues a task in the middle of its program, if that is wanted."""
        tasks = self.bench.slurm.tasks(self.job)
        self.last.update((name, task) for name, task in tasks.items() if name[-1:].isdigit()
                         and "-" not in name and "[" not in name)  # fmt: skip
        self.states |= {task.state for task in tasks.values()}
        if self.requeued < self.wanted_requeues:
            done = [life for life in self.sweep.watch.training() if len(life.of("publish")) > 1]
            if done and self.bench.slurm.requeue(done[0].task):
                self.requeued += 1
        return bool(tasks) and not any(task.active for task in tasks.values())

    def close(self):
        """Ends what is left of it."""
        self.sweep.watch.__exit__()
        self.bench.slurm.cancel(self.job)
        self.bench.drained(self.job)

    def judge(self):
        """The checks."""
        sweep, most = self.sweep, self.again * self.sweep.every

        def check(what, ok, found, wanted=""):
            self.bench.checks.check("programs, %s: %s" % (self.name, what), ok, found, wanted)

        wanted = "%d finished" % sweep.points
        check("finished", sweep.states() == wanted, sweep.states(), wanted)
        restarts = [task.restarts for task in self.last.values()]
        least = 1 + self.requeued // max(1, len(restarts))
        check("tasks came back by themselves", min(restarts, default=0) >= 1
              and sum(restarts) > self.requeued, restarts, ">= %d each" % least)  # fmt: skip
        check("never killed", "TIMEOUT" not in self.states, sorted(self.states), "no TIMEOUT")
        extra = sweep.made() - sweep.points * sweep.steps
        if most == 0:
            faults = sweep.step_faults()
            check("every step once", not faults, faults[:3] or "yes (%d)" % sweep.made())
        else:
            check("steps made again", 0 <= extra <= most, extra, "<= %d" % most)
        ends, unsaved = sweep.unsaved_ends()
        check("saved at its signal", ends > 0 and len(unsaved) <= self.again,
              "%d of %d claims that were stopped" % (ends - len(unsaved), ends),
              "all" if most == 0 else "all but %d" % self.again)  # fmt: skip
        faults = sweep.journal_faults() if most == 0 else []
        faults += sweep.overlap_faults()
        for run in runs(sweep.root).values():
            faults += run.log_faults() or journal_faults(run, run.finish())
        check("journals and claim logs", not faults, faults[:3] or "as the program's log", "")
        left = sweep.left()
        check("processes left", not left, left[:3] or 0, 0)
        lives = [life for life in sweep.watch.lives if life.iterations and life.gone]
        early = sorted(60 - (life.gone - life.began) for life in lives)
        check("seconds left when it had gone", True,
              ", ".join("%.0f" % second for second in early[:8]), "of 60")  # fmt: skip


def limits(bench):
    """Two rounds, so that the workers' starts do not eat the minute."""
    two, one, warned = ["--array=0-1"], ["--array=0"], ["--signal=B:USR1@30"]
    grace5, grace10 = ["--program.grace", "5s"], ["--program.grace", "10s"]
    slow = {"points": 1, "slow": 8, "every": 10**6}
    rounds = (
        lambda: [
            Limited(bench, "array, B:USR1@30", two + warned, grace5),
            Limited(bench, "array, no signal", two, grace5),
            Limited(bench, "array, srun, B:USR1@30", two + warned, grace5, srun=True),
        ],
        lambda: [
            Limited(bench, "own script", [], grace5, own="", requeues=1, again=1),
            Limited(bench, "own script, exec", [], grace5, own="exec ", requeues=1),
            Limited(bench, "8 s to save, no signal", one, grace10, **slow),
            Limited(bench, "8 s to save, B:USR1@30", one + warned, grace10, **slow),
            Limited(bench, "60 s to save, no signal", one, grace10, points=1, slow=60, again=8),
        ],
    )  # fmt: skip
    for begin in rounds:
        jobs = begin()
        try:
            until(lambda: all([job.look() for job in jobs]), TIME, 0.5)
        finally:
            for job in jobs:
                job.close()
        for job in jobs:
            say("programs, %s: %s" % (job.name, ", ".join(map(str, job.last.values()))))
            job.judge()


# ---- what a program sees of Slurm

SEES = """#!/usr/bin/env python3
import json, os
with open(os.path.join(os.environ["OUT_DIR"], "seen.json"), "w") as file:
    json.dump(dict(os.environ), file)
"""
OURS = {"SLURM_JOB_NAME": "bash", "SLURM_NTASKS": "1", "SLURM_NPROCS": "1", "SLURM_PROCID": "0",
        "SLURM_LOCALID": "0", "SLURM_NODEID": "0"}  # fmt: skip


def sees(bench):
    """SLURM_*, in a job of two tasks, with and without program.keep-slurm."""
    for keep in (False, True):
        sweep = ProgramSweep(bench, "programs", "sees-%s" % keep)
        os.remove(os.path.join(sweep.project, "logged.py"))
        os.remove(sweep.sweep[:-5] + ".runner.yaml")
        with open(os.path.join(sweep.project, "logged.py"), "w") as file:
            file.write(SEES)
        given = os.path.join(sweep.folder, "given")
        script = os.path.join(sweep.folder, "script.sh")
        with open(script, "w") as file:
            file.write('#!/bin/bash\nenv -0 >"%s"\nexec "$SWEEP_RUNNER" "$@"\n' % given)
        words = sweep.words("--sweep", sweep.sweep, "--program.keep-slurm", str(keep).lower())
        job = sweep.submit(script, *words, options=["--array=3", "--ntasks=2", "--job-name=mine"])
        until(lambda job=job: not any(t.active for t in bench.slurm.tasks(job).values()), 120, 0.5)
        bench.drained(job)
        judge_sight(bench, sweep, given, keep, job)


def judge_sight(bench, sweep, given, keep, job):
    """Compares what the program saw with what its task was given."""

    def slurms(pairs):
        return {name: value for name, value in pairs.items() if name.startswith("SLURM")}

    what = "programs: it sees of Slurm%s: " % (" all, with keep-slurm" if keep else "")
    try:
        with open(given, "rb") as file:
            lines = file.read().decode().split("\0")
        task = slurms(dict(line.split("=", 1) for line in lines if "=" in line))
        (run,) = runs(sweep.root).values()
        with open(run.path("work", "seen.json")) as file:
            seen = slurms(json.load(file))
    except (OSError, ValueError) as error:
        bench.checks.check(what, False, "%s; %s" % (error, sweep.output()[-300:]))
        return
    changed = {name: seen.get(name) for name in {**task, **seen} if task.get(name) != seen.get(name)}
    wanted = {} if keep else {n: v for n, v in OURS.items() if task.get(n) not in (None, v)}
    bench.checks.check(what + "changed", changed == wanted, changed or "nothing", wanted or "nothing")
    own = (seen.get("SLURM_ARRAY_JOB_ID"), seen.get("SLURM_ARRAY_TASK_ID"))
    ok = own == (job, "3") and seen.get("SLURM_JOB_ID") == task.get("SLURM_JOB_ID")
    bench.checks.check(what + "job and task", ok, "%s_%s" % own, job + "_3")


def run(bench):
    """The case."""
    bench.fresh(nodes=2, gpus_per_node=2, grace=0, kill_wait=15)
    sees(bench)
    limits(bench)
