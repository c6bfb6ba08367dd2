"""What a run of the kit finds out, and its parts."""

import json
import os
import sys
import traceback

from kit.report import Checks, say


class Copied:
    """Standard output, and the same in a file."""

    def __init__(self, path):
        self.streams = (sys.stdout, open(path, "w", encoding="utf-8"))

    def write(self, text):
        for stream in self.streams:
            stream.write(text)

    def flush(self):
        for stream in self.streams:
            stream.flush()


class Findings:
    """Checks and measurements; also what there is: the GPU, PyTorch."""

    def __init__(self, options, kit, clock):
        self.options, self.kit, self.clock = options, kit, clock
        self.checks = Checks("GPU kit")
        self.measured = []
        self.gpu = self.torch = None

    def phase(self, name):
        print()
        say("[%3.0f s] %s" % (self.clock.elapsed(), name))

    def check(self, what, ok, found="", wanted=""):
        """As Checks.check, but said at once."""
        self.checks.check(what, ok, found, wanted)
        if ok:
            say("ok: %s%s" % (what, " (%s)" % found if found != "" else ""))

    def record(self, line):
        """Keeps a measurement, also should this script be ended before its table."""
        self.measured.append(line)
        if self.options.out:
            with open(os.path.join(self.options.out, "gpu.jsonl"), "a") as file:
                file.write(json.dumps(line) + "\n")

    def guarded(self, phase):
        """A phase that breaks takes no other one with it: time on a GPU is dear."""
        try:
            return phase()
        except Exception:  # whatever it is
            self.check("the phase " + phase.__name__, False, traceback.format_exc())
            return False


class Part:
    """A part of the run."""

    def __init__(self, findings):
        self.findings = findings
        self.options, self.kit, self.clock = findings.options, findings.kit, findings.clock
        self.checks, self.phase = findings.checks, findings.phase
        self.check, self.record = findings.check, findings.record
