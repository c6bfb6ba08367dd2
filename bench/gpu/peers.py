"""PyTorch beside ours: its compiler's caches, and one process that measures what it is asked."""

import collections
import concurrent.futures
import os

from findings import Part
from kit.events import until
from kit.report import say
from programs import Answer

MODES = collections.OrderedDict(  # first what a bar stands on, should the time not suffice
    (("compile", "torch.compile"), ("chunked", "torch.compile, chunked head"), ("eager", "eager"))
)
WARM_S = 100
AT_ONCE = 3  # compiling; each holds some 35 GiB of the GPU meanwhile


class Peers(Part):
    """Starts where it is first asked, and again where it broke."""

    process = None

    def warm(self):
        """Fills the compiler's caches, several shapes at once, so that to measure takes seconds."""
        if self.options.fake or not self.findings.torch:
            return
        self.phase("PyTorch compiles")
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.compiled, self.options.shapes))

    def compiled(self, shape):
        left = WARM_S - self.clock.elapsed()
        if left < 10:
            return
        words = ["--embd", shape[0], "--comp", shape[1], "--modes", "compile,chunked"]
        answer = self.kit.python(left, self.script(), *words, "--budget", 0)
        took = ["%s %s s" % (line["who"], line.get("first_s", line.get("error")))
                for line in answer.lines()]  # fmt: skip
        say("[%3.0f s] compiled for n_embd %d, %d compartments: %s"
            % (self.clock.elapsed(), *shape, ", ".join(took) or answer.why()))  # fmt: skip

    def start(self):
        """Its first answer is not kept waiting by an import that takes seconds."""
        ended = self.process is None or self.process.process.poll() is not None
        if self.findings.torch and ended:
            words = ["--serve", "--budget", self.options.peer_budget, "--modes", ",".join(MODES)]
            if self.options.fake:
                words = ["--serve", "--device", "cpu", "--tiny", "--modes", "eager", "--budget", 1]
            self.process = self.kit.start([self.options.python, self.script(), *words], fed=True)

    def measure(self, embd, comp, timeout):
        """A line of JSON per mode."""
        self.start()
        start = len(self.process.text(0))
        self.process.say("%d %d" % (embd, comp))

        def said():
            return self.process.text(0)[start:]

        until(lambda: "\n\n" in said() or self.process.process.poll() is not None, timeout)
        done = "\n\n" in said()
        if not done:
            self.process.kill()
        return Answer(self.process.process.poll() if done else None, said(), self.process.text(1))

    def end(self):
        if self.process:
            self.process.kill()

    def script(self):
        return os.path.join(self.kit.folder, "torch_bench.py")
