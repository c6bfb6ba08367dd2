"""What decides how many jobs exist, where it goes wrong: launchers, limits, people, rivals."""

import os
import re
import shutil
import subprocess
import time

from kit.events import until
from kit.toy import Toy
from slurm import faults
from slurm.faults import fresh
from slurm.scaler import Scaler
from slurm.stage import status

MISSING = "echo 'module: command not found' >&2; exit 127"


def scaler(part, profiles=None, name=".", **shape):
    """A sweep with its profiles, in a folder of its own; ended with the part."""
    folder = os.path.normpath(os.path.join(part.folder, name))
    made = Scaler(part.bench, folder, profiles or {"small": (4, "")}, **shape)
    part.at_end(made.end)
    return made


def failing(part):
    """1: a launcher that fails at once in every task, mended after a while."""
    fresh(part, gpus_per_node=4)
    scale = scaler(part, points=6)
    part.checkout.in_tasks(MISSING)
    watch = scale.watch(2)
    until(lambda: scale.counted.calls("sbatch"), 60, 0.2)  # a slow machine starts slowly
    time.sleep(25)
    made, told = scale.rows(), watch.said()
    part.check("tasks submitted in 25 s", len(made) <= 6, len(made), "<= 6 (4 a look, then paused)")
    part.check("says that starts failed", bool(re.search("failed start", told)), tail(told), "")
    part.check(
        "names state, exit code and output file once",
        "127" in told and "FAILED" in told and told.count(scale.logs + "/" + made[0].id) <= 1
        and any(scale.logs + "/" + row.id in told for row in made), tail(told), "",
    )  # fmt: skip
    for name, words in (("scale", []), ("status", status_words(scale))):
        answer = scale.call(words=words or None).stdout
        ok = re.search(r"\b(paused|small) until \d\d:\d\d", answer)
        part.check("%s shows the pause" % name, bool(ok), ok.group() if ok else tail(answer), "")
    part.checkout.in_tasks(None)
    done = until(lambda: scale.finished() == 6, 150, 2)
    part.check("goes on by itself once it is mended", done, scale.states(), "6 finished")


def cancelled(part):
    """1: a person cancels what is pending."""
    fresh(part, gpus_per_node=1)
    part.busy(1)
    scale = scaler(part)
    watch = scale.watch(2)
    first = until(lambda: len(scale.rows()) >= 4 and scale.queued(), 30, 0.3) or []
    for job in {row.job for row in first}:
        part.slurm.cancel(job)
    time.sleep(12)
    new = [row for row in scale.rows() if row.state != "CANCELLED"]
    part.check("submitted within 12 s of a person's scancel", not new, len(new), 0)
    part.check("says why it waits", "paused" in watch.said().lower(), tail(watch.said()), "")


def limits(part):
    """4: fewer tasks than are wanted may be submitted."""
    own = fresh(part, limited=True, gpus_per_node=8)
    if own is None:
        return
    part.busy(8)
    for name in ("account", "QOS"):
        if name == "account":
            own.limit(MaxSubmitJobs=4)  # one is the job that holds the GPUs
        else:
            own.limit(MaxSubmitJobs=None)
            own.manage("modify", "qos", "normal", "set", "MaxSubmitJobsPerUser=4")
        scale = scaler(part, {"small": (8, "")}, name=name, points=8)
        watch = scale.watch(2)
        until(lambda: scale.counted.calls("sbatch"), 60, 0.2)  # a slow machine starts slowly
        most = scale.most(12)
        told, calls = watch.said(), scale.counted.calls("sbatch")
        # Halving finds two or three of three; more is tried later.
        part.check("what the %s's limit leaves is used" % name, most in (2, 3),
                   "%d tasks in the queue" % most, "2 or 3")  # fmt: skip
        part.check("sbatch called in 12 s, " + name, len(calls) <= 4, len(calls), "<= 4")
        times = len(re.findall("MaxSubmitJob", told))
        part.check("the refusal is said once, " + name, times == 1, "%d times" % times, 1)
        scale.end()


