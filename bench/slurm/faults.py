"""What scale-faults and task-faults share: parts with names, each on its own, each on a fresh Slurm."""

import time
import traceback

from kit.report import say
from slurm import accounts


class Part:
    """One of them: its name before each check, its folder, its time."""

    def __init__(self, bench, case, name):
        self.bench, self.slurm, self.checkout = bench, bench.slurm, bench.checkout
        self.name = name
        self.folder = bench.folder(case, name)
        self.ends = []

    def check(self, what, ok, found="", wanted=""):
        """One statement of what is right."""
        return self.bench.checks.check("%s: %s" % (self.name, what), ok, found, wanted)

    def skip(self, what, why):
        """One that cannot be tried here."""
        self.bench.checks.skip("%s: %s" % (self.name, what), why)

    def at_end(self, call):
        """Something that is done whatever comes; the newest first."""
        self.ends.append(call)

    def busy(self, gpus, node=None):
        """A job that holds so many GPUs until it is cancelled; its id."""
        where = ["--nodelist=" + node] if node else []
        job = self.slurm.submit(
            self.bench.sleeper(600),
            options=["--partition=high", "--gpus=%d" % gpus, "--output=/dev/null", *where],
        )
        self.at_end(lambda: self.slurm.cancel(job))
        return job


def run(bench, case, parts):
    """The parts that are asked for, each to its end whatever becomes of the others."""
    for name in bench.wanted(parts, bench.options.parts):
        part, begun = Part(bench, case, name), time.monotonic()
        try:
            parts[name](part)
        except Exception as error:  # one part that breaks is one part that fails
            traceback.print_exc()
            part.check("comes to its end", False, "%s: %s" % (type(error).__name__, error))
        finally:
            for end in reversed(part.ends):
                end()
        say("  %s: %.0f s" % (name, time.monotonic() - begun))


def fresh(part, limited=False, **settings):
    """A Slurm of the part's own; limited: with accounts, or None, loudly, where there can be none."""
    settings.setdefault("grace", 0)
    settings.setdefault("nodes", 1)
    if not limited:
        part.bench.fresh(**settings)
        return None
    missing = accounts.missing()
    if missing:
        part.skip("limits of an account", "NO %s HERE" % " ".join(missing))
        return None
    own = accounts.Accounts(part.slurm)
    part.at_end(own.stop)
    part.at_end(lambda: part.slurm.use("down"))
    own.start()
    part.bench.fresh(extra=own.settings(), **settings)
    return own
