"""A storage root as it lies on disk: its runs, their claim logs, rows and checkpoints."""

import hashlib
import json
import os
import re

RUN_FOLDER = re.compile(r"^([0-9a-f]{8})_s-?\d+$")
SLOT = re.compile(r"^(\d{8})\.json$")
CHECKPOINT = re.compile(r"^(\d{7,})-e(\d+)(-end)?$")


class Broken(Exception):
    """Something on disk is not what it must be."""


def sha256(path):
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def names(folder):
    """The names in a folder, sorted; none where it is absent."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


class Run:
    """One run's folder and its claim log."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.name = os.path.basename(self.folder)
        match = RUN_FOLDER.match(self.name)
        if not match:
            raise Broken("%s is no run folder" % folder)
        self.run_id = match.group(1)
        group = os.path.dirname(self.folder)
        project = os.path.dirname(group)
        self.key = "/".join(
            (os.path.basename(project), os.path.basename(group), self.name)
        )
        self.locks = os.path.join(project, ".locks")
        self.lock = os.path.join(self.locks, self.run_id + ".lock")

    def path(self, *parts):
        """A path inside the run's folder."""
        return os.path.join(self.folder, *parts)

    def slots(self):
        """The slots of the claim log that are there, ascending."""
        return [int(m.group(1)) for m in map(SLOT.match, names(self.lock)) if m]

    def record(self, slot):
        """One record of the claim log."""
        path = os.path.join(self.lock, "%08d.json" % slot)
        with open(path, "rb") as file:
            content = file.read()
        try:
            record = json.loads(content)
        except ValueError as error:
            raise Broken("%s is no JSON: %s" % (path, error)) from error
        record["sha256"] = hashlib.sha256(content).hexdigest()
        return record

    def end(self):
        """The newest record, or None without a log."""
        slots = self.slots()
        return self.record(slots[-1]) if slots else None

    def finish(self):
        """What FINISH says, or None where the log does not end in one."""
        end = self.end()
        return end["body"]["finish"] if end and end["type"] == "FINISH" else None

    def log_faults(self):
        """What is wrong with the claim log of a run that has ended: dense, chained, FINISH."""
        slots = self.slots()
        if not slots:
            return ["no claim log"]
        faults = []
        if slots != list(range(slots[0], slots[-1] + 1)):
            faults.append("slots %s are not dense" % slots)
            return faults
        if slots[0] != 1 and len(slots) > 1:
            faults.append("slots %s: neither whole nor only the last" % slots)
        records = [self.record(slot) for slot in slots]
        for before, after in zip(records, records[1:]):
            if after["prev_sha256"] != before["sha256"]:
                faults.append("slot %d does not name slot %d" % (after["slot"], before["slot"]))
            if after["type"] != "CLAIM" and after["epoch"] != before["epoch"]:
                faults.append("slot %d is of another claim than the newest" % after["slot"])
        if records[-1]["type"] != "FINISH":
            faults.append("ends in %s" % records[-1]["type"])
        return faults

    def rows(self):
        """The rows of the joined journal without what a clock wrote."""
        rows = []
        with open(self.path("metrics.jsonl"), "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise Broken("metrics.jsonl line %d is no JSON" % number) from error
                row.pop("wall", None)
                rows.append(row)
        return rows

    def checkpoints(self):
        """Names of the checkpoint folders that are there."""
        return [name for name in names(self.path("ckpt")) if CHECKPOINT.match(name)]

    def final_checkpoint(self):
        """The folder that FINISH names."""
        finish = self.finish()
        if finish is None:
            raise Broken("its log does not end in FINISH")
        return self.path("ckpt", finish["checkpoint"])

    def fingerprint(self):
        """Every file of the run and its log with its hash: to see whether anything changed."""
        found = {}
        for base in (self.folder, self.lock):
            for folder, folders, files in os.walk(base):
                for name in folders + files:
                    path = os.path.join(folder, name)
                    if os.path.islink(path):
                        found[path] = "-> " + os.readlink(path)
                    else:
                        found[path] = sha256(path) if name in files else "folder"
        return found

    def litter(self):
        """What an ended run must not leave behind, as paths."""
        allowed = {"config.json", "meta", "ckpt", "metrics.jsonl", "FINISHED.json", "run.log"}
        found = [self.path(name) for name in names(self.folder) if name not in allowed]
        found += [
            self.path("ckpt", name)
            for name in names(self.path("ckpt"))
            if name != "latest" and not CHECKPOINT.match(name)
        ]
        kept = {"manifest.json", "weights.safetensors", "optimizer.safetensors", "state.json"}
        for checkpoint in self.checkpoints():
            folder = self.path("ckpt", checkpoint)
            found += [os.path.join(folder, n) for n in names(folder) if n not in kept]
        for epoch in names(self.path("meta")):
            folder = self.path("meta", epoch)
            found += [
                os.path.join(folder, name)
                for name in (names(folder) if os.path.isdir(folder) else [epoch])
                if name.startswith(".t.") or name.endswith(".tmp") or name == "run.log"
            ]
        slots = self.slots()
        last = "%08d.json" % slots[-1] if slots else ""
        found += [os.path.join(self.lock, n) for n in names(self.lock) if n != last]
        return found


def runs(root):
    """The runs of a storage root by their keys; or the one run whose folder it is."""
    root = os.path.abspath(root)
    if RUN_FOLDER.match(os.path.basename(root)):
        run = Run(root)
        return {run.key: run}
    found = {}
    out = os.path.join(root, "out")
    for project in names(out):
        if project.startswith("."):
            continue
        for group in names(os.path.join(out, project)):
            if group.startswith("."):
                continue
            for name in names(os.path.join(out, project, group)):
                if RUN_FOLDER.match(name):
                    run = Run(os.path.join(out, project, group, name))
                    found[run.key] = run
    return found


def litter(root):
    """Litter of a whole storage root whose sweep has ended: of its runs and beside them."""
    found = []
    for run in runs(root).values():
        found += run.litter()
    out = os.path.join(root, "out")
    for folder, folders, files in os.walk(out):
        for name in folders + files:
            if name.startswith(".t.") or name.endswith(".tmp"):
                found.append(os.path.join(folder, name))
    for project in names(out):
        locks = os.path.join(out, project, ".locks")
        for name in names(locks):
            if not (name in (".format", ".entity") or name.endswith((".lock", ".done"))):
                found.append(os.path.join(locks, name))
    return sorted(set(found))
