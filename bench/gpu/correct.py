"""Whether it is right: the fixtures, equal bits, every kernel under compute-sanitizer."""

import glob
import os
import re
import shutil
import statistics
import tempfile
import time

from findings import Part
from kit.report import say
from programs import Answer

SANITIZERS = ("memcheck", "racecheck", "synccheck")
PHASES = {"fixtures": 90, "bits": 90, "sanitizers": 100}  # seconds at most
PTX = "classes/dev/sweeprunner/train/cuda"


class Correctness(Part):
    """The phases before any time is taken."""

    def fixtures(self):
        self.phase("The fixtures: as near to double precision as PyTorch is")
        answer = self.kit.ask(self.clock.left(PHASES["fixtures"]), "fixtures")
        table = [line for line in answer.out.splitlines() if "; allowed " in line]
        if self.options.out:
            with open(os.path.join(self.options.out, "fixtures.tsv"), "w") as file:
                file.write("\n".join(table) + "\n")
        results = answer.lines()
        wanted = len(glob.glob(self.kit.folder + "/src/test/resources/**/*.safetensors",
                               recursive=True))  # fmt: skip
        for subject in ("cuda bfloat16", "cuda float32"):
            mine = [line for line in results if line["subject"] == subject]
            bad = [line for line in mine if not line["ok"]]
            for line in bad:
                say("%s, %s: %s" % (subject, line["fixture"], too_far(line, table)))
            if len(mine) < wanted or not wanted:
                found = "%d of %d: %s" % (len(mine), wanted, answer.why())
                self.check("fixtures in " + subject, False, found, "all")
                continue
            found, nearest = worst([line for line in table if line.startswith(subject + "\t")])
            say(nearest)
            self.check("fixtures in " + subject, not bad, found, "all within 100 %")

    def bits(self):
        self.phase("Bits: two runs, fewer tokens at once, a kill")
        fake = self.options.fake
        shape = ["--layers", 1, "--length", 8, "--tokens", 16384, "--vocabulary", 16, "--steps", 2,
                 "--save-at", 1] if fake else ["--steps", 20, "--save-at", 10]  # fmt: skip
        cases = [("16", "2", "bfloat16")] if fake else [
            ("32,64,128,256", "2,4", "bfloat16"), ("64", "4", "float32")]  # fmt: skip
        whole = {}
        for embd, slices, dtype in cases:
            answer = self.kit.ask(self.clock.left(PHASES["bits"]), "bits", "--embd", embd,
                                  "--slices", slices, "--dtype", dtype, *shape)  # fmt: skip
            lines = answer.lines()
            for line in lines:
                self.check("equal bits, n_embd %d, %s: %s" % (line["embd"], dtype, line["bits"]),
                           line["ok"], line["sha256"][:12])  # fmt: skip
                whole[str(line["embd"]), dtype] = line["sha256"]
            if answer.code not in (0, 1) or not lines:
                self.check("equal bits, %s" % dtype, False, answer.why())
        for embd in ["16"] if fake else ["64", "256"]:
            self.killed(embd, shape, whole.get((embd, "bfloat16")))

    def killed(self, embd, shape, whole):
        """A run that is killed after its checkpoint, and resumed by another process."""
        what = "equal bits, n_embd %s, bfloat16: SIGKILL and resume" % embd
        root = tempfile.mkdtemp(dir=self.kit.work)
        words = ["--embd", embd, "--folder", root, *shape]
        command = self.kit.start(self.kit.java("train", *words))
        saved = command.first(self.clock.left(PHASES["bits"]))
        command.kill()
        if saved is None:
            why = Answer(command.process.returncode, command.text(0), command.text(1)).why()
            self.check(what, False, "nothing to kill: " + why)
            return
        answer = self.kit.ask(self.clock.left(PHASES["bits"]), "resume", "--manifest",
                              saved["manifest"], *words)  # fmt: skip
        lines = answer.lines()
        found = lines[0]["sha256"] if lines else answer.why()
        self.check(what, found == whole, found[:12] if lines else found, (whole or "")[:12])

    def sanitizers(self):
        self.phase("Every kernel, on tiny models")
        before = self.log_size()
        plain = self.kit.ask(self.clock.left(60), "tiny")
        trained = plain.code == 0 and plain.lines()
        found = "%d models" % len(plain.lines()) if trained else plain.why()
        self.check("tiny models train", trained, found)
        if self.options.fake:
            self.launched(before)
            return
        if plain.code != 0:
            return
        sanitizer = find_sanitizer()
        if not sanitizer:
            self.checks.skip(", ".join(SANITIZERS), "no compute-sanitizer here")
            return
        until = time.monotonic() + self.clock.left(PHASES["sanitizers"])
        words = [sanitizer, "--error-exitcode", 9, "--tool"]
        running = [(tool, self.kit.start(words + [tool] + self.kit.java("tiny")))
                   for tool in SANITIZERS]  # fmt: skip
        for tool, command in running:
            self.sanitized(tool, command.end(max(1, until - time.monotonic())))

    def sanitized(self, tool, answer):
        """What one tool found."""
        said = [line for line in answer.out.splitlines() if "SUMMARY" in line]
        if answer.code is None:
            self.checks.skip(tool, "it did not end in time")
        elif not said:
            # As on a machine whose driver does not let it in.
            self.checks.skip(tool, "it does not work here: " + answer.why())
        else:
            summary = said[-1].strip("= ")
            clean = answer.code == 0 and re.search(r"SUMMARY: 0 ", summary)
            if not clean:
                say("\n".join(answer.out.splitlines()[:60]))
            self.check(tool, clean, summary, "no error")

    def log_size(self):
        """The fake driver's log so far."""
        path = os.path.join(self.options.fake or "", "fake-cuda.log")
        return os.path.getsize(path) if self.options.fake and os.path.exists(path) else 0

    def launched(self, before):
        """On the fake driver, which writes down what is launched: is it every kernel?"""
        if not os.path.exists(os.path.join(self.options.fake, "fake-cuda.log")):
            self.checks.skip("tiny models launch every kernel",
                             "the fake driver's fake-cuda.conf has no log=.../fake-cuda.log")  # fmt: skip
            return
        with open(os.path.join(self.options.fake, "fake-cuda.log")) as file:
            file.seek(before)
            launched = set(re.findall(r"^launch (\w+)", file.read(), re.M))
        there = self.entries("kernels.ptx")
        if self.options.warpgroups:
            own = self.entries("hopper.ptx")
            there = there - {name.replace("_hopper", "") for name in own} | own
        missing = sorted(there - launched)
        self.check("tiny models launch every kernel", not missing,
                   "%d of %d" % (len(there) - len(missing), len(there)),
                   "all" if not missing else ", ".join(missing))  # fmt: skip

    def entries(self, text):
        """The kernels of one PTX."""
        with open(os.path.join(self.kit.folder, PTX, text)) as file:
            return set(re.findall(r"\.entry (\w+)", file.read()))

    def violations(self):
        """What the fake driver saw that must not be."""
        path = os.path.join(self.options.fake, "fake-cuda.violations")
        lines = []
        if os.path.exists(path):  # it is written at the first one
            with open(path) as file:
                lines = file.read().splitlines()
        self.check("the fake driver saw nothing wrong", not lines, "; ".join(lines[:5]))


