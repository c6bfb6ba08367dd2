"""An array meets everything that Slurm may do to it; the sweep must end as if nothing had been.

Eight tasks on two nodes that look to them like two machines. At random: requeues, preemptions,
SIGKILL by Slurm and by hand; and once each a node that crashes, one that Slurm loses sight of while
its processes live on beside their own next lives, and a crash of the controller. Tasks that ended
for good are requeued by hand a while later.
"""

import collections
import os
import random
import signal
import statistics
import subprocess
import time

from kit import compare, store
from kit.events import until
from kit.report import say, table
from kit.toy import Toy
from kit.worker import command
from slurm.cluster import NoSlurm
from slurm.stage import JVM, Watch, environment, options, states, status

TASKS = 8
GPUS = 6  # of each node: one node alone has room for some of the other's tasks
EVERY = 20  # iterations between two checkpoints
CRED_EXPIRE = 5  # seconds that Slurm lets a requeued task wait
AWAY = 75  # seconds until a lost node comes back
REVIVE = 10  # seconds until a task that ended for good is requeued by hand
OWN = 0.8  # of the runs that were taken from a task that comes back go on there
SLACK = 5.0  # seconds that a task may lose beyond Slurm's part and a start

# How often each is drawn.
BLOWS = {"requeue": 8, "preempt": 4, "scancel KILL": 2, "kill -9": 5}
ONCE = ("crash", "cut off")
HARD = ("scancel KILL", "kill -9", *ONCE)  # may cost what was done since a checkpoint
KILLS = ("scancel KILL", "kill -9")  # Slurm does not bring the task back, so others take its run


class Blow:
    """Something that was done to a task."""

    def __init__(self, kind, life):
        self.kind, self.life, self.at = kind, life, time.time()


