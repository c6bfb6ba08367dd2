"""The unpacked kit, and its programs as processes that may take only so long."""

import json
import os
import signal
import subprocess
import tempfile
import time

from kit.events import Events, until

HERE = os.path.dirname(os.path.realpath(__file__))


class Nothing(Exception):
    """There is nothing to test."""


class Clock:
    """What is left of the budget."""

    def __init__(self, budget):
        self.started = time.monotonic()
        self.budget = budget

    def elapsed(self):
        return time.monotonic() - self.started

    def left(self, most=None):
        """Seconds, `most` at most; never none, so that a command can still fail by itself."""
        left = max(1.0, self.budget - self.elapsed())
        return left if most is None else min(left, most)


class Answer:
    """How a command ended; code None: it was stopped, for it took too long."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def lines(self):
        """What it printed as JSON."""
        found = []
        for line in self.out.splitlines():
            if line.startswith("{"):
                try:
                    found.append(json.loads(line))
                except ValueError:
                    pass  # the line it was stopped in
        return found

    def why(self):
        """The end of what it said, in one line."""
        if self.code is None:
            return "it took too long"
        said = [line for line in (self.out + "\n" + self.err).splitlines() if line.strip()]
        errors = [line for line in said if "Exception" in line or "Error" in line]
        return "exit code %d: %s" % (self.code, (errors or said or ["nothing said"])[-1][:300])


class Command:
    """A process with its output in files, so that nothing that was printed is lost by a kill."""

    def __init__(self, words, folder, env, cwd, fed=False):
        self.paths = [tempfile.mkstemp(dir=folder)[1] for _ in range(2)]
        with open(self.paths[0], "wb") as out, open(self.paths[1], "wb") as err:
            # A group of its own: compilers leave workers behind.
            self.process = subprocess.Popen(
                list(map(str, words)), stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
                stdout=out, stderr=err, env=env, cwd=cwd, start_new_session=True, text=True,
            )  # fmt: skip

    def text(self, number):
        with open(self.paths[number], errors="replace") as file:
            return file.read()

    def first(self, timeout):
        """The first line of JSON that it prints, if it lives on to be killed; else None."""
        printed = Events(self.paths[0])
        line = until(lambda: printed.poll() or self.process.poll() is not None, timeout, 0.002)
        return line[0] if isinstance(line, list) and self.process.poll() is None else None

    def say(self, line):
        """Writes a line to its standard input; nothing where it has ended."""
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def end(self, timeout):
        """Waits so long at most."""
        code = None
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()
        return Answer(code, self.text(0), self.text(1))


class Kit:
    """The unpacked kit, and how its programs are started."""

    def __init__(self, options, folder):
        self.folder = kit_folder(options.kit)
        self.work = folder
        self.options = options
        self.env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        # So that loading the kernels is timed once without what an earlier run left, and once with.
        self.env["CUDA_CACHE_PATH"] = os.path.join(folder, "ptx-cache")
        # What PyTorch's compiler makes for one process serves the next ones; kept if so wished.
        caches = options.torch_cache or folder
        self.env["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(caches, "inductor")
        self.env["TRITON_CACHE_DIR"] = os.path.join(caches, "triton")
        # The last is where container images mount the driver; not all tell the linker.
        drivers = [options.fake, os.environ.get("LD_LIBRARY_PATH"), "/usr/local/nvidia/lib64"]
        self.env["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, drivers))
        with open(os.path.join(self.folder, "kit.json")) as file:
            self.facts = json.load(file)

    def java(self, *words):
        """The command line of one of GpuBench's commands."""
        classes = os.pathsep.join((self.folder + "/classes", self.folder + "/lib/*"))
        warpgroups = "-Dwarpgroups=%s" % str(self.options.warpgroups).lower()
        return [self.folder + "/runtime/bin/java", "-Xshare:auto", warpgroups, "-cp", classes,
                "dev.sweeprunner.gpukit.GpuBench", *words]  # fmt: skip

    def start(self, words, fed=False):
        # The fixtures are looked for from the working directory.
        return Command(words, self.work, self.env, self.folder, fed)

    def ask(self, timeout, *words):
        return self.start(self.java(*words)).end(timeout)

    def python(self, timeout, *words):
        return self.start([self.options.python, *words]).end(timeout)


def kit_folder(given):
    """Where the kit is unpacked."""
    project = os.path.dirname(os.path.dirname(HERE))
    for folder in [given] if given else [HERE, os.path.join(project, "target", "gpu-kit")]:
        if os.path.isfile(os.path.join(folder, "kit.json")):
            return os.path.abspath(folder)
    raise Nothing("no kit in %s: make one with bench/gpu/pack" % (given or HERE))