def share(line):
    """How much of what is allowed `loss of step 1: 1e-3; PyTorch 1e-3; allowed 2e-3` uses."""
    numbers = re.search(r": (\S+); PyTorch \S+; allowed (\S+)$", line)
    error, allowed = map(float, numbers.groups())
    used = error / allowed if allowed else 0
    return used if used == used else float("inf")  # NaN is the worst


def too_far(result, table):
    """What to look at first where a fixture fails: what went wrong first, and what most."""
    prefix = "%(subject)s\t%(fixture)s\t" % result
    lines = [line[len(prefix):] for line in table if line.startswith(prefix)]  # fmt: skip
    excesses = [line for line in lines if share(line) > 1]
    if not excesses:
        return result["failure"][:500]
    return "%d of %d comparisons are too far off; the first: %s; the worst: %s" % (
        len(excesses), len(lines), excesses[0], max(excesses, key=share))  # fmt: skip


def worst(table):
    """What these comparisons come to, in two sentences."""
    if not table:
        return "nothing was compared", ""
    shares = list(map(share, table))
    found = "%d comparisons, half within %.0f %%, all within %.0f %% of what is allowed" % (
        len(shares), 100 * statistics.median(shares), 100 * max(shares))  # fmt: skip
    return found, "the nearest to its limit: " + max(table, key=share).replace("\t", ", ")


def find_sanitizer():
    """It is not always on the PATH."""
    found = shutil.which("compute-sanitizer")
    places = [
        os.path.join("/usr/local/cuda*", folder, "compute-sanitizer")
        for folder in ("bin", "compute-sanitizer")
    ]
    return found or next((path for place in places for path in sorted(glob.glob(place))), None)
