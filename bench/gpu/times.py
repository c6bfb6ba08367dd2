"""How fast it is beside PyTorch, shape by shape, and the table of it."""

import collections
import datetime
import math
import time

from findings import Part
from kit.report import say
from peers import MODES

SHAPES = ((32, 3), (128, 3), (64, 3), (256, 3), (32, 5), (256, 5), (128, 5), (64, 5))
BARS = {32: 2.0, 64: 2.0, 128: 2.0, 256: 1.3}  # times as fast as torch.compile
SHAPE_S = 25  # what a shape takes at least, before one is known
FEW_S = 15


class Times(Part):
    """The phases that measure, and what they come to."""

    def __init__(self, findings, peers):
        super().__init__(findings)
        self.torch = peers

    def times(self):
        self.phase("Times")
        self.torch.start()
        shapes = [(32, 3), (64, 3)] if self.options.fake else self.options.shapes
        took = 0
        for number, shape in enumerate(shapes):
            left = self.clock.budget - self.clock.elapsed()
            if number and left < max(SHAPE_S if self.findings.torch else FEW_S, 1.1 * took):
                names = ", ".join("%d/%d" % shape for shape in shapes[number:])
                self.checks.skip("times of " + names, "no time left: %.0f s" % left)
                return
            start = time.monotonic()
            self.shape(*shape)
            took = time.monotonic() - start

    def shape(self, embd, comp):
        say("[%3.0f s] n_embd %d, %d compartments" % (self.clock.elapsed(), embd, comp))
        ours = [self.ours(embd, comp)]
        if ours[0] and not self.options.fake or embd == 32:
            self.ours(embd, comp, "--trainer")
        if self.findings.torch:
            self.peers(embd, comp)
            ours.append(self.ours(embd, comp))
        if not all(ours):
            return
        times = [line["ms"] for line in ours]
        if max(times) > 1.05 * min(times):
            say("UNSTEADY: ours took %s ms" % " and ".join("%.2f" % ms for ms in times))

    def ours(self, embd, comp, *more):
        words = ["time", "--embd", embd, "--comp", comp, *more]
        words += ["--tiny", "--seconds", 0.5, "--iterations", 3] if self.options.fake else [
            "--seconds", self.options.seconds, "--iterations", 60 if more else 200]  # fmt: skip
        answer = self.kit.ask(self.clock.left(60), *words)
        lines = answer.lines()
        if not lines or answer.code != 0:
            self.check("ours, n_embd %d, %d compartments" % (embd, comp), False, answer.why())
            return None
        line = lines[0]
        self.record(line)
        say(line_text(line))
        if "first_loss" in line:
            # Random ids and small weights: what is wrong at this size only would show here.
            guess = math.log(line["vocabulary"])
            self.check("first loss, n_embd %d, %d compartments" % (embd, comp),
                       abs(line["first_loss"] - guess) < 0.02 * guess and
                       line["loss"] < line["first_loss"] + 0.1,
                       "%.4f, then %.4f" % (line["first_loss"], line["loss"]),
                       "about %.4f" % guess)  # fmt: skip
        return line

    def peers(self, embd, comp):
        spare = FEW_S if not self.options.fake else 1  # for ours again
        answer = self.torch.measure(embd, comp, max(10, self.clock.left() - spare))
        lines = answer.lines()
        for line in lines:
            self.record(line)
            say(line_text(line))
        missing = [mode for mode in MODES if "torch-" + mode not in [e["who"] for e in lines]]
        if missing and not self.options.fake:
            self.checks.skip("%s, n_embd %d, %d compartments" % (", ".join(missing), embd, comp),
                             answer.why())  # fmt: skip

    def bars(self):
        for (embd, comp), rows in self.by_shape().items():
            peer = rows.get("torch-compile")
            if peer and "ours" in rows and not self.options.fake:
                ratio = peer["ms"] / rows["ours"]["ms"]
                self.check("speed, n_embd %d, %d compartments" % (embd, comp),
                           ratio >= BARS[embd], "%.2f x torch.compile" % ratio,
                           ">= %g" % BARS[embd])  # fmt: skip

    def by_shape(self):
        """Per shape, who: measurement; of ours the slower one."""
        shapes = collections.OrderedDict()
        for line in self.findings.measured:
            if "who" not in line or "error" in line:
                continue
            rows = shapes.setdefault((line["embd"], line["comp"]), {})
            before = rows.get(line["who"])
            if before is None or line["ms"] > before["ms"]:
                rows[line["who"]] = line
        return shapes

    def table(self):
        """Markdown, for docs/performance.md."""
        gpu = self.findings.gpu
        warning = ": A FAKE DRIVER, THESE TIMES MEAN NOTHING" if self.options.fake else ""
        print()
        print("%s, %s, driver %s (CUDA %s), PyTorch %s, Sweep Runner %s, kernels %s%s"
              % (datetime.date.today(), gpu["device"], gpu.get("driver") or "unknown",
                 gpu["driver_cuda"], self.findings.torch or "none", self.kit.facts["commit"],
                 gpu["kernels"], warning))  # fmt: skip
        print()
        print("| n_embd | compartments | | ms per iteration (least to most) | tokens/s | MFU |"
              " peak memory, GiB | ours is faster by |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|")
        names = [("ours", "ours"), ("trainer", "ours, with reading the data")]
        names += [("torch-" + mode, "PyTorch, " + name) for mode, name in MODES.items()]
        for (embd, comp), rows in self.by_shape().items():
            for who, name in names:
                if who in rows:
                    print(markdown(embd, comp, name, rows[who], rows.get("ours")))
        print()
        print("An iteration is forward, backward, clipping and AdamW of %s tokens, %d layers, 64"
              " tokens a row, bfloat16; ms are medians. Of ours it is the slower of two"
              " measurements, before and after PyTorch's. MFU by PaLM's count, and this GPU's"
              " nominal peak at its highest clock. Memory without the CUDA context: of ours all"
              " that it takes, of PyTorch what its allocator held at most."
              % (", ".join(sorted({"{:,}".format(line["tokens"]) for line in self.findings.measured
                                   if "who" in line})), 2 if self.options.fake else 8))  # fmt: skip


def line_text(line):
    """A measurement in a line."""
    if "error" in line:
        return "%s: %s" % (line["who"], line["error"])
    return "%s: %.2f ms (%.2f to %.2f, %d iterations), %.0f tokens/s" % (
        line["who"], line["ms"], line["min_ms"], line["max_ms"], line["iterations"],
        line["tokens_per_s"])  # fmt: skip


def markdown(embd, comp, name, line, ours):
    """A row of the table."""
    mfu = line.get("mfu")
    if mfu is None and ours and ours.get("peak_flops"):
        mfu = line["tokens_per_s"] * ours["flops_per_token"] / ours["peak_flops"]
    if line.get("rows") and line.get("accumulation", 1) > 1:
        name += ", %d rows at once" % line["rows"]
    faster = "%.2f" % (line["ms"] / ours["ms"]) if ours and line["who"].startswith("torch") else ""
    memory = line.get("peak_gib")
    return "| %d | %d | %s | %.2f (%.2f to %.2f) | %s | %s | %s | %s |" % (
        embd, comp, name, line["ms"], line["min_ms"], line["max_ms"],
        "{:,.0f}".format(line["tokens_per_s"]), "" if mfu is None else "%.1f %%" % (100 * mfu),
        "" if memory is None else "%.2f" % memory, faster)  # fmt: skip
