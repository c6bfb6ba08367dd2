"""Torture workers: their class path and archive, their plans, their lives one after another."""

import json
import os
import signal
import subprocess
import time
import zipfile

from kit.worker import PROJECT, NoJar, environment, java, state_of

MAIN = "dev.sweeprunner.torture.TortureWorker"
OURS = ("dev/sweeprunner/torture/", "dev/sweeprunner/testkit/", "dev/sweeprunner/bench/")
THEIRS = ("dev/sweeprunner/", "org/yaml/", "org/jspecify/", "tools/jackson/core/")
JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData")

# Named points, and the times one is passed before the blow, at most.
POINTS = {
    "claim.linked": 3, "claim.beating": 3, "append.temp": 20, "append.linked.CLAIM": 3,
    "append.linked.PUBLISH": 12, "append.linked.RELEASE": 1, "append.linked.FAIL": 1,
    "append.linked.FINISH": 2, "append.linked.POISON": 1, "append.linked.RESET": 1,
    "stage.weights": 12, "stage.done": 12, "part.staged": 12, "publish.staged": 12,
    "settle.renamed": 12, "part.renamed": 12, "publish.renamed": 12, "publish.published": 12,
    "prune.start": 12, "prune.half": 12, "publish.pruned": 12, "join.written": 2,
    "finish.joined": 2, "finish.linked": 2, "finish.compacting": 15, "finish.appended": 2,
    "finish.journal": 2, "finish.concluded": 2,
}  # fmt: skip


def class_path(jar, folder):
    """One small jar: what a torture worker needs of the built jar, and the worker itself."""
    tests = os.path.join(PROJECT, "target", "test-classes")
    if not os.path.isfile(os.path.join(tests, MAIN.replace(".", "/") + ".class")):
        raise NoJar("%s is not in %s: build it (./mvnw package)" % (MAIN, tests))
    made = os.path.join(folder, "torture.jar")
    with zipfile.ZipFile(made, "w") as out, zipfile.ZipFile(jar) as built:
        for name in built.namelist():
            if name.endswith(".class") and name.startswith(THEIRS):
                out.writestr(name, built.read(name))
        for base, _, files in os.walk(os.path.join(tests, "dev", "sweeprunner")):
            for file in files:
                name = os.path.relpath(os.path.join(base, file), tests)
                if name.startswith(OURS):
                    out.write(os.path.join(base, file), name)
    return made


def command(jar, folder):
    """How a torture worker is started; with an archive of its classes where that can be made."""
    words = [java(), *JVM, "-Xlog:disable", "-Xlog:all=error:stderr", "-cp", class_path(jar, folder)]
    sweep = os.path.join(folder, "warm.yaml")
    write_sweep(sweep, "warm", [1, 2, 1000000])
    path = os.path.join(folder, "torture.jsa")
    own = {n: os.path.join(folder, "warm", n) for n in ("root", "kept", "events")}
    os.makedirs(os.path.join(folder, "warm"))
    arguments = ["%s=%s" % pair for pair in own.items()] + ["sweep=" + sweep, "worker=w", "life=w.0"]
    subprocess.run(words + ["-XX:ArchiveClassesAtExit=" + path, MAIN, *arguments],
                   env=environment(), timeout=120, check=True)  # fmt: skip
    if os.path.isfile(path):
        words.insert(1, "-XX:SharedArchiveFile=" + path)
    return words + [MAIN]


def write_sweep(path, name, seeds):
    """A sweep over these seeds."""
    with open(path, "w") as file:
        file.write("project: torture\nname: %s\nprogram: chain.py\nmethod: grid\nparameters:\n" % name)
        file.write("  seed: {values: [%s]}\n" % ", ".join(map(str, seeds)))


