"""`scale` for an hour, as a user leaves it alone: killed, rivalled, preempted, refused, cancelled.

Two profiles, two of `scale --watch`, a program of one's own. At the end every step must have been
made, nothing may have stood in the queue beyond the bounds, and little may be left on disk. An
interrupt (Ctrl-C, SIGTERM) ends it early, with a verdict on what was seen until then.
"""

import collections
import os
import random
import re
import signal
import time

from kit.compare import journal_faults
from kit.report import say
from kit.store import runs
from slurm.cluster import NoSlurm
from slurm.program_sweep import SWEEP, ProgramSweep
from slurm.scaler import QUEUED, Counted, Watching, rows
from slurm.stage import status

LIMITS = {"night": 2, "day": 2}  # the profiles, on a node of two GPUs each
PROFILES = {
    "night": "partition: low\n        limit: 2\n        flags: '--nodelist=n1 --time=5 {more}'",
    "day": "partition: keep\n        limit: 2\n        flags: '--nodelist=n2 --time=30 {more}'",
}
EVERY = 10  # seconds between two looks of `scale`
STEPS, SAVED, PACE = 400, 50, 0.2  # of a point, between two checkpoints, seconds each
BATCH = 6  # points of a sweep
PER_LOOK, UNCLAIMED = 4, 16  # the defaults of scale.per-look and scale.unclaimed-per-hour
LAST = 480  # seconds at most for what is left when the time is over
MISSING = "echo 'module: command not found' >&2; exit 127"


