"""Damages for the checker of a torture: each must be found, as a violation of what it breaks."""

import json
import os

from kit.invariants import World, read, sha256


class Damage:
    """A change of some files that can be taken back."""

    def __init__(self):
        self.before = {}

    def write(self, path, content):
        """New bytes; None removes."""
        self.before.setdefault(path, read(path))
        if content is None:
            os.remove(path)
        else:
            with open(path, "wb") as file:
                file.write(content)

    def undo(self):
        for path, content in self.before.items():
            if content is None:
                os.remove(path)
            else:
                with open(path, "wb") as file:
                    file.write(content)


def slot_path(run, slot):
    name = "%08d.json" % slot
    kept = os.path.join(run.kept, name)
    return kept if os.path.exists(kept) else os.path.join(run.lock, name)


def rewrite(damage, run, change):
    """Changes the records of a log, and chains them anew, as a careful forger would."""
    records = json.loads(json.dumps(run.records))
    change(records)
    before = ""
    for record in records:
        record["prev_sha256"] = before
        content = json.dumps(record, separators=(",", ":")).encode()
        before = sha256(content)
        damage.write(slot_path(run, record["slot"]), content)


def of_type(records, kind, number=0):
    return [record for record in records if record["type"] == kind][number]


def double_finish(damage, run, world):
    def change(records):
        records.append(dict(records[-1], slot=len(records) + 1, token="planted"))

    rewrite(damage, run, change)


def changed_rows(damage, run, change):
    lines = read(run.path("metrics.jsonl")).splitlines(True)
    change(lines)
    damage.write(run.path("metrics.jsonl"), b"".join(lines))

    def admit(records):
        finish = records[-1]["body"]["finish"]
        finish.update(journal_sha256=sha256(b"".join(lines)), rows=len(lines))

    rewrite(damage, run, admit)


def lost_step(damage, run, world):
    changed_rows(damage, run, lambda lines: lines.pop(7))


def doubled_step(damage, run, world):
    changed_rows(damage, run, lambda lines: lines.insert(8, lines[7]))


def other_row(damage, run, world):
    def change(lines):
        lines[7] = lines[7].replace(b'"h1":', b'"h1":1')

    changed_rows(damage, run, change)


def forged_owner(damage, run, world):
    def change(records):
        publish = of_type(records, "PUBLISH", -1)
        publish["owner"] = dict(publish["owner"], incarnation="nobody.0")

    rewrite(damage, run, change)


def stranger(damage, run, world):
    def change(records):
        for record in records:
            record["owner"] = dict(record["owner"], incarnation="nobody.0")

    rewrite(damage, run, change)


def late_publish(damage, run, world):
    def change(records):
        second = [r for r in records if r["type"] == "CLAIM"][1]
        after = next(r for r in records if r["slot"] > second["slot"] and r["type"] == "PUBLISH")
        after.update(owner=records[0]["owner"], epoch=records[0]["epoch"])

    rewrite(damage, run, change)


def other_manifest(damage, run, world):
    def change(records):
        of_type(records, "PUBLISH")["fold"]["ckpt"]["manifest_sha256"] = "0" * 64

    rewrite(damage, run, change)


def backwards(damage, run, world):
    def change(records):
        made = of_type(records, "PUBLISH", 1)["fold"]["ckpt"]
        made["iter"] = of_type(records, "PUBLISH")["fold"]["ckpt"]["iter"]

    rewrite(damage, run, change)


def counters(damage, run, world):
    def change(records):
        of_type(records, "CLAIM", 1)["fold"]["deaths"] += 1

    rewrite(damage, run, change)


def gap(damage, run, world):
    damage.write(slot_path(run, 2), None)


def edited(damage, run, world):
    path = slot_path(run, 2)
    damage.write(path, read(path).replace(b'"wall_utc":"2', b'"wall_utc":"3'))


def weights(damage, run, world):
    finish = run.records[-1]["body"]["finish"]
    damage.write(run.path("ckpt", finish["checkpoint"], "weights"), b"0" * 64)


def temp(damage, run, world):
    path = os.path.join(run.lock, ".t.planted")
    damage.write(path, b"")
    os.utime(path, (0, 0))  # what was made after the run's end may lie there


def no_hint(damage, run, world):
    damage.write(run.lock[:-5] + ".done", None)


