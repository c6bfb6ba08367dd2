"""A time limit much shorter than the work: the task requeues itself until the sweep is finished."""

import os
import re

from kit.compare import integrity
from kit.events import until
from kit.report import say
from kit.store import runs
from kit.toy import Toy
from slurm.stage import JVM, Watch, options, states, status

EVERY = 1000  # iterations between two checkpoints: none but those of the stops count
TIME = 900  # seconds at most
ONE = ["--array=0", "--cpus-per-task=1"]
VARIANTS = {
    "B:USR1@30": ("run_sweep.sh", [*ONE, "--signal=B:USR1@30"]),
    "no signal": ("run_sweep.sh", ONE),
    "two GPUs, no signal": (
        "run_sweep_node.sh", ["--array=0", "--cpus-per-task=2", "--gpus-per-node=2"]
    ),
}  # fmt: skip


class Half:
    """A sweep whose tasks have a minute, with a signal or without."""

    def __init__(self, bench, name, original, words):
        self.bench, self.name = bench, name
        folder = bench.folder("limit", re.sub(r"\W+", "-", name))
        self.toy = Toy(
            folder, grid={"training.seed": [1, 2]}, max_iters=bench.options.limit_iterations,
            batch_size=64, eval_interval=100000, log_interval=10,
        )  # fmt: skip
        self.root = os.path.join(folder, "root")
        self.watch = Watch(os.path.join(folder, "events"), 0.1)
        script = os.path.join(folder, "script.sh")
        with open(bench.checkout.script(original)) as file:
            lines = [line for line in file if not line.startswith("#SBATCH --signal")]
        with open(script, "w") as file:
            file.writelines(lines)
        words = [*words, "--time=1", "--mem=0", "--output=%s/%%A_%%a.out" % folder]
        self.job = bench.slurm.submit(
            script, "--sweep", self.toy.sweep, *options(self.root, self.watch.path, EVERY),
            options=words, cwd=bench.checkout.folder, SWEEP_RUNNER_JAVA_OPTS=JVM,
            SWEEP_LOGS=folder,
        )  # fmt: skip
        self.task = self.job + "_0"
        self.states = set()
        self.last = None
        self.done = False

    def look(self):
        """Whether it is over."""
        self.last = self.bench.slurm.task(self.task) or self.last
        if self.last:
            self.states.add(self.last.state)
        self.done = self.last is not None and not self.last.active
        return self.done

    def judge(self):
        """The checks."""
        checks, watch = self.bench.checks, self.watch
        what = "limit, %s: " % self.name
        points = status(self.bench.checkout, self.toy.sweep, self.root)
        finished = sum(point["state"] == "finished" for point in points or [])
        lives = [life for life in watch.lives if life.iterations]
        checks.check(what + "finished", finished == 2, states(points), "2 finished")
        if self.last is None:
            return
        checks.check(
            what + "the task came back by itself", self.last.restarts >= 2,
            "%d restarts, at the end %s" % (self.last.restarts, self.last.state), ">= 2",
        )  # fmt: skip
        checks.check(what + "never killed", "TIMEOUT" not in self.states, sorted(self.states), "")
        made = sum(len(life.iterations) for life in lives)
        extra = made - 2 * self.toy.max_iters
        checks.check(what + "iterations made again", extra == 0, extra, 0)
        faults = [fault for run in runs(self.root).values() for fault in integrity(run)]
        checks.check(what + "runs are whole", not faults, faults[:3] or "yes", "")
        early = [60 - (life.gone - life.began) for life in lives if life.gone]
        checks.check(
            what + "seconds left when it had gone", True,
            ", ".join("%.0f" % seconds for seconds in sorted(early)[:8]), "of 60",
        )  # fmt: skip


def run(bench):
    """The case."""
    bench.fresh(nodes=2, gpus_per_node=2, grace=0, kill_wait=15)
    halves = []
    try:
        for name, (script, words) in VARIANTS.items():
            if "--gpus-per-node=2" in words and not bench.slurm.own:
                bench.checks.skip("limit, " + name, "NO --cluster-tool, perhaps no GPUs")
                continue
            halves.append(Half(bench, name, script, words))
            halves[-1].watch.start()
        until(lambda: all([half.look() for half in halves]), TIME, 1)
    finally:
        for half in halves:
            half.watch.__exit__()
            bench.slurm.cancel(half.job)
    for half in halves:
        say("limit, %s: %s" % (half.name, half.last))
        half.judge()