class Soak:
    """The sweeps, the two that scale them, and what is done to them."""

    def __init__(self, bench):
        self.bench, self.slurm, self.checkout = bench, bench.slurm, bench.checkout
        self.seconds = 60 * bench.options.minutes
        self.draw = random.Random(bench.options.seed)
        self.sweep = ProgramSweep(bench, "soak", points=0, steps=STEPS, every=SAVED)
        self.folder, self.root = self.sweep.folder, self.sweep.root
        self.counted = Counted(bench.slurm, self.folder)
        self.sweeps, self.list = [], os.path.join(self.folder, "sweeps.txt")
        self.scalers, self.count = [None, None], 0
        self.high, self.blows, self.samples, self.litter = [], collections.Counter(), [], []
        self.dead_node = self.over = None
        self.tasks = {}  # id: (profile, whether it was seen to run, its newest state)
        self.codes = []

    # ---- what is there

    def begin(self):
        """Two sweeps, the profiles, and who scales them."""
        more = "--gpus=1 --mem=0 --cpus-per-task=1"
        with open(os.path.join(self.sweep.project, "application.yml"), "w") as file:
            file.write("sweep-runner:\n  scale:\n    profiles:\n")
            for name, text in PROFILES.items():
                file.write("      %s:\n        %s\n" % (name, text.format(more=more)))
        self.add()
        self.add()
        self.sweep.watch.start()

    def add(self):
        """One sweep more, in the file that `scale` reads at each look."""
        number = len(self.sweeps)
        path = os.path.join(self.sweep.project, "sweep%d.yaml" % number)
        seeds = ", ".join(str(100 * number + k) for k in range(BATCH))
        text = SWEEP.format(steps=STEPS, every=SAVED, seeds=seeds)
        with open(path, "w") as file:
            file.write(text.replace("name: logged", "name: soak%d" % number))
        with open(os.path.join(self.sweep.project, "sweep.runner.yaml")) as given:
            with open(path[:-5] + ".runner.yaml", "w") as file:
                file.write(given.read())
        self.sweeps.append(path)
        self.sweep.points += BATCH
        with open(self.list, "a") as file:
            file.write(path + "\n")

    def start(self, place):
        """One of the two `scale`."""
        self.count += 1
        words = [
            self.checkout.program, "scale", "--submit", "--watch=%d" % EVERY,
            "--sweeps-from", self.list, *self.sweep.words("--exit-when-idle=30s"),
        ]  # fmt: skip
        variables = {k: str(v) for k, v in self.sweep.variables.items()}
        variables["PROGRAM_PACE"] = str(PACE)
        del variables["SWEEP_RUNNER"]  # `scale` hands its own launcher to its tasks
        variables["PATH"] = self.counted.folder + ":" + self.slurm.environment()["PATH"]
        self.scalers[place] = Watching(
            words, os.path.join(self.folder, "scale-%03d.out" % self.count), self.sweep.project,
            self.slurm.environment(**variables),
        )  # fmt: skip

    def ended(self):
        """Points whose run has ended."""
        return len({event["run"] for event in self.sweep.events("finish")})

    # ---- what is done

    def plan(self):
        """(when, what): every two minutes a preemption, each thing else a few times."""
        end, plan = self.seconds, []
        every = {"preempt": 120, "requeue": 150, "kill scale": 200, "kill second": 330}
        for what, step in every.items():
            plan += [(at, what) for at in range(int(min(step, end / 4)), int(end), step)]
        plan += [
            (0.20 * end, "launcher fails"), (0.20 * end + min(240, 0.15 * end), "launcher works"),
            (0.45 * end, "scancel"), (0.60 * end, "node fails"),
            (0.60 * end + min(90, 0.1 * end), "node is back"), (0.80 * end, "controller fails"),
            (0.80 * end + 10, "controller is back"),
        ]  # fmt: skip
        return sorted(plan)

    def blow(self, what):
        """One of these."""
        say("  %4.1f min: %s" % ((time.time() - self.began) / 60, what))
        self.blows[what] += 1
        if what in ("requeue", "scancel"):
            mine = [row for row in rows(self.slurm) if row.state == "RUNNING"]
            if mine:
                task = self.draw.choice(mine).id
                self.slurm.requeue(task) if what == "requeue" else self.slurm.cancel(task)
        elif what == "preempt":
            self.high.append(self.slurm.submit(
                self.bench.sleeper(5), options=["--partition=high", "--gpus=2", "--nodelist=n1",
                                                "--nodes=1", "--output=/dev/null"]))  # fmt: skip
        elif what.startswith("kill"):
            self.kill(what == "kill second")
        elif what.startswith("launcher"):
            self.checkout.in_tasks(MISSING if what.endswith("fails") else None)
            lives = self.sweep.watch.training()
            if what.endswith("fails") and lives:
                os.kill(lives[0].pid, signal.SIGKILL)  # so that somebody has to start
                self.blows["killed worker"] += 1
        elif what == "node fails":
            self.dead_node = "n2"
            self.slurm.crash_node("n2")
        elif what == "node is back":
            self.slurm.start_node("n2")
            self.dead_node = None
        elif what == "controller fails":
            self.slurm.kill_controller()
        elif what == "controller is back":
            self.slurm.start_controller()

    def kill(self, second):
        """SIGKILL to the `scale` that submits, or to the other one; it is started again below."""
        seated = next((k for k, s in enumerate(self.scalers) if s and "Submitted" in s.said()), 0)
        victim = self.scalers[1 - seated if second else seated]
        if victim and victim.ended() is None:
            victim.kill()

    # ---- what is seen

    def sample(self):
        """The queue now, and the dead `scale` back after a while."""
        try:
            found = rows(self.slurm)
        except NoSlurm:
            return
        count = collections.Counter()
        for row in found:
            profile = row.name.rsplit("-", 1)[1]
            ran = self.tasks.get(row.id, ("", False))[1]
            ran |= row.state not in ("PENDING", "CANCELLED")
            self.tasks[row.id] = (profile, ran, row.state)
            count[profile] += row.state in QUEUED[:-1]
            if "held" in row.reason.lower() and row.state == "PENDING":
                self.blows["released by a person"] += 1
                self.slurm.attempt("scontrol", "release", row.id)
        self.samples.append((time.time(), count))
        if len(self.samples) % 30 == 0 and not self.dead_node:
            self.slurm.attempt("scontrol", "update", "NodeName=n2", "State=RESUME")

    def watch_scalers(self, restart):
        """Who has ended is started again, by chance within some ten seconds."""
        for place, scaler in enumerate(self.scalers):
            if scaler and scaler.ended() is not None:
                self.codes.append(scaler.ended())
                self.scalers[place] = None
            if self.scalers[place] is None and restart and self.draw.random() < 0.2:
                self.start(place)

    def count_litter(self):
        """Files and folders beside the runs: of workers, Spring Batch and scale."""
        found = collections.Counter()
        for name in (".workers", ".batch", ".scale"):
            for folder, _, files in os.walk(os.path.join(self.root, "out", name)):
                found["logs" if folder.endswith("logs") else name] += len(files)
        self.litter.append(((time.time() - self.began) / 60, dict(found)))

    # ---- its course

    def run(self):
        """Until everything is done, or it is interrupted."""
        self.begin()
        self.start(0)
        self.began = time.time()
        plan, looked = self.plan(), [60, self.seconds / 2]
        while not self.over:
            now = time.time() - self.began
            while plan and plan[0][0] <= now and now < self.seconds:
                try:
                    self.blow(plan.pop(0)[1])
                except NoSlurm as error:
                    say("  %s" % error)
            if looked and now > looked[0]:
                looked.pop(0)
                self.count_litter()
            time.sleep(2)
            self.sample()
            done, all_done = self.ended(), self.sweep.points
            if now < self.seconds and all_done - done < BATCH:
                self.add()
            self.watch_scalers(now > 20 and (now < self.seconds or done < all_done))
            late = now > self.seconds + LAST
            if now > self.seconds and (late or done == all_done and self.quiet()):
                break
        self.took = time.time() - self.began
        self.count_litter()

    def quiet(self):
        """Whether nothing of it is left: nobody scales, nothing is queued."""
        newest = self.samples[-1][1] if self.samples else {}
        return not any(self.scalers) and not any(newest.values())

    def close(self):
        """Ends what is left."""
        for scaler in self.scalers:
            if scaler:
                scaler.kill()
        self.sweep.watch.__exit__()
        if self.slurm.attempt("scontrol", "ping").returncode != 0:
            self.slurm.start_controller()
        found = rows(self.slurm)
        self.left = [row.id for row in found if row.state in QUEUED]
        for job in {row.job for row in found if row.state in QUEUED} | set(self.high):
            self.slurm.cancel(job)
        self.bench.drained(*{row.job for row in found}, timeout=60)

    # ---- what came of it

    def judge(self):
        """The checks; after an early end those that can be made."""

        def check(what, ok, found="", wanted=""):
            self.bench.checks.check("soak: " + what, ok, found, wanted)

        minutes = self.took / 60
        met = ", ".join("%d x %s" % (n, what) for what, n in self.blows.items())
        say("soak: %.0f minutes, %s" % (minutes, met))
        sweep = self.sweep
        done = "%d of %d points in %.0f min" % (self.ended(), sweep.points, minutes)
        if self.over:
            self.bench.checks.skip("soak: all points finished", "ENDED EARLY, %s" % done)
        else:
            check("all points finished", self.finished() == sweep.points,
                  "%s; status: %d" % (done, self.finished()), sweep.points)  # fmt: skip
            check("scale left by itself when all was done", 0 in self.codes,
                  dict(collections.Counter(self.codes)), 0)  # fmt: skip
        self.judge_queue(check, minutes)
        self.judge_steps(check)
        answer = self.checkout.call("audit", "--storage", self.root)
        check("audit", answer.returncode == 0 or self.over, answer.stdout.strip()[-160:], "exit 0")
        for at, found in self.litter:
            say("  on disk after %.0f min: %s" % (at, found))
        first, last = self.litter[0][1], self.litter[-1][1]
        small = sum(last.get(name, 0) for name in (".workers", ".batch", ".scale"))
        # For a week: of each task its worker's report, and name and restart memory where it was ended.
        ended = sum(task[2] != "COMPLETED" for task in self.tasks.values())
        most = 20 + len(self.tasks) + 2 * ended
        check("files beside the runs at the end", small <= most,
              "%d (%s) after %d tasks; first %s" % (small, last, len(self.tasks), first),
              "<= %d" % most)  # fmt: skip

    def finished(self):
        """As `status` says."""
        told = [status(self.checkout, path, self.root) or [] for path in self.sweeps]
        return sum(point["state"] == "finished" for points in told for point in points)

    def judge_queue(self, check, minutes):
        """What was submitted, and how much stood in the queue."""
        for name, limit in LIMITS.items():
            most = max((count[name] for _, count in self.samples), default=0)
            check("most tasks of %s at once" % name, 0 < most <= limit,
                  "%d in %d samples" % (most, len(self.samples)), "<= %d" % limit)  # fmt: skip
        calls = self.counted.calls("sbatch", "--array=")
        sizes = [1 + int(re.search(r"--array=0-(\d+)", said).group(1)) for _, said in calls]
        check("tasks in one submission", max(sizes, default=0) <= PER_LOOK, max(sizes, default=0),
              "<= %d" % PER_LOOK)  # fmt: skip
        per_hour = 60 * sum(sizes) / minutes
        check("submitted", True, "%d tasks in %d calls, %.0f tasks an hour for %d points"
              % (sum(sizes), len(calls), per_hour, self.ended()))  # fmt: skip
        fruitless = self.fruitless()
        for name in LIMITS:
            most = UNCLAIMED * max(1, minutes / 60)
            check("tasks of %s that ran and never held a run" % name, fruitless[name] <= most,
                  "%d" % fruitless[name], "<= %.0f" % most)  # fmt: skip
        for name in ("squeue", "scontrol", "scancel", "sbatch", "sinfo", "sacct"):
            made = self.counted.calls(name)
            if made:
                size = sum(int(said) for _, said in self.counted.calls("bytes-of-" + name))
                say("  %s: %.1f calls a minute, %.0f bytes each"
                    % (name, len(made) / minutes, size / len(made)))  # fmt: skip
        left = self.left
        check("left in the queue", not left or self.over, left or 0, 0)

    def fruitless(self):
        """By profile: tasks that ran, have ended, and whose worker never began a run."""
        held = {life.task for life in self.sweep.watch.lives if life.of("start", "resume")}
        return collections.Counter(
            profile for name, (profile, ran, state) in self.tasks.items()
            if ran and state not in QUEUED and name not in held
        )  # fmt: skip

    def judge_steps(self, check):
        """Every step once, but for what a crash of the node took."""
        made = collections.Counter((e["run"], e["step"]) for e in self.sweep.events("step"))
        again = sum(made.values()) - len(made)
        hard = 2 * self.blows["node fails"] + self.blows["killed worker"]
        check("steps made again", again <= hard * SAVED, again,
              "<= %d, by the node that failed and a kill" % (hard * SAVED))  # fmt: skip
        ended = {event["run"] for event in self.sweep.events("finish")}
        holes = [run for run in ended if any((run, k + 1) not in made for k in range(STEPS))]
        check("steps of what has ended", not holes, holes[:3] or "%d each" % STEPS, "")
        faults = self.sweep.overlap_faults()
        for run in runs(self.root).values():
            if run.run_id in ended and run.finish():
                faults += run.log_faults() or journal_faults(run, run.finish())
        check("journals and claim logs", not faults, faults[:3] or "whole", "")


def run(bench):
    """The case."""
    bench.fresh(nodes=2, gpus_per_node=2, grace=0, kill_wait=15)
    soak = Soak(bench)
    if "--sweeps-from" not in bench.checkout.call("scale", "--help").stdout:
        bench.checks.check("soak: scale reads sweeps from a file", False, "no --sweeps-from")
        return

    def interrupted(*_):
        soak.over = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, interrupted) for number in numbers}
    try:
        soak.run()
    finally:
        soak.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    soak.judge()
