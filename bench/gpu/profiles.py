"""Where an iteration's time goes, kernel by kernel: launch_times.c beside this file, and ncu."""

import collections
import glob
import json
import os
import shutil

from findings import Part
from kit.report import say, table

LIBRARY = "liblaunchtimes.so"
WARM_UP = 21  # iterations of Timing.java before it times
ITERATIONS = 5
SHOWN = 14
PROFILE_S = 30


class Profiles(Part):
    """One table per shape, of one iteration."""

    def profiles(self):
        self.phase("Kernels")
        library = os.path.join(self.kit.folder, LIBRARY)
        if not os.path.exists(library):
            why = "the kit has no %s: no cc where it was packed" % LIBRARY
            self.checks.skip("kernel by kernel", why)
            return
        for embd, comp in self.options.profile:
            self.launches(library, embd, comp)
        if self.options.ncu:
            self.counters()

    def launches(self, library, embd, comp):
        folder = self.options.out or self.kit.work
        path = os.path.join(folder, "launches-%d-%d.jsonl" % (embd, comp))
        words = ["env", "LD_PRELOAD=" + library, "LAUNCH_TIMES=" + path]
        words += self.kit.java("time", "--embd", embd, "--comp", comp, "--iterations", ITERATIONS,
                               *(["--tiny"] if self.options.fake else []))  # fmt: skip
        answer = self.kit.start(words).end(self.clock.left(PROFILE_S))
        if answer.code != 0:
            what = "kernel by kernel, n_embd %d, %d compartments" % (embd, comp)
            self.check(what, False, answer.why())
            return
        with open(path) as file:
            lines = [json.loads(line) for line in file]
        # Each iteration launches the same kernels; the first ones come before it: initial values.
        warm_up = 4 if self.options.fake else WARM_UP
        count = len(lines) // (warm_up + ITERATIONS) * ITERATIONS
        kernels = collections.defaultdict(list)
        for line in lines[-count:]:
            kernels[line["kernel"]].append(line["us"])
        whole = sum(map(sum, kernels.values()))
        say("n_embd %d, %d compartments: %.0f us in kernels per iteration, %d launches"
            % (embd, comp, whole / ITERATIONS, count // ITERATIONS))  # fmt: skip
        rows = [(name, len(us) // ITERATIONS, "%.0f" % (sum(us) / ITERATIONS),
                 "%.1f %%" % (100 * sum(us) / whole))
                for name, us in sorted(kernels.items(), key=lambda item: -sum(item[1]))]  # fmt: skip
        table(("kernel", "launches", "us", ""), rows[:SHOWN])

    def counters(self):
        """What ncu says of some kernels: `32/3:head_first_c32`; one launch each."""
        ncu = find_ncu()
        if not ncu:
            self.checks.skip("counters", "no ncu here")
            return
        for one in self.options.ncu.split(","):
            shape, kernel = one.split(":")
            embd, comp = shape.split("/")
            words = [ncu, "--clock-control", "none", "--kill", "yes", "--launch-count", 1,
                     "--kernel-name", kernel, "--section", "SpeedOfLight", "--section",
                     "ComputeWorkloadAnalysis", "--section", "WarpStateStats", "--section",
                     "MemoryWorkloadAnalysis_Tables", "--section", "Occupancy"]  # fmt: skip
            java = self.kit.java("time", "--embd", embd, "--comp", comp, "--iterations", 3)
            answer = self.kit.start(words + java).end(self.clock.left(PROFILE_S))
            say(answer.out[-6000:] if answer.code is not None else "ncu: " + answer.why())


def find_ncu():
    """It is not always on the PATH."""
    places = ["/usr/local/cuda*/bin/ncu", "/opt/nvidia/nsight-compute/*/ncu"]
    found = shutil.which("ncu")
    return found or next((path for place in places for path in sorted(glob.glob(place))), None)
