"""A script that somebody had for `wandb agent`: one line is replaced, and nothing else."""

import os
import time

from kit.compare import integrity
from kit.events import until
from kit.report import say
from kit.store import runs
from kit.toy import Toy
from slurm.stage import JVM, Watch, options, states, status

EVERY = 25  # iterations between two checkpoints
REQUEUES = 3
POINTS = 3
TIME = 600

# As people write them: an environment is activated, a proxy named, a GPU chosen, and the agent is
# one line among others.
SCRIPT = """#!/bin/bash
#SBATCH --job-name=agent
#SBATCH --array=0-1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=02:00:00

source "{folder}/activate"
conda activate sweeps

export http_proxy=http://proxy.invalid:3128
export https_proxy=http://proxy.invalid:3128
export HTTPS_PROXY=$https_proxy
export CUDA_VISIBLE_DEVICES=${{CUDA_VISIBLE_DEVICES:-0}}
export OMP_NUM_THREADS=1

cd "{checkout}"
echo "Starting on $(hostname) at $(date)"
{line}
echo "Agent ended with $?"
"""
ACTIVATE = """conda() {
  export CONDA_DEFAULT_ENV=$2 PATH="/opt/conda/envs/$2/bin:$PATH"
  PS1="($2) ${PS1:-}"
}
"""
AGENT = 'wandb agent "me/toy/abc123"'


class User:
    """The script with one line replaced, and its array."""

    def __init__(self, bench, name, prefix):
        self.bench, self.name = bench, name
        folder = bench.folder("user-script", name.replace(" ", "-"))
        self.toy = Toy(
            folder, grid={"training.seed": range(1, POINTS + 1)}, max_iters=500, batch_size=64,
            eval_interval=100000, log_interval=10,
        )  # fmt: skip
        self.root = os.path.join(folder, "root")
        self.watch = Watch(os.path.join(folder, "events"))
        with open(os.path.join(folder, "activate"), "w") as file:
            file.write(ACTIVATE)
        script = SCRIPT.format(folder=folder, checkout=bench.checkout.folder, line=AGENT)
        words = ["./sweep-runner", "--sweep", self.toy.sweep]
        words += options(self.root, self.watch.path, EVERY)
        script = script.replace(AGENT, prefix + " ".join(words))
        path = os.path.join(folder, "script.sh")
        with open(path, "w") as file:
            file.write(script)
        self.job = bench.slurm.submit(
            path, options=["--output=%s/%%A_%%a.out" % folder], cwd=folder,
            SWEEP_RUNNER_JAVA_OPTS=JVM,
        )  # fmt: skip
        self.requeues = []  # (life, iterations lost)
        self.last = 0.0

    def step(self):
        """Requeues a task that trains, now and then; whether all is over."""
        tasks = self.bench.slurm.tasks(self.job)
        if tasks and not any(task.active for task in tasks.values()):
            return True
        if len(self.requeues) < REQUEUES and time.monotonic() > self.last + 8:
            ready = [life for life in self.watch.training() if len(life.iterations) > EVERY]
            if ready:
                life = ready[len(self.requeues) % len(ready)]
                if self.bench.slurm.requeue(life.task):
                    self.requeues.append(life)
                    self.last = time.monotonic()
        return False

    def judge(self):
        """The checks; iterations made again."""
        checks = self.bench.checks
        what = "user-script, %s: " % self.name
        points = status(self.bench.checkout, self.toy.sweep, self.root)
        finished = sum(point["state"] == "finished" for point in points or [])
        checks.check(what + "finished", finished == POINTS, states(points), "%d finished" % POINTS)
        made = sum(len(life.iterations) for life in self.watch.lives)
        extra = made - POINTS * self.toy.max_iters
        most = 0 if self.name == "exec" else len(self.requeues) * EVERY
        checks.check(
            what + "iterations made again", 0 <= extra <= most,
            "%d, for %d requeues" % (extra, len(self.requeues)), "<= %d" % most,
        )  # fmt: skip
        faults = [fault for run in runs(self.root).values() for fault in integrity(run)]
        checks.check(what + "runs are whole", not faults, faults[:3] or "yes", "")


def run(bench):
    """The case."""
    bench.fresh(nodes=2, gpus_per_node=4, grace=0, kill_wait=15)
    users = [User(bench, "as it is", ""), User(bench, "exec", "exec ")]
    try:
        for user in users:
            user.watch.start()
        over = set()
        def all_over():
            over.update(user for user in users if user not in over and user.step())
            return len(over) == len(users)

        until(all_over, TIME, 0.3)
    finally:
        for user in users:
            user.watch.__exit__()
            bench.slurm.cancel(user.job)
    say("requeues: %s" % ", ".join("%s %d" % (u.name, len(u.requeues)) for u in users))
    for user in users:
        user.judge()