def processor_time(pid):
    """Seconds that a process has had of the processors."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Plan:
    """How a life is to end: at a named point or at random; frozen before, or not at all."""

    def __init__(self, draw, scale, point=None, kind="random"):
        self.kind = kind  # random, early, freeze, term, free
        self.point = point
        self.more = []
        self.delay = draw.uniform(0, 0.3 * scale)
        self.again = draw.random() < 0.6
        self.frozen = 0.0
        if kind == "early":
            self.delay = draw.uniform(0.02, 0.25)
        if kind == "freeze":
            busy = os.getloadavg()[0] / os.cpu_count() / 2  # rivals watch more slowly then
            self.frozen = draw.uniform(2.3, 4.5) * min(5.0, max(1.0, busy))
        if draw.random() < 0.12:
            self.more.append("blind=true")
        if point:
            times = draw.randint(1, max(1, round(POINTS[point] * min(1.0, scale))))
            how = "stop" if kind == "freeze" else draw.choice(("hang", "hang", "hang", "halt"))
            self.more += ["crash-at=%s#%d" % (point, times), "crash-how=" + how]
        if point == "append.linked.RESET":
            self.more.append("reset=true")


class Worker:
    """One worker name and its processes."""

    patience = 1.5  # seconds on a processor that a life may take to get where it is to be hit
    longest = 60.0  # and in all

    def __init__(self, name, words, folder, tell):
        self.name = name
        self.words = words
        self.folder = folder
        self.tell = tell  # takes what is to be told of a life that ended
        self.number = 0
        self.batch = 0
        self.process = None
        self.plan = None
        self.log = open(os.path.join(folder, name + ".log"), "ab")

    def start(self, plan, sweep):
        self.plan = plan
        self.life = "%s.%d" % (self.name, self.number)
        self.number += 1
        self.path = os.path.join(self.folder, "events", self.life + ".events")
        self.offset = 0
        self.began = self.due = self.hit = self.thaw = None
        self.froze = self.stopped = self.at_point = False
        arguments = ["sweep=" + sweep, "worker=" + self.name, "life=" + self.life,
                     "events=" + self.path, "root=" + os.path.join(self.folder, "root"),
                     "kept=" + os.path.join(self.folder, "kept"), *plan.more]  # fmt: skip
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.words + arguments, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=environment(), close_fds=False,
        )  # fmt: skip

    def step(self):
        """Looks what the life does and hits it when it is due; its exit code once it has ended."""
        code = self.process.poll()
        if code is not None:
            self.tell({"life": self.life, "worker": self.name, "pid": self.process.pid,
                       "code": code, "hit": self.hit, "frozen": self.froze,
                       "plan": self.plan.kind, "point": self.plan.point})  # fmt: skip
            return code
        now = time.monotonic()
        if self.hit is None and self.plan.kind != "free":
            self.follow(now)
            self.act(now)
        return None

    def follow(self, now):
        try:
            with open(self.path, "rb") as file:
                file.seek(self.offset)
                content = file.read()
        except FileNotFoundError:
            return
        self.offset += len(content)
        if self.began is None and b'"iteration"' in content:
            self.began = now
        self.at_point = self.at_point or b'"crash-point"' in content

    def act(self, now):
        plan = self.plan
        if self.thaw:
            self.melt(now)
        elif plan.kind == "freeze" and not self.froze:
            self.freeze(now)
        elif plan.kind == "term":
            self.ask(now)
        elif self.at_point and not self.froze:
            self.kill()
        elif plan.kind == "early":
            if now >= self.started + plan.delay:
                self.kill()
        elif self.due is not None:
            if now >= self.due:
                self.kill()
        elif (not plan.point and self.began and now >= self.began + plan.delay) or self.late(now):
            self.kill()

    def late(self, now):
        lived = now - self.started
        return lived > self.patience and (
            lived > self.longest or processor_time(self.process.pid) > self.patience
        )

    def freeze(self, now):
        if self.plan.point and not self.late(now):
            ready = self.at_point and state_of(self.process.pid) == "T"
        else:
            ready = (self.began and now >= self.began + self.plan.delay) or self.late(now)
            if ready:
                self.process.send_signal(signal.SIGSTOP)
        if ready:
            self.froze = True
            self.thaw = now + self.plan.frozen

    def melt(self, now):
        if now >= self.thaw:
            self.process.send_signal(signal.SIGCONT)
            self.thaw = None
            self.due = now + self.plan.delay * (0.7 if self.plan.again else 3)

    def ask(self, now):
        """SIGTERM first; SIGKILL at the point within the release, or where it does not end."""
        if not self.stopped and ((self.began and now >= self.began + self.plan.delay) or self.late(now)):
            self.process.send_signal(signal.SIGTERM)
            self.stopped = True
            self.due = now + 4
        elif self.stopped and (self.at_point or now >= self.due):
            self.kill()

    def kill(self):
        self.hit = time.time()
        self.process.kill()

    def end(self):
        """Whatever it takes."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(30)
        self.log.close()


def teller(folder):
    """What writes down how lives ended."""
    file = open(os.path.join(folder, "lives.jsonl"), "a", buffering=1)
    return lambda told: file.write(json.dumps(told) + "\n")
