"""A sweep of a user's own program in a project of its own, and what its own log says of it.

The program is examples/program/train.py with a log around it (bench/attack/programs/logged.py).
"""

import collections
import os

from kit.census import Census
from kit.events import Events
from kit.store import runs
from kit.worker import PROJECT
from slurm.stage import JVM, Watch, states, status

LOGGED = os.path.join(PROJECT, "bench", "attack", "programs", "logged.py")
PACE = 0.03  # seconds that a step takes at least

SWEEP = """\
method: grid
name: logged
project: bench
program: logged.py
command: ["${{env}}", python3, "${{program}}", "${{args}}"]
parameters:
  hidden: {{value: 2}}
  steps: {{value: {steps}}}
  save-every: {{value: {every}}}
  seed: {{values: [{seeds}]}}
"""


class ProgramSweep:
    """Its files, its submission, and afterwards what is wrong.

    every: steps between two saves of the program; slow: seconds that it needs to save at a stop.
    """

    def __init__(self, bench, *names, points=1, steps=10**6, every=100, slow=0):
        self.bench = bench
        self.points, self.steps, self.every = points, steps, every
        self.folder = bench.folder(*names)
        self.project = os.path.join(self.folder, "project")
        self.root = os.path.join(self.folder, "root")
        os.makedirs(self.project)
        os.symlink(LOGGED, os.path.join(self.project, "logged.py"))
        self.sweep = os.path.join(self.project, "sweep.yaml")
        seeds = ", ".join(str(k + 1) for k in range(points))
        with open(self.sweep, "w") as file:
            file.write(SWEEP.format(steps=steps, every=every, seeds=seeds))
        example = os.path.join(PROJECT, "examples", "program", "sweep.runner.yaml")
        with open(example) as given, open(self.sweep[:-5] + ".runner.yaml", "w") as file:
            file.write(given.read())
        self.log = Events(os.path.join(self.folder, "program.log"))
        self.watch = Watch(os.path.join(self.folder, "events"), 0.05)
        self.variables = {
            "PROGRAM_LOG": self.log.path, "PROGRAM_PACE": PACE, "PROGRAM_SLOW": slow,
            "SWEEP_RUNNER": bench.checkout.program, "SWEEP_RUNNER_JAVA_OPTS": JVM,
        }  # fmt: skip

    def words(self, *more):
        """Options of the worker."""
        return [
            "--storage", self.root, "--no-web", "--allow-behind", "--wandb", "disabled",
            "--wait", "2s", "--test.events", self.watch.path, *more,
        ]  # fmt: skip

    def submit(self, script, *words, options=(), **variables):
        """Submits a script in the project's folder; the job's id."""
        output = "--output=%s/%%A_%%a.out" % self.folder
        return self.bench.slurm.submit(
            script, *words, options=[output, "--open-mode=append", *options], cwd=self.project,
            **{**self.variables, **variables},
        )  # fmt: skip

    def script(self, name, *without):
        """A script of slurm/ without the lines that begin like this."""
        with open(self.bench.checkout.script(name)) as file:
            lines = [line for line in file if not line.startswith(tuple(without) or "\0")]
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.writelines(lines)
        return path

    # ---- what the program says

    def events(self, *kinds):
        """Of these kinds, all so far, in their order."""
        self.log.poll()
        return [event for event in self.log.seen if event["event"] in kinds]

    def made(self):
        """Steps that were made, each as often as it was."""
        return len(self.events("step"))

    def lost(self, epoch):
        """Steps of a claim that it did not save (a sweep of one point)."""
        reached = [e["step"] for e in self.events("step") if e["epoch"] == epoch]
        saved = [e["step"] for e in self.events("save", "resume", "start") if e["epoch"] == epoch]
        return max(reached, default=0) - max(saved, default=0)

    def step_faults(self):
        """Where a run's steps are not 1, 2, 3, ... to the end, each once."""
        by_run = collections.defaultdict(list)
        for event in self.events("step"):
            by_run[event["run"]].append(event["step"])
        faults = ["%d runs trained" % len(by_run)] if len(by_run) != self.points else []
        for run, steps in by_run.items():
            odd = next((k for k, step in enumerate(steps) if step != k + 1), None)
            if odd is not None:
                faults.append("%s: step %d after %d steps" % (run, steps[odd], odd))
            elif len(steps) != self.steps:
                faults.append("%s: %d steps" % (run, len(steps)))
        return faults

    def journal_faults(self):
        """Where the rows of a run are not those of the steps at which the program saved."""
        faults = []
        for run in runs(self.root).values():
            saved = {e["step"] for e in self.events("save") if e["run"] == run.run_id}
            rows = [row["iter"] for row in run.rows()]
            if rows != sorted(saved):
                odd = sorted(saved.symmetric_difference(rows))
                faults.append("%s: %d rows, %d saves, of one only: %s"
                              % (run.run_id, len(rows), len(saved), odd[:5]))  # fmt: skip
        return faults

    def overlap_faults(self):
        """Where a claim did anything after a later claim of its run had begun."""
        newest, faults = {}, []
        for event in sorted(self.log.seen, key=lambda e: e["clock"]):
            if event["epoch"] < newest.get(event["run"], 0):
                faults.append("%s: claim %d in %s after the next one had begun"
                              % (event["run"], event["epoch"], event["event"]))  # fmt: skip
            newest[event["run"]] = max(event["epoch"], newest.get(event["run"], 0))
        return faults

    def unsaved_ends(self):
        """(claims that ended before their run did, those of them whose last step was not saved)."""
        last = {}
        for event in self.events("start", "resume", "step", "save", "finish"):
            last[(event["run"], event["epoch"])] = event
        ends = {claim: event for claim, event in last.items() if event["event"] != "finish"}
        return len(ends), ["%s/%d at %d" % (*claim, event["step"])
                           for claim, event in ends.items() if event["event"] == "step"]  # fmt: skip

    def output(self):
        """What the tasks printed."""
        text = ""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".out"):
                with open(os.path.join(self.folder, name), errors="replace") as file:
                    text += file.read()
        return text

    # ---- what is there

    def states(self):
        """The states of its points, as text."""
        return states(status(self.bench.checkout, self.sweep, self.root))

    def left(self):
        """Processes of any claim, and whoever has a file of the storage open."""
        found = Census(self.root, set()).count()
        return ["pid %d (%s)" % (process.pid, how) for _, process, how in found]