class Array:
    """The sweep, its tasks, and what is done to them."""

    def __init__(self, bench, toy, folder):
        self.bench, self.slurm, self.toy = bench, bench.slurm, toy
        self.folder = folder
        self.root = os.path.join(folder, "root")
        self.watch = Watch(os.path.join(folder, "events"))
        self.draw = random.Random(bench.options.seed)
        self.blows = []
        self.high = []
        self.dead = {}  # task: when it was seen to have ended for good
        self.notes = []
        self.crashed = self.down = None
        self.stage = 0  # of the three that come once
        self.controller = False
        self.next = 0.0

    def run(self):
        """From the submission until the queue is empty."""
        self.job = self.slurm.submit(
            self.bench.checkout.script("run_sweep.sh"), self.toy.sweep,
            *options(self.root, self.watch.path, EVERY), cwd=self.bench.checkout.folder,
            options=["--array=0-%d" % (TASKS - 1), "--gpus=1", "--cpus-per-task=1", "--mem=0",
                     "--output=%s/%%A_%%a.out" % self.folder],
            SWEEP_RUNNER_JAVA_OPTS=JVM,
        )  # fmt: skip
        with self.watch:
            deadline = time.monotonic() + self.bench.options.limit
            while self.finished() < self.toy.points and time.monotonic() < deadline:
                try:
                    self.step()
                except (NoSlurm, subprocess.TimeoutExpired) as error:
                    self.notes.append(str(error)[:100])
                time.sleep(0.3)
            self.took = self.bench.options.limit - (deadline - time.monotonic())
            self.mend()
            self.left = self.bench.drained(self.job, timeout=90)
            self.ends = self.slurm.tasks(self.job)
            self.slurm.cancel(self.job)

    def finished(self):
        """How many runs have ended."""
        ended = {
            event["run"] for life in list(self.watch.lives) for event in life.of("ended.FINISHED")
        }
        return len(ended | {run.run_id for run in self.closed()})

    def closed(self):
        locks = os.path.join(self.root, "out", "bench", ".locks")
        for run in store.runs(self.root).values():
            if os.path.exists(os.path.join(locks, run.run_id + ".done")):
                yield run

    # ---- what is done

    def step(self):
        now = time.monotonic()
        if self.controller is not True:
            self.mend_some(now)
        if now < self.next or self.controller is True:
            if self.controller is True and now > self.down + 8:
                self.slurm.start_controller()
                self.controller = "was down"
                say("  the controller is back")
            return
        progress = self.finished() / self.toy.points
        if progress > (0.2, 0.45, 0.7, 2)[self.stage] and not self.crashed:
            if self.stage == 2:
                self.slurm.kill_controller()
                self.controller, self.down = True, now
                say("  the controller is killed")
            else:
                self.crash(now, "crash" if self.stage == 0 else "cut off")
            self.stage += 1
        elif len(self.blows) < self.bench.options.blows:
            self.blow()
        self.next = now + self.draw.uniform(2, 7)

    def blow(self):
        """One of the usual things, to a task that trains."""
        lost = self.crashed and self.crashed[0]  # Slurm reaches nobody there
        lives = [life for life in self.watch.training() if life.node != lost]
        lives.sort(key=lambda life: life.task)
        if len(lives) < 3:
            return
        kind = self.draw.choices(list(BLOWS), list(BLOWS.values()))[0]
        life = self.draw.choice(lives)
        if kind == "preempt":
            self.preempt(life)
            return
        self.blows.append(Blow(kind, life))
        if kind == "requeue":
            self.slurm.requeue(life.task)
        elif kind == "scancel KILL":
            self.slurm.cancel("--signal=KILL", life.task)
        else:
            os.kill(life.pid, signal.SIGKILL)

    def preempt(self, life):
        """A job of the partition high takes a GPU of the node; who must go, Slurm says."""
        tasks = self.slurm.tasks(self.job).values()
        there = sum(task.state == "RUNNING" and task.node == life.node for task in tasks)
        job = self.slurm.submit(
            self.bench.sleeper(2), options=["--partition=high", "--output=/dev/null",
                                            "--gpus=%d" % (GPUS - there + 1),
                                            "--nodelist=" + life.node])  # fmt: skip
        before = {life.task for life in self.watch.training()}
        at = time.time()
        self.high.append(job)

        def gone():
            return [
                life for life in list(self.watch.lives)
                if life.task in before and life.gone and life.gone > at
                and not any(blow.life is life for blow in self.blows)
            ]  # fmt: skip

        for victim in until(gone, 5) or []:
            blow = Blow("preempt", victim)
            blow.at = at
            self.blows.append(blow)

    def crash(self, now, how):
        """A node is gone with all that ran on it, or is only cut off and works on."""
        lives = self.watch.training()
        node = max(self.slurm.nodes(), key=lambda node: sum(life.node == node for life in lives))
        victims = [life for life in lives if life.node == node]
        self.blows += [Blow(how, life) for life in victims]
        if how == "crash":
            self.slurm.crash_node(node)
        else:
            self.slurm.use("kill-node", node)
        self.crashed = (node, now)
        say("  %s: %s, with %d tasks that trained" % (how, node, len(victims)))

    def mend_some(self, now):
        """Brings the node back a while after Slurm has missed it; requeues what ended for good."""
        if self.crashed and now > self.crashed[1] + AWAY:
            self.slurm.start_node(self.crashed[0])
            say("  %s is back" % self.crashed[0])
            self.crashed = None
        if not self.crashed:  # Slurm drains a node on which it finds jobs that it had given up
            for line in self.slurm.call("sinfo", "-h", "-N", "-o", "%N %T").splitlines():
                node, state = line.split()
                if state.startswith("drain"):
                    self.notes.append("%s was drained" % node)
                    self.slurm.attempt(
                        "scontrol", "update", "NodeName=" + node, "State=RESUME"
                    )
        for task in self.slurm.tasks(self.job).values():
            if task.state == "PENDING" and "held" in task.reason.lower():
                self.notes.append("%s: %s" % (task.name, task.reason))
                self.slurm.attempt("scontrol", "release", task.name)
            if task.active:
                self.dead.pop(task.name, None)
            elif now > self.dead.setdefault(task.name, now) + REVIVE:
                self.slurm.requeue(task.name)

    def mend(self):
        """At the end everything must be up, or nothing drains."""
        if self.controller is True:
            self.slurm.start_controller()
        if self.crashed:
            self.slurm.start_node(self.crashed[0])
        for job in self.high:
            self.slurm.cancel(job)