def blocked(part):
    """5: five kinds of tasks that can never start, and one that can."""
    own = fresh(part, limited=True, gpus_per_node=4)
    slurm = part.slurm
    script = os.path.join(part.folder, "fails.sh")
    with open(script, "w") as file:
        file.write("#!/bin/sh\nexit 1\n")
    failed = slurm.submit(script, options=["--output=/dev/null"])
    part.bench.drained(failed)
    slurm.call("scontrol", "update", "PartitionName=keep", "State=DOWN")
    slurm.call("scontrol", "update", "PartitionName=high", "MaxTime=1")
    profiles = {
        "down": (1, "--partition=keep"),
        "held": (1, "--hold"),
        "waits": (1, "--dependency=afterok:" + failed),
        "long": (1, "--partition=high --time=10"),
    }
    reasons = ["PartitionDown", "JobHeldUser", "Dependency", "PartitionTimeLimit"]
    if own is None:
        part.skip("AssocGrp", "NO slurmdbd HERE")
    else:
        own.manage("add", "account", "poor", "Cluster=sweeptest", "GrpJobs=0")
        own.manage("add", "user", "root", "Account=poor")
        profiles["poor"] = (1, "--account=poor")
        reasons.append("AssocGrpJob")
    profiles["good"] = (2, "")
    scale = scaler(part, profiles, points=3, iterations=100)
    watch = scale.watch(2)
    done = until(lambda: scale.finished() == 3, 120, 1)
    told = watch.said()
    part.check("the profile that can start is used", done, scale.states(), "3 finished")
    missing = [reason for reason in reasons if reason not in told]
    part.check("says Slurm's reasons", not missing, "not said: %s" % missing if missing else "all")
    left = part.bench.drained(*{row.job for row in scale.queued()}, timeout=20) if done else "all"
    part.check("what was blocked is cancelled at the end", not left, left or 0, 0)


def added(part):
    """6: a sweep comes while the tasks of another one are queued."""
    fresh(part, gpus_per_node=2)
    busy = part.busy(2)
    scale = scaler(part, {"small": (2, "")}, points=2, iterations=100)
    second = Toy(
        os.path.join(part.folder, "second"), name="second", grid={"training.seed": [7, 8]},
        max_iters=100, batch_size=48, eval_interval=100000, log_interval=50,
    )  # fmt: skip
    scale.call("--submit")
    scale.call("--submit", sweeps=[scale.toy.sweep, second.sweep])
    queued = len(scale.queued())
    part.check("tasks in the queue with a limit of 2", queued == 2, queued, 2)
    part.slurm.cancel(busy)
    listed = os.path.join(part.folder, "sweeps.txt")
    with open(listed, "w") as file:
        file.write(scale.toy.sweep + "\n")
    if "--sweeps-from" in scale.options():
        words = scale.words("--submit", "--watch=2", "--sweeps-from", listed)
        words = [word for word in words if word not in ("--sweep", scale.toy.sweep)]
        watch = scale.watch(words=words)
        time.sleep(4)
        with open(listed, "a") as file:
            file.write(second.sweep + "\n")
        ended = until(lambda: watch.ended() is not None, 150, 1)
        points = status(part.checkout, second.sweep, scale.root, env=scale.environment())
        done = sum(point["state"] == "finished" for point in points or [])
        part.check("a sweep added to --sweeps-from is done too", ended and done == 2,
                   "%d of 2, exit %s" % (done, watch.ended()), 2)  # fmt: skip
    else:
        part.check("sweeps are read from a file at each look", False, "no --sweeps-from", "")