def events_of(world, run):
    """The newest process that worked on a run, and its file."""
    life, epoch, steps, _ = [work for work in world.work[run.run_id] if work[2]][-1]
    return life, epoch, steps, os.path.join(world.folder, "events", life.name + ".events")


def said(damage, world, run, event, count):
    life, epoch, steps, path = events_of(world, run)
    content = read(path)
    number = content.count(b"\n")
    for more in range(1, count + 1):
        line = {"n": number + more, "pid": life.pid, "event": event, "run": run.run_id,
                "epoch": epoch, "iter": steps[-1] + more}  # fmt: skip
        content += json.dumps(line).encode() + b"\n"
    damage.write(path, content)


def lying_publish(damage, run, world):
    said(damage, world, run, "publish", 2)  # the first may be true


def work_in_vain(damage, run, world):
    said(damage, world, run, "iteration", 40)


def lost_event(damage, run, world):
    path = events_of(world, run)[3]
    lines = read(path).splitlines(True)
    damage.write(path, b"".join(lines[:3] + lines[4:]))


def lives(damage, world, change):
    path = os.path.join(world.folder, "lives.jsonl")
    told = [json.loads(line) for line in read(path).splitlines()]
    change(told)
    damage.write(path, "".join(json.dumps(line) + "\n" for line in told).encode())


def stays(damage, run, world):
    lives(damage, world, lambda told: told[-1].update(code=-9))


def false_proof(damage, run, world):
    over = next(before for before, after in zip(run.records, run.records[1:])
                if after["type"] == "CLAIM" and " is gone" in after["body"].get("detail", ""))  # fmt: skip
    name = over["owner"]["incarnation"]

    def change(told):
        next(line for line in told if line["life"] == name).update(code=0)

    lives(damage, world, change)


def no_folder(damage, run, world):
    path = os.path.join(world.folder, "sweeps", "0.yaml")
    damage.write(path, read(path).replace(b"values: [", b"values: [999983, "))


# What is planted, and as what it must be found.
PLANTED = (
    ("double finish", "I4", double_finish), ("lost step", "I6", lost_step),
    ("doubled step", "I6", doubled_step), ("another row", "I6", other_row),
    ("forged owner", "I2", forged_owner), ("owner that never lived", "I2", stranger),
    ("gap in the slots", "I1", gap), ("edited record", "I1", edited),
    ("publish after a rival's claim", "I2", late_publish), ("another state", "I3", other_manifest),
    ("publish that goes back", "I3", backwards), ("final weights", "I3", weights),
    ("temporary file", "I7", temp), ("no hint", "I7", no_hint), ("worker that stays", "I8", stays),
    ("wrong counter", "I9", counters), ("40 steps in vain", "I10", work_in_vain),
    ("publish that was none", "I5", lying_publish), ("death that was none", "I5", false_proof),
    ("lost event", "events", lost_event), ("point without a run", "I4", no_folder),
)  # fmt: skip


def victim(world):
    """A finished run that was taken over from a proven dead owner between its publishes."""
    for run in world.runs:
        kinds = [record["type"] for record in run.records]
        claims = [i for i, kind in enumerate(kinds) if kind == "CLAIM"]
        gone = any(" is gone" in record["body"].get("detail", "") for record in run.records)
        if kinds[-1:] == ["FINISH"] and gone and len(claims) > 1 and "PUBLISH" in kinds[claims[1] :]:
            if kinds[: claims[1]].count("PUBLISH") and kinds.count("PUBLISH") > 2:
                return run
    return None


def plant(checks, folder, every):
    """Plants each damage in a sound world, one at a time."""
    sound = World(folder)
    sound.check(every)
    run = victim(sound)
    if not checks.check("a run to plant damages in", run, run and run.run_id, "one"):
        return
    for what, invariant, spoil in PLANTED:
        damage = Damage()
        try:
            spoil(damage, run, sound)
            found = World(folder).check(every)
        finally:
            damage.undo()
        hit = [text for kind, text in found if kind == invariant]
        checks.check("planted: " + what, hit, (hit or ["NOT FOUND"])[0][:70], "found as " + invariant)
    left = World(folder).check(every)
    checks.check("all damages taken back", not left, len(left), 0)
