"""Worker processes of the built jar: starting, killing, and reading what they did."""

import json
import os
import shutil
import signal
import subprocess
import time

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


def once(jar, *arguments, timeout=120, cwd=None, jvm=QUICK_JVM, env=None, before=None):
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


class Events:
    """The events of one worker's processes, read as they are written."""

    def __init__(self, path):
        self.path = path
        self.seen = []
        self.torn = 0
        self._offset = 0

    def poll(self):
        """The events since the last call."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._offset)
                content = file.read()
        except FileNotFoundError:
            return []
        end = content.rfind(b"\n") + 1
        self._offset += end
        new = []
        for line in content[:end].splitlines():
            try:
                new.append(json.loads(line))
            except ValueError:
                self.torn += 1
        self.seen += new
        return new


class Worker:
    """A worker name and its processes, one after another; env: more variables for them."""

    def __init__(self, name, jar, folder, arguments, jvm=QUICK_JVM, before=None, env=None):
        self.name = name
        self.jar = jar
        self.arguments = list(arguments)
        self.jvm = jvm
        self.before = before
        self.env = env or {}
        self.log = os.path.join(folder, name + ".log")
        self.events = Events(os.path.join(folder, name + ".events"))
        self.process = None
        self.codes = []

    def start(self, *more):
        """Starts the next life of this worker."""
        with open(self.log, "ab") as log:
            log.write(b"---- %s\n" % " ".join(map(str, more)).encode())
            log.flush()
            self.process = subprocess.Popen(
                command(
                    self.jar,
                    *self.arguments,
                    "--worker",
                    self.name,
                    "--test.events",
                    self.events.path,
                    *more,
                    jvm=self.jvm,
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**environment(), **self.env},
                preexec_fn=self.before,
            )
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
        deadline = time.monotonic() + timeout
        index = 0
        while time.monotonic() < deadline:
            over = self.process.poll() is not None
            self.events.poll()
            for event in self.events.seen[index:]:
                if event["pid"] == self.pid and wanted(event):
                    return event
            index = len(self.events.seen)
            if over:
                break
            time.sleep(step)
        raise AssertionError(
            "%s did not get there within %d s; its output ends:\n%s"
            % (self.name, timeout, self.output()[-2000:])
        )

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