def two(part):
    """7: two of them at once; one is killed."""
    fresh(part, gpus_per_node=4)
    busy = part.busy(4)
    scale = scaler(part)
    with open(scale.counted.slow("sbatch"), "w") as file:
        file.write("2\n")  # as a controller that has much to do
    first, second = scale.watch(2), scale.watch(2)
    until(lambda: scale.counted.calls("sbatch"), 60, 0.2)
    most = scale.most(14)
    part.check("most tasks in the queue, with a limit of 4", most == 4, most, 4)
    both = [first.said(), second.said()]
    holder = re.search(r"scale on \S+ \(pid \d+[^\n]*", "\n".join(both))
    part.check("the second says who has it", bool(holder), holder.group() if holder else
               tail(both[1]), "")  # fmt: skip
    seated, other = (second, first) if holder and holder.group() in both[0] else (first, second)
    part.check("one of them submits", sum("Submitted" in told for told in both) == 1,
               "%d do" % sum("Submitted" in told for told in both), 1)  # fmt: skip
    seated.kill()
    killed = time.monotonic()
    part.slurm.cancel(busy)
    done = until(lambda: scale.finished() == 4, 90, 1)
    part.check("the other goes on when it was killed", done and "Submitted" in seated.said(),
               "%s after %.0f s" % (scale.states(), time.monotonic() - killed),
               "4 finished")  # fmt: skip
    ended = until(lambda: other.ended() is not None, 30, 0.5)
    part.check("and leaves when all has ended", ended and other.ended() == 0, other.ended(), 0)


def profiles(part):
    """8: profiles that are nobody's sources."""
    fresh(part, gpus_per_node=2)
    scale = scaler(part, points=2, iterations=100)
    os.remove(scale.settings)
    own = part.checkout.folder
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b",
                                                  "commit", "-qm", "as it is"]):  # fmt: skip
        subprocess.run(["git", "-C", own, *words], check=True, stdout=subprocess.DEVNULL)
    part.at_end(lambda: shutil.rmtree(os.path.join(own, ".git")))
    text = "small:\n  gpus: 1\n  limit: 2\n  flags: '%s'\n" % " ".join(scale.flags())
    for name, place, words in (
        ("--profiles FILE", os.path.join(part.folder, "mine.yml"), ["--profiles"]),
        ("scale.yml beside the sweep", os.path.join(scale.toy.folder, "scale.yml"), []),
        ("scale.yml in the storage root", os.path.join(scale.root, "scale.yml"), []),
    ):  # fmt: skip
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w") as file:
            file.write(text)
        answer = scale.call(*words, *([place] if words else []))
        ok = answer.returncode == 0 and "small" in answer.stdout and "sbatch" in answer.stdout
        part.check(name, ok, "" if ok else tail(answer.stdout), "")
        os.remove(place)
    answer = scale.call("--partition", "low", "--gpus", 1, "--limit", 2, "--sbatch",
                        " ".join(scale.flags()), "--submit")  # fmt: skip
    ok = answer.returncode == 0 and len(scale.rows()) == 2
    part.check("one profile by options alone", ok, "" if ok else tail(answer.stdout), "")
    if ok:
        done = until(lambda: scale.finished() == 2, 60, 1)
        part.check("its tasks do the work", done, scale.states(), "2 finished")
    told = subprocess.run(["git", "-C", own, "status", "--porcelain"], check=True,
                          stdout=subprocess.PIPE, universal_newlines=True).stdout  # fmt: skip
    mine = [line for line in told.splitlines() if "target" not in line]
    part.check("the work tree stays clean", not mine, mine or "clean", "")
    # A checkout with sources: what is written into application.yml is none.
    sources = os.path.join(own, "src", "main", "java")
    os.makedirs(sources)
    for number in range(500):
        with open(os.path.join(sources, "A%d.java" % number), "w") as file:
            file.write("\n")
    old = os.stat(os.path.join(own, "target", "sweep-runner.jar")).st_mtime
    subprocess.run("cp target/sweep-runner.jar target/new && mv target/new target/sweep-runner.jar",
                   shell=True, cwd=own, check=True)  # fmt: skip
    os.utime(os.path.join(own, "target", "sweep-runner.jar"), (old, old))
    time.sleep(1.1)
    with open(scale.settings, "w") as file:
        file.write("sweep-runner: {}\n")
    answer = scale.call(words=status_words(scale))
    newer = [line for line in answer.stdout.splitlines() if "newer than the jar" in line]
    part.check("configuration is not called newer sources", not newer, newer or "quiet")
    stats(part, scale)
    shutil.rmtree(os.path.join(own, "src"))


