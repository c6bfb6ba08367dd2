"""`sweep-runner scale`: as many tasks as there is work, submitted and cancelled by the program."""

import os
import re
import time

from kit.report import say
from kit.toy import Toy
from slurm.stage import JVM, options, states, status

POINTS = 6
LIMIT = 3  # tasks at once
ROOM = 2  # of them that Slurm can run at once
EVERY = 5  # seconds between two calls, as of a timer
TIME = 400

SETTINGS = """\
sweep-runner:
  scale:
    profiles:
      small:
        gpus: 1
        limit: {limit}
        flags: "--mem=0 --cpus-per-task=1 --output={folder}/%A_%a.out"
"""


class Scale:
    """Calls the command and looks into the queue."""

    def __init__(self, bench):
        self.bench, self.checks = bench, bench.checks
        self.folder = bench.folder("scale")
        self.toy = Toy(
            self.folder, grid={"training.seed": range(1, POINTS + 1)}, max_iters=200,
            batch_size=64, eval_interval=100000, log_interval=10,
        )  # fmt: skip
        self.root = os.path.join(self.folder, "root")
        self.settings = os.path.join(bench.checkout.folder, "application.yml")
        self.jobs = []
        self.variables = {"SWEEP_RUNNER_JAVA_OPTS": JVM, "PATH": bench.slurm.environment()["PATH"]}
        if bench.slurm.configuration:
            self.variables["SLURM_CONF"] = bench.slurm.configuration

    def call(self, *more):
        """The command; what it printed."""
        done = self.bench.checkout.call(
            "scale", "--sweep", self.toy.sweep, *options(self.root), *more, env=self.variables
        )
        self.jobs += re.findall(r"Submitted (\d+)_0", done.stdout)
        return done

    def check(self, what, ok, found="", wanted=""):
        self.checks.check("scale: " + what, ok, found, wanted)

    def run(self):
        """From nothing to a finished sweep, by the command alone."""
        dry = self.call()
        told = "Would submit %d tasks as small" % LIMIT in dry.stdout
        self.check("dry run says what it would do", dry.returncode == 0 and told,
                   "" if told else dry.stdout[-300:] + dry.stderr[-300:])  # fmt: skip
        queued = self.bench.slurm.call("squeue", "-h", "-r", "-o", "%j").split()
        self.check("dry run submits nothing", not queued, queued or 0, 0)

        done = self.call("--submit")
        self.check("--submit", done.returncode == 0 and len(self.jobs) == 1, self.jobs)
        self.check("tasks in the queue", len(self.left()) == LIMIT, len(self.left()), LIMIT)
        self.call("--submit")
        self.check("again at once", len(self.left()) <= LIMIT, len(self.left()), "<= %d" % LIMIT)

        deadline = time.monotonic() + TIME
        most, last = 0, None
        while time.monotonic() < deadline:
            last = self.call("--submit")
            most = max(most, len(self.left()))
            if "Every run has ended." in last.stdout:
                break
            time.sleep(EVERY)
        points = status(self.bench.checkout, self.toy.sweep, self.root)
        finished = sum(point["state"] == "finished" for point in points or [])
        self.check("finished", finished == POINTS, states(points), POINTS)
        self.check("never more tasks than the limit", most <= LIMIT, most, "<= %d" % LIMIT)
        left = self.bench.drained(*self.jobs)
        self.check("left in the queue", not left, left or 0, 0)
        before = len(self.jobs)
        last = self.call("--submit")
        ok = last.returncode == 0 and len(self.jobs) == before and not self.left()
        self.check("nothing is submitted afterwards", ok, "" if ok else last.stdout)
        say("  scale submitted %d jobs" % len(self.jobs))

    def left(self):
        return self.bench.slurm.left(*self.jobs)


def run(bench):
    """The case."""
    if "\n  scale " not in bench.checkout.call("--help").stdout:
        bench.checks.skip("scale", "this jar has no command scale")
        return
    bench.fresh(nodes=1, gpus_per_node=ROOM, grace=0, kill_wait=15)
    scale = Scale(bench)
    with open(scale.settings, "w") as file:
        file.write(SETTINGS.format(limit=LIMIT, folder=scale.folder))
    try:
        scale.run()
    finally:
        os.remove(scale.settings)
        for job in scale.jobs:
            bench.slurm.cancel(job)
