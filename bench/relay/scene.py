"""A sweep of a program that logs with the official client: by workers, or straight to the server."""

import glob
import json
import os
import subprocess
import time

from kit import client as official
from kit import store
from kit.client import Client
from kit.events import Events
from kit.fakewandb import ENTITY
from kit.script import parser, play
from kit.worker import Worker, once

PROGRAMS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "programs")
PROJECT = "bench"

SWEEP = """\
method: grid
name: {name}
project: {project}
entity: {entity}
command: ["{python}", "{program}", "${{args}}"]
metric: {{name: loss, goal: minimize}}
parameters:
"""

# A program of these is never given up for the times that it was killed.
PATIENT = ("--failure.deaths", 10000, "--failure.limit", 10000, "--failure.limit-on-one-host", 10000)
AT_ONCE = ("--backoff.base", "1s", "--backoff.max", "1s")

RULE = "checkpoint:\n  pattern: ckpt/step-{iter}.json\n  ready: atomic\n"
NO_RULE = "checkpoint:\n  layout: none\n"


def options(description):
    """The words that all scripts here have."""
    words = parser(description)
    official.option(words)
    return words


def main(title, chosen, body):
    """Lets body(checks, jar, folder, client) check; the exit code, 2 without an official client."""
    folder = official.found(chosen.client)

    def checked(checks, jar, place):
        if not folder:
            checks.skip(title, official.WHY)
            return
        body(checks, jar, place, Client(folder, os.path.join(place, "home")))

    return play(title, chosen, checked) or (0 if folder else 2)


class Scene:
    """One sweep and its places under a folder."""

    def __init__(self, folder, jar, client, program, grid, name="relay", evidence=RULE):
        self.folder, self.jar, self.client = folder, jar, client
        os.makedirs(folder, exist_ok=True)
        self.root = os.path.join(folder, "root")
        self.program = os.path.join(PROGRAMS, program)
        self.grid = grid
        self.sweep = os.path.join(folder, name + ".yaml")
        with open(self.sweep, "w") as file:
            file.write(SWEEP.format(name=name, project=PROJECT, entity=ENTITY, python=client.python,
                                    program=self.program))  # fmt: skip
            for key, values in grid.items():
                file.write("  %s: {values: %s}\n" % (key, json.dumps(values)))
        with open(os.path.join(folder, name + ".runner.yaml"), "w") as file:
            file.write(evidence)
        self.log = Events(os.path.join(folder, "program.log"))
        self.points = 1
        for values in grid.values():
            self.points *= len(values)

    def arguments(self, *more):
        """The words of a worker."""
        return ["--sweep", self.sweep, "--storage", self.root, "--trainer", "program", "--cluster",
                "local", "--no-web", "--allow-behind", "--wait", "200ms", "--claim.beat", "1s",
                *PATIENT, *more]  # fmt: skip

    def environment(self, fake=None):
        """What a worker needs; without a server no key, and nobody to ask."""
        own = {**self.client.home(), "PROGRAM_LOG": self.log.path,
               "TIMED_OUT": os.path.join(self.folder, "timed.json")}  # fmt: skip
        return {**own, **(fake.variables() if fake else {})}

    def worker(self, name, fake, *more, **kinds):
        """A worker of the sweep, not started yet."""
        env = {**self.environment(fake), **kinds.pop("env", {})}
        before = kinds.pop("before", None)

        def at_home():
            os.chdir(self.folder)
            if before:
                before()

        return Worker(name, self.jar, self.folder, self.arguments(*more), env=env, before=at_home, **kinds)

    def command(self, *words, fake=None, **more):
        """A command of ours over the sweep."""
        return once(self.jar, words[0], "--sweep", self.sweep, "--storage", self.root, *words[1:],
                    env=self.environment(fake), **more)  # fmt: skip

    def runs(self):
        """The runs on disk, by their parameters."""
        found = {}
        for path in glob.glob(os.path.join(self.root, "out", PROJECT, "*", "*", "config.json")):
            with open(path) as file:
                config = json.load(file)
            folder = os.path.dirname(path)
            found[key(config.get("config", config))] = folder
        return found

    def straight(self, fake, point, env=None, timeout=300):
        """The program alone, without us: its CompletedProcess."""
        place = os.path.join(self.folder, "straight-%d" % time.monotonic_ns())
        os.makedirs(os.path.join(place, "out"))
        params = os.path.join(place, "params.yaml")
        with open(params, "w") as file:
            file.write("wandb_version: 1\n")
            for name, value in point.items():
                file.write("%s:\n  value: %s\n" % (name, json.dumps(value)))
        own = {
            **self.client.variables(fake), "WANDB_PROJECT": PROJECT, "WANDB_RESUME": "allow",
            "WANDB_DIR": place, "WANDB_SWEEP_PARAM_PATH": params, "OUT_DIR": os.path.join(place, "out"),
            "PYTHONUNBUFFERED": "1", "TIMED_OUT": os.path.join(place, "timed.json"),
            "PROGRAM_LOG": os.path.join(place, "program.log"), **(env or {}),
        }  # fmt: skip
        words = ["--%s=%s" % pair for pair in sorted(point.items())]
        done = subprocess.run([self.client.python, self.program, *words], env=own, cwd=place,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True, timeout=timeout)  # fmt: skip
        done.place = place
        return done


def key(point):
    """A point as something to look up by."""
    return json.dumps(point, sort_keys=True)


def points(grid):
    """All points of a grid."""
    found = [{}]
    for name, values in grid.items():
        found = [{**point, name: value} for point in found for value in values]
    return found


def by_point(fake, grid, kind=None):
    """The server's runs, of one job type or of all, by the parameters that their config holds."""
    found = {}
    for run in fake.runs().values():
        if kind and run["announced"].get("jobType") != kind:
            continue
        config = {k: v.get("value") for k, v in run["config"].items() if isinstance(v, dict)}
        if all(name in config for name in grid):
            found[key({name: config[name] for name in grid})] = run
    return found


def told_environment(folder):
    """What the newest claim of a run added to its program's environment, as its record says."""
    records = sorted(glob.glob(os.path.join(folder, "meta", "*", "program.json")))
    with open(records[-1]) as file:
        return json.load(file)["environment"]


def log_of(folder):
    """What a run's programs printed, all claims."""
    text = ""
    for path in sorted(glob.glob(os.path.join(folder, "meta", "*", "run.log")) + [folder + "/run.log"]):
        if os.path.isfile(path):
            with open(path, errors="replace") as file:
                text += file.read()
    return text


def run_of(folder):
    """The run on disk with its claim log."""
    return store.Run(folder)
