"""Which processes of a sweep are alive, asked by environment, session, parent and open files."""

import os
import threading
import time


class Process:
    """One process as /proc shows it now."""

    def __init__(self, pid):
        self.pid = pid
        with open("/proc/%d/stat" % pid, "rb") as file:
            rest = file.read().rpartition(b") ")[2].split()
        self.state = rest[0].decode()
        self.parent, self.session, self.began = int(rest[1]), int(rest[3]), int(rest[19])
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            self.guard = b"sweep-runner-guard" in file.read().split(b"\0")
        with open("/proc/%d/environ" % pid, "rb") as file:
            pairs = (entry.partition(b"=") for entry in file.read().split(b"\0"))
            self.environment = {
                name.decode(errors="replace"): value.decode(errors="replace")
                for name, _, value in pairs
                if name.startswith((b"SWEEP_RUNNER_", b"OUT_DIR"))
            }

    def claim(self, root):
        """(run, epoch) of the claim that started it under this root, or None."""
        own = self.environment
        if "SWEEP_RUNNER_CLAIM" not in own:
            return None
        folder = own.get("OUT_DIR") or own.get("SWEEP_RUNNER_OUT_DIR") or ""
        if not folder.startswith(root + os.sep):
            return None
        return own.get("SWEEP_RUNNER_RUN_ID"), int(own.get("SWEEP_RUNNER_EPOCH") or 0)

    def holds(self, root):
        """Whether it has a file under this root open, or stands in a folder there."""
        links = ["/proc/%d/cwd" % self.pid]
        try:
            links += [e.path for e in os.scandir("/proc/%d/fd" % self.pid)]
        except OSError:
            return False
        for link in links:
            try:
                if os.readlink(link).startswith(root + os.sep):
                    return True
            except OSError:
                continue
        return False


def everybody():
    """All processes that can be read, by their pids; zombies are dead."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                process = Process(int(name))
            except (OSError, IndexError, ValueError):
                continue
            if process.state not in "ZX":
                found[process.pid] = process
    return found


def ancestors(pid, people):
    """The pids above it, nearest first."""
    above = []
    while pid in people and people[pid].parent > 1 and people[pid].parent not in above:
        pid = people[pid].parent
        above.append(pid)
    return above


class Census(threading.Thread):
    """Counts again and again; remembers whoever outlived its time.

    A claim is doomed from the moment on that its worker is killed, frozen or gone: then all of it
    must be dead by a time.
    """

    def __init__(self, root, workers, step=0.3):
        super().__init__(daemon=True)
        self.root, self.workers, self.step = root, workers, step  # workers: pids that are none of it
        self.doomed = {}  # claim: the time (monotonic) by which it must be gone
        self.known = {}  # (pid, began): (claim, how it was found)
        self.sessions = {}  # session: claim
        self.late = {}  # (pid, began): what is to be said of it
        self.counts = 0
        self._over = threading.Event()
        self._lock = threading.Lock()

    def doom(self, claims, seconds):
        """These must be gone by then."""
        with self._lock:
            for claim in claims:
                self.doomed.setdefault(claim, time.monotonic() + seconds)

    def run(self):
        while not self._over.wait(self.step):
            self.count()

    def end(self):
        """Stops counting."""
        self._over.set()
        self.join(30)

    def count(self):
        """Who is alive of which claim: claim or None, process, how it was found."""
        people = everybody()
        found = []
        for process in people.values():
            if process.pid in self.workers or process.pid == os.getpid():
                continue
            if process.guard and any(pid in self.workers for pid in ancestors(process.pid, people)):
                continue  # it waits for a frozen worker to hear of the end; it is no program
            claim, how = self._claim(process)
            if how:
                found.append((claim, process, how))
        with self._lock:
            self.counts += 1
            for claim, process, how in found:
                self._judge(claim, process, how)
        return found

    def _claim(self, process):
        key = (process.pid, process.began)
        claim, how = process.claim(self.root), "environment"
        if claim is None and key in self.known:
            claim, how = self.known[key][0], "seen before"
        if claim is None and process.session in self.sessions:
            claim, how = self.sessions[process.session], "session"
        if claim is None:
            parent = next((c for (pid, _), (c, _) in self.known.items() if pid == process.parent), None)
            claim, how = parent, "parent"
        if claim is None:
            return None, "open files" if process.holds(self.root) else None
        self.known.setdefault(key, (claim, how))
        if process.session != os.getsid(0):
            self.sessions.setdefault(process.session, claim)
        return claim, how

    def _judge(self, claim, process, how):
        key = (process.pid, process.began)
        by = self.doomed.get(claim)
        over = 0 if by is None else time.monotonic() - by
        if over > 0 and key not in self.late:
            self.late[key] = "pid %d of %s/%s, %.1f s too long (%s)" % (process.pid, *claim, over, how)
