"""A Slurm to test on: the one that is there, or one that a tool brings up as it is wanted."""

import getpass
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

from kit.worker import environment

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
ACTIVE = ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "SIGNALING")


class NoSlurm(Exception):
    """There is no Slurm for this."""


class Task:
    """A job or array task as `scontrol -o show job` tells it."""

    def __init__(self, line):
        self.fields = dict(re.findall(r"(\w+(?:[/:]\w+)*)=(\S*)", line))
        array, index = self.fields.get("ArrayJobId"), self.fields.get("ArrayTaskId")
        self.raw = self.fields["JobId"]
        self.name = "%s_%s" % (array, index) if array and index else self.raw
        self.state = self.fields.get("JobState", "")
        self.reason = self.fields.get("Reason", "")
        self.restarts = int(self.fields.get("Restarts", "0"))
        self.code = self.fields.get("ExitCode", "")
        self.node = self.fields.get("NodeList", "")

    @property
    def active(self):
        """Whether Slurm means to run it, again or still."""
        return self.state in ACTIVE

    def __str__(self):
        return "%s %s" % (self.name, self.state)


class Slurm:
    """The commands of one Slurm, in a clean environment."""

    own = False
    settings = {}

    def __init__(self, configuration=None):
        self.configuration = configuration or os.environ.get("SLURM_CONF")

    def environment(self, **more):
        """Ours without what an outer job, or a user's defaults, would put in."""
        foreign = ("SBATCH_", "SQUEUE_", "SALLOC_", "SRUN_", "SWEEP")
        clean = {k: v for k, v in environment().items() if not k.startswith(foreign)}
        clean.update(PATH=PATH, LC_ALL="C")
        if self.configuration:
            clean["SLURM_CONF"] = self.configuration
        clean.update({k: str(v) for k, v in more.items()})
        return clean

    def call(self, *words, timeout=60, env=None, cwd=None):
        """Output of a command that must succeed."""
        done = self.attempt(*words, timeout=timeout, env=env, cwd=cwd)
        if done.returncode != 0:
            why = (done.stderr.strip().splitlines() or ["no word why"])[-1]
            raise NoSlurm("%s: %s" % (" ".join(map(str, words)), why[:300]))
        return done.stdout

    def attempt(self, *words, timeout=60, env=None, cwd=None):
        """A command that may fail: its CompletedProcess."""
        try:
            return subprocess.run(
                list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, universal_newlines=True, timeout=timeout,
                env=env or self.environment(), cwd=cwd,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise NoSlurm("there is no %s" % words[0]) from error

    def version(self):
        """What it says of itself."""
        return self.call("scontrol", "--version").strip()

    def configured(self, name):
        """A value of `scontrol show config`, or ''."""
        match = re.search(r"^%s\s*= (.*)$" % name, self.call("scontrol", "show", "config"), re.M)
        return match.group(1).strip() if match else ""

    def nodes(self):
        """The names of its nodes."""
        return sorted(set(self.call("sinfo", "-h", "-N", "-o", "%N").split()))

    def submit(self, script, *arguments, options=(), cwd=None, **variables):
        """Submits a script; the job's id."""
        told = self.call(
            "sbatch", "--parsable", *options, script, *arguments,
            env=self.environment(**variables), cwd=cwd,
        )  # fmt: skip
        return told.strip().split(";")[0]

    def tasks(self, job):
        """The tasks of a job that Slurm knows, by their names; none while it cannot be asked."""
        done = self.attempt("scontrol", "-o", "show", "job", job)
        if done.returncode != 0:
            return {}
        found = [Task(line) for line in done.stdout.splitlines() if line.startswith("JobId=")]
        return {task.name: task for task in found}

    def task(self, name):
        """One task, or None while nobody knows it."""
        found = self.tasks(name)
        return found.get(name) or next(iter(found.values()), None)

    def requeue(self, name):
        """Requeues a task; whether Slurm took it."""
        return self.attempt("scontrol", "requeue", name).returncode == 0

    def cancel(self, *words):
        """scancel, which fails for what is gone."""
        self.attempt("scancel", *words)

    def left(self, *names):
        """What of these jobs is still in the queue."""
        lines = self.call("squeue", "-h", "-r", "-o", "%F|%i|%T").splitlines()
        rows = [line.split("|") for line in lines]
        return [row[1] for row in rows if row[0] in names]


class OwnSlurm(Slurm):
    """One that the tool brings up for us, anew for each set of settings; needs root."""

    own = True

    def __init__(self, tool):
        super().__init__()
        self.tool = os.path.abspath(tool)
        if not os.access(self.tool, os.X_OK):
            raise NoSlurm("%s cannot be executed" % tool)
        self.home = os.environ.get("SLURM_HOME") or tempfile.mkdtemp(prefix="slurm-test-cluster-")
        self.made = "SLURM_HOME" not in os.environ
        self.configuration = os.path.join(self.home, "slurm.conf")
        self.strangers = None

    def use(self, *verb):
        """One call of the tool."""
        done = subprocess.run(
            [self.tool, *map(str, verb)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, universal_newlines=True, timeout=180,
            env={**self.environment(), "SLURM_HOME": self.home},
        )  # fmt: skip
        if done.returncode != 0:
            raise NoSlurm("%s %s: %s" % (self.tool, " ".join(map(str, verb)), done.stderr[-500:]))

    def up(self, strangers=None, **settings):
        """A fresh, empty Slurm. settings: the tool's options, with _ for -.

        strangers: a folder; then each node looks to its jobs like a machine of its own, so that no
        worker can prove the death of another node's worker by looking for its process.
        """
        self.settings = settings
        words = []
        for name, value in settings.items():
            words += ["--" + name.replace("_", "-"), value]
        self.use("up", *words)
        self.strangers = strangers
        if strangers:
            for node in self.nodes():
                self.use("kill-node", node)
                self.start_node(node)
        self.ready()

    def ready(self, timeout=60):
        """Waits until every node takes jobs."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            states = self.attempt("sinfo", "-h", "-N", "-o", "%N %T").stdout.split("\n")
            if all(line.endswith(("idle", "mixed", "allocated")) for line in states if line):
                return
            time.sleep(0.2)
        raise NoSlurm("the nodes are not idle: %s" % self.call("sinfo", "-N", "-l"))

    def down(self):
        """Ends it and what its jobs left."""
        self.use("down")
        if self.made:
            shutil.rmtree(self.home, ignore_errors=True)

    def crash_node(self, node):
        """Daemon and jobs of a node are gone at once."""
        self.use("crash-node", node)

    def start_node(self, node):
        """Brings a node (back) up."""
        if not self.strangers:
            self.use("start-node", node)
            return
        folder = os.path.join(self.strangers, node)
        temporary = os.path.join(tempfile.gettempdir(), "sweep-runner-" + getpass.getuser())
        os.makedirs(os.path.join(folder, "answers"), exist_ok=True)
        os.makedirs(temporary, exist_ok=True)
        for name, text in (("machine", node * 32), ("boot", "%s-boot" % node)):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text[:32] + "\n")
        script = (
            'mount --bind "$1/machine" /etc/machine-id'
            ' && mount --bind "$1/boot" /proc/sys/kernel/random/boot_id'
            ' && mount --bind "$1/answers" "$2" && exec "$3" start-node "$4"'
        )
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, "sh", folder, temporary, self.tool, node],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            universal_newlines=True, timeout=60,
            env={**self.environment(), "SLURM_HOME": self.home},
        )  # fmt: skip
        if done.returncode != 0:
            raise NoSlurm("node %s does not start: %s" % (node, done.stderr[-300:]))

    def kill_controller(self):
        """SIGKILL to slurmctld."""
        with open(os.path.join(self.home, "pids", "slurmctld")) as file:
            pid = int(file.read().split()[0])
        os.kill(pid, 9)

    def start_controller(self):
        """Starts slurmctld again from its saved state, as the tool does."""
        words = ["slurmctld", "-D", "-f", self.configuration]
        with open(os.path.join(self.home, "ctlhost")) as file:
            host = file.read().strip()
        if host == "localhost" and socket.gethostname() != "localhost":
            rename = 'hostname localhost && exec "$@"'
            words = ["unshare", "--uts", "sh", "-c", rename, "sh", *words]
        with open(os.path.join(self.home, "log", "slurmctld.out"), "ab") as log:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(), start_new_session=True,
            )  # fmt: skip
        time.sleep(0.3)
        with open("/proc/%d/stat" % process.pid) as file:
            started = file.read().rsplit(")", 1)[1].split()[19]
        with open(os.path.join(self.home, "pids", "slurmctld"), "w") as file:
            file.write("%d %s\n" % (process.pid, started))
        for _ in range(100):
            if self.attempt("scontrol", "ping").returncode == 0:
                return
            time.sleep(0.2)
        raise NoSlurm("slurmctld does not start again")

    def signals(self, raw):
        """When Slurm signalled which step of a job, by the nodes' logs: (seconds, signal, step)."""
        found = []
        pattern = re.compile(
            r"\[([\d-]+T[\d:]+)\.(\d+)\].*[Ss]ent signal (\d+) to (?:pid \d+ )?StepId=%s\.(\w+)"
            % raw
        )
        folder = os.path.join(self.home, "log")
        for name in os.listdir(folder):
            if name.startswith("slurmd-") and name.endswith(".log"):
                with open(os.path.join(folder, name), errors="replace") as file:
                    for match in map(pattern.search, file):
                        if match:
                            when, part, number, step = match.groups()
                            at = time.mktime(time.strptime(when, "%Y-%m-%dT%H:%M:%S"))
                            found.append((at + int(part) / 1000, int(number), step))
        return sorted(found)


def find(tool):
    """The Slurm to test on."""
    if tool:
        return OwnSlurm(tool)
    slurm = Slurm()
    slurm.call("scontrol", "ping")
    return slurm
