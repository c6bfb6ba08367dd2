"""Worker processes of the built jar: starting, killing, and reading what they did."""

import json
import os
import shutil
import signal
import subprocess
import time
import zipfile

from kit.events import Events, until

HERE = os.path.dirname(os.path.realpath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))

# Quick to start on few cores; the bits of a run do not depend on the compiler.
QUICK_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class NoJar(Exception):
    """There is nothing to test."""


def jar_path(given=None):
    """The jar to test: the one given, else the built one."""
    path = os.path.abspath(given or os.path.join(PROJECT, "target", "sweep-runner.jar"))
    if not os.path.isfile(path):
        raise NoJar("%s is not there: build it (./mvnw package) or name it with --jar" % path)
    return path


def java():
    """The java command."""
    home = os.environ.get("JAVA_HOME")
    own = os.path.join(home, "bin", "java") if home else None
    found = own if own and os.access(own, os.X_OK) else shutil.which("java")
    if not found:
        raise NoJar("no java found: set JAVA_HOME or put java on the PATH")
    return found


def environment():
    """Ours without what would steer a worker from outside."""
    foreign = ("TC_STORAGE_ROOT", "SLURM_", "WANDB_", "SWEEP_RUNNER_", "JDK_JAVA_OPTIONS")
    return {k: v for k, v in os.environ.items() if not k.startswith(foreign)}


def command(jar, *arguments, jvm=QUICK_JVM):
    """The command line of one process."""
    return [java(), *jvm, "-jar", jar, *map(str, arguments)]


def once(jar, *arguments, timeout=600, cwd=None, jvm=QUICK_JVM, env=None, before=None):
    """Runs a process to its end: its CompletedProcess, output as text."""
    return subprocess.run(
        command(jar, *arguments, jvm=jvm),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=timeout,
        cwd=cwd,
        env={**environment(), **(env or {})},
        preexec_fn=before,
    )


def class_path(jar, folder):
    """What is in the jar as a class path: its own classes first, then its libraries."""
    with zipfile.ZipFile(jar) as packed:
        if not any(name.startswith("BOOT-INF/lib/") for name in packed.namelist()):
            return jar  # its libraries are not packed into it as jars
        packed.extractall(os.path.join(folder, "unpacked"))
    inside = os.path.join(folder, "unpacked", "BOOT-INF")
    return os.pathsep.join((inside + "/classes", inside + "/lib/*"))


def last_line(done):
    """The end of what a process said."""
    return (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1]


def state_of(pid):
    """The letter of a process's state as Linux shows it; X once it is gone."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"


def status(jar, sweep, storage):
    """The array that status prints, by run id."""
    done = once(jar, "status", "--sweep", sweep, "--storage", storage, "--format", "json")
    try:
        return {entry["run_id"]: entry for entry in json.loads(done.stdout)}
    except ValueError as error:
        raise AssertionError(
            "status did not print JSON (exit code %d): %s%s"
            % (done.returncode, done.stdout[:500], done.stderr[:500])
        ) from error


class Worker:
    """A worker name and its processes, one after another.

    env: more variables for them; program: what starts them, where that is not java -jar; events:
    the class that follows theirs.
    """

    def __init__(self, name, jar, folder, arguments, jvm=QUICK_JVM, before=None, env=None,
                 program=None, events=Events):  # fmt: skip
        self.name = name
        self.words = [*(program or command(jar, jvm=jvm)), *map(str, arguments)]
        self.before = before
        self.env = env or {}
        self.log = os.path.join(folder, name + ".log")
        self.events = events(os.path.join(folder, name + ".events"))
        self.process = None
        self.started = None  # the newest life, in seconds since 1970
        self.codes = []

    def start(self, *more):
        """Starts the next life of this worker."""
        own = ["--worker", self.name, "--test.events", self.events.path, *map(str, more)]
        with open(self.log, "ab") as log:
            log.write(b"---- %s\n" % " ".join(map(str, more)).encode())
            log.flush()
            self.started = time.time()
            self.process = subprocess.Popen(
                self.words + own, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**environment(), **self.env}, preexec_fn=self.before,
            )  # fmt: skip
        return self

    @property
    def pid(self):
        """Of the newest life; it is also the pid in its events."""
        return self.process.pid

    def kill(self, sig=signal.SIGKILL):
        """Sends a signal; a SIGKILL is waited for."""
        self.process.send_signal(sig)
        if sig == signal.SIGKILL:
            self.wait(30)

    def wait(self, timeout):
        """The exit code, once it has ended."""
        code = self.process.wait(timeout)
        if not self.codes or self.codes[-1][0] != self.pid:
            self.codes.append((self.pid, code))
        return code

    def ended(self):
        """The exit code if it has ended, else None."""
        code = self.process.poll()
        if code is not None and (not self.codes or self.codes[-1][0] != self.pid):
            self.codes.append((self.pid, code))
        return code

    def until(self, wanted, timeout, step=0.005):
        """Waits for the first event of this life that is wanted; it, or an error."""
        looked = 0

        def found():
            nonlocal looked
            over = self.process.poll() is not None  # before the file is read: it is then whole
            self.events.poll()
            new = self.events.seen[looked:]
            looked += len(new)
            return next((e for e in new if e["pid"] == self.pid and wanted(e)), None) or over

        event = until(found, timeout, step)
        if event in (None, True):
            raise AssertionError(
                "%s did not get there within %d s; its output ends:\n%s"
                % (self.name, timeout, self.output()[-2000:])
            )
        return event

    def news(self):
        """The events of the newest life since anybody last asked."""
        return [event for event in self.events.poll() if event["pid"] == self.pid]

    def mine(self):
        """The events of the newest life so far."""
        self.events.poll()
        return [event for event in self.events.seen if event["pid"] == self.pid]

    def output(self):
        """Everything it printed in all its lives."""
        with open(self.log, "r", errors="replace") as log:
            return log.read()

    def stop(self):
        """Ends what still runs."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.wait(30)