def calm(bench, toy, root):
    """The undisturbed sweep, by as many workers as there are cores; their exit codes."""
    processes = []
    count = min(4, os.cpu_count() or 1)
    jar = os.path.join(bench.checkout.folder, "target", "sweep-runner.jar")
    for number in range(count):
        words = options(root, every=EVERY) + ["--sweep", toy.sweep, "--worker", "calm%d" % number]
        processes.append(
            subprocess.Popen(
                command(jar, *words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=environment(), cwd=toy.folder,
            )  # fmt: skip
        )
    return [process.wait(3600) for process in processes]


def judge(bench, array, calm_root):
    """All that must hold afterwards."""
    check = lambda what, ok, found, wanted="": bench.checks.check(  # noqa: E731
        "array: " + what, ok, found, wanted
    )
    toy, watch = array.toy, array.watch
    points = status(bench.checkout, toy.sweep, array.root)
    done = sum(point["state"] == "finished" for point in points or [])
    check("finished", done == toy.points, "%s in %.0f s" % (states(points), array.took), toy.points)
    check("left in the queue", not array.left, array.left or 0, 0)
    kinds = collections.Counter(blow.kind for blow in array.blows)
    text = ", ".join("%d %s" % (kinds[kind], kind) for kind in (*BLOWS, *ONCE))
    check("what it met", all(kinds[k] for k in ("requeue", "preempt", "kill -9", *ONCE)), text)
    check("controller killed", array.controller == "was down", array.controller or "no", "was down")
    ends = collections.Counter("%s %s" % (t.state, t.code) for t in array.ends.values())
    check("how the tasks ended", True, ", ".join("%d %s" % (n, e) for e, n in ends.items()))
    if array.notes:
        say("  notes: %s" % "; ".join(sorted(set(array.notes))[:10]))

    hard = sum(kinds[kind] for kind in HARD)
    made = sum(len(life.iterations) for life in watch.lives)
    extra = made - toy.points * toy.max_iters
    late = superseded(array)
    check(
        "iterations made again", 0 <= extra - late <= hard * EVERY,
        "%d, and %d by lives that had been superseded" % (extra - late, late),
        "<= %d" % (hard * EVERY),
    )  # fmt: skip
    soft = [blow.life.lost() for blow in array.blows if blow.kind not in HARD]
    check("lost where Slurm gave notice", sum(soft) == 0, sum(soft), 0)
    claims = [(e["run"], e["epoch"]) for life in watch.lives for e in life.of("start", "resume")]
    check("no claim held twice", len(claims) == len(set(claims)), len(claims), "all differ")
    check("event file is whole", watch.torn == 0, watch.torn, 0)

    found = compare.differences(calm_root, array.root)
    for line in found[:20]:
        say("  " + line)
    check("equal to the undisturbed sweep", not found, "%d differences" % len(found), 0)
    runs = store.runs(array.root)
    faults = [f"{run.run_id}: {fault}" for run in runs.values() for fault in run.log_faults()]
    check("every claim log dense, ended in FINISH", not faults, faults[:3] or len(runs))
    idle(check, array)


def idle(check, array):
    """What a task lost between two lives: its stop, Slurm's part, its start; who had its run."""
    watch = array.watch
    resumes = [(e["at"], e["run"], life) for life in watch.lives for e in life.of("resume")]
    cold = [life.first - life.began for life in watch.lives if life.first and not life.restarts]
    rows, own, others = collections.defaultdict(list), [], []
    for blow in array.blows:
        run, _ = blow.life.reached
        ended = any(e["run"] == run for e in blow.life.of("ended.FINISHED"))
        heirs = sorted((at, life) for at, it, life in resumes if it == run and at > blow.at)
        wait = heirs[0][0] - blow.at if heirs else None
        later = [life for life in watch.of(blow.life.task) if life.began > blow.life.began]
        after = later[0] if later and later[0].first else None
        if blow.kind not in KILLS and heirs and not ended:
            own.append(heirs[0][1].task == blow.life.task)
            if not own[-1]:
                others.append("%s, %s, %.0f s later" % (run, blow.kind, wait))
        if after is None or after.iterations[0]["run"] != run and not free(array, after):
            continue  # it found nothing to do, or had to wait for work
        end = blow.at if blow.kind in ONCE else max(blow.at, blow.life.gone)
        rows[blow.kind].append(
            (end - blow.at, after.began - end, after.first - after.began, wait)
        )
    shown = []
    for kind in (*BLOWS, *ONCE):
        if rows[kind]:
            columns = [[x for x in column if x is not None] for column in zip(*rows[kind])]
            cells = ["%.1f (%.1f)" % (statistics.median(c), max(c)) if c else "-" for c in columns]
            shown.append((kind, len(rows[kind]), *cells))
    print()
    table(
        ("seconds, median (max)", "lives", "stop", "Slurm's part", "start to iteration",
         "until the run went on"), shown,
    )  # fmt: skip
    soft = [stop + start for k in rows if k not in HARD for stop, _, start, _ in rows[k]]
    start = max(cold, default=0.0)
    check(
        "seconds lost per requeue, without Slurm's part", soft and max(soft) <= start + SLACK,
        "%.1f at most" % max(soft, default=0), "<= start (%.1f) + %.0f" % (start, SLACK),
    )  # fmt: skip
    check(
        "requeued runs that their own task went on with", own and sum(own) >= OWN * len(own),
        "%d of %d%s" % (sum(own), len(own), "".join("; " + other for other in others)),
        ">= %.0f %%" % (100 * OWN),
    )  # fmt: skip


def superseded(array):
    """Iterations that lives on a cut-off node made after another life had their run."""
    late = 0
    for blow in array.blows:
        if blow.kind == "cut off":
            for event in blow.life.iterations:
                late += any(
                    taken["run"] == event["run"] and blow.at < taken["at"] < event["at"]
                    for other in array.watch.lives if other is not blow.life
                    for taken in other.of("start", "resume")
                )  # fmt: skip
    return late


def free(array, life):
    """Whether there were points that nobody had begun when a life could have claimed one."""
    begun = [e for other in array.watch.lives for e in other.of("start") if e["at"] < life.first]
    return len({event["run"] for event in begun}) < array.toy.points


def run(bench):
    """The case."""
    folder = bench.folder("array")
    chosen = bench.options
    toy = Toy(
        folder,
        grid={
            "data.source": ["uniform", "pretokenized"],
            "experiment.translation_ratio": [0.25, 0.5],
            "training.seed": range(1, max(1, chosen.points // 4) + 1),
        },
        max_iters=chosen.iterations, batch_size=64, eval_interval=chosen.iterations // 2,
    )  # fmt: skip
    bench.slurm.up(
        nodes=2, gpus_per_node=GPUS, grace=0, kill_wait=15, cred_expire=CRED_EXPIRE,
        slurmd_timeout=10, strangers=os.path.join(folder, "machines"),
    )  # fmt: skip
    array = Array(bench, toy, folder)
    say("%d runs of %d iterations in %d tasks" % (toy.points, toy.max_iters, TASKS))
    array.run()
    bench.slurm.up(nodes=1, gpus_per_node=0)  # no daemon of the strangers is left to listen
    say("now undisturbed")
    root = os.path.join(folder, "calm")
    codes = calm(bench, toy, root)
    bench.checks.check("array: undisturbed sweep", set(codes) == {0}, codes, 0)
    judge(bench, array, root)
