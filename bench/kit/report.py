"""Checks with their findings, printed as a table; a failed one decides the exit code."""

import sys
import time


class Checks:
    """Collects what was checked, and says at the end whether all of it held."""

    def __init__(self, title):
        self.title = title
        self.rows = []
        self.started = time.monotonic()

    def check(self, what, ok, found="", wanted=""):
        """Records one check; its details are printed at once where it failed."""
        self.rows.append((what, str(found), str(wanted), "ok" if ok else "FAILED"))
        if not ok:
            say("FAILED: %s (%s)" % (what, found))
        return ok

    def skip(self, what, why):
        """Records a check that could not be made here, loudly."""
        self.rows.append((what, why, "", "SKIPPED"))
        say("SKIPPED: %s: %s" % (what, why))

    def failed(self):
        """The names of the failed checks."""
        return [row[0] for row in self.rows if row[3] == "FAILED"]

    def end(self):
        """Prints the table; the exit code."""
        print()
        print("%s, %.0f s" % (self.title, time.monotonic() - self.started))
        table(("check", "found", "wanted", ""), self.rows)
        failed = self.failed()
        skipped = [row[0] for row in self.rows if row[3] == "SKIPPED"]
        if skipped:
            print("Not checked here: %s" % "; ".join(skipped))
        if failed:
            print("FAILED: %s" % "; ".join(failed))
            return 1
        print("All of it holds." if not skipped else "All that was checked holds.")
        return 0


def table(heads, rows):
    """Prints columns, each as wide as its widest cell."""
    rows = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(row[i]) for row in [heads] + rows) for i in range(len(heads))]
    for row in [heads, tuple("-" * width for width in widths)] + rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def say(text):
    """One line of progress."""
    print(text)
    sys.stdout.flush()