def stats(part, scale):
    """How many of the 500 sources the launcher looks at when Slurm starts it."""
    if not shutil.which("strace"):
        part.skip("sources looked at by a start in a task", "NO strace HERE")
        return
    log = os.path.join(part.folder, "trace")
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=%file", "-o", log, part.checkout.program,
         *status_words(scale)], cwd=part.checkout.folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=60, env=scale.environment(SLURM_JOB_ID="1"),
    )  # fmt: skip
    with open(log, errors="replace") as file:
        seen = len(set(re.findall(r"A\d+\.java", file.read())))
    part.check("sources looked at by a start in a task", seen == 0, seen, 0)


def load(part):
    """9: calls and bytes with 300 other tasks of the same user; two workers, `scale` each 5 s."""
    fresh(part, gpus_per_node=2)
    others = part.slurm.submit(
        part.bench.sleeper(1), options=["--array=0-299", "--hold", "--output=/dev/null"]
    )
    part.at_end(lambda: part.slurm.cancel(others))
    scale = scaler(part, {"small": (2, "")}, points=2, iterations=100000,
                   more=["--slurm.fresh", "5s"])  # fmt: skip
    scale.watch(5)
    until(lambda: sum(p["state"] == "training" for p in scale.points() or []) == 2, 60, 1)
    since = time.time()
    time.sleep(30)
    count = {
        name: len(scale.counted.calls(name, since=since))
        for name in ("squeue", "scontrol", "sbatch", "scancel", "sacct")
    }
    sizes = [int(said) for _, said in scale.counted.calls("bytes-of-squeue", since=since)]
    part.check("calls in half a minute", count["squeue"] + count["scontrol"] <= 24,
               ", ".join("%d %s" % (count[name], name) for name in count),
               "<= 24 queries")  # fmt: skip
    part.check("largest answer of squeue with 300 foreign tasks", max(sizes, default=0) < 3000,
               "%d bytes" % max(sizes, default=0), "< 3000")  # fmt: skip
    part.check("bytes in half a minute", sum(sizes) < 20000, sum(sizes), "< 20000")


def elsewhere(part):
    """12: called in another folder; where the tasks' output goes."""
    fresh(part, gpus_per_node=2)
    scale = scaler(part, {"small": (2, "")}, points=2, iterations=100)
    cwd = os.path.join(part.folder, "home")
    os.makedirs(cwd)
    os.remove(scale.settings)
    scale.settings = os.path.join(cwd, "application.yml")
    with open(scale.settings, "w") as file:
        file.write("sweep-runner: {scale: {profiles: {small: {gpus: 1, limit: 2, "
                   "flags: '--mem=0 --cpus-per-task=1'}}}}\n")  # fmt: skip
    answer = scale.call("--submit", cwd=cwd)
    part.check("its tasks are taken", bool(scale.rows()), tail(answer.stdout), "")
    done = scale.rows() and until(lambda: scale.finished() == 2, 45, 1)
    ends = sorted({"%s" % row.state for row in scale.rows()})
    part.check("they find the program", done, "%s; tasks %s" % (scale.states(), ends), "2 finished")
    left = sorted(set(os.listdir(cwd)) - {"application.yml"})
    part.check("no output file where it was called", not left, left or "none", "")


PARTS = {
    "failing": failing,
    "cancelled": cancelled,
    "limits": limits,
    "blocked": blocked,
    "added": added,
    "two": two,
    "profiles": profiles,
    "load": load,
    "elsewhere": elsewhere,
}


def status_words(scale):
    """Of the command line that asks for the state of things."""
    return ["status", "--sweep", scale.toy.sweep, "--storage", scale.root]


def tail(text, lines=3):
    """The end of what was printed, on one line."""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-lines:])[-160:]


def run(bench):
    """The case."""
    faults.run(bench, "scale-faults", PARTS)
