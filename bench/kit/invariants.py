"""What must hold after a torture, read from the disk and the processes' event files alone.

Nothing here is shared with the program: logs, chains, states, rows and counters are computed anew.
The invariants are those of docs/torture.md. What is read:

    root/out/torture/...      a storage root, as the workers left it
    kept/{run id}.lock/...    records that compaction took away, each under a second name
    events/{life}.events      one file per process
    lives.jsonl               when the driver started and hit each process, and how it ended
    sweeps/*.yaml             what was to be trained
"""

import collections
import datetime
import glob
import hashlib
import json
import os
import re

CURSED = 1000000  # seeds from here on belong to runs that must be given up
FAILS_AT = 13
MILESTONES = (100,)  # of the iterations that a run here can reach
DEATHS, CONFIG_ERRORS, FAILURES = 5, 2, 5
SLOT = re.compile(r"^\d{8}\.json$")
RUN = re.compile(r"^([0-9a-f]{8})_s(\d+)$")
CHECKPOINT = re.compile(r"^\d{7,}-e\d+$")
HELD = ("CLAIM", "PUBLISH")


def sha256(content):
    """Lower-case hex of bytes or text."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def length(seed):
    """Steps of the run of this seed."""
    return 30 + seed * 37 % 100


def states(run_id, steps):
    """The hash chain of a run: the state after 0, 1, ... steps."""
    chain = [sha256(run_id)]
    for step in range(steps):
        chain.append(sha256("%s %d" % (chain[-1], step)))
    return chain


def optimizer(state):
    """What the second file of a checkpoint holds."""
    return sha256("optimizer " + state)


def manifest(iteration, epoch, state):
    """The manifest of a checkpoint, to the byte."""
    return '{"iter":%d,"epoch":%d,"permanent":%s,"weights":"%s","optimizer":"%s"}\n' % (
        iteration, epoch, "true" if iteration in MILESTONES else "false",
        sha256(state), sha256(optimizer(state)),
    )  # fmt: skip


def read(path):
    """A file's bytes, or None where it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def names(folder):
    """The names in a folder, sorted; none where it is absent."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def seconds(utc):
    """Since 1970, of a time as records write it: without, with three, six or nine decimals."""
    whole, _, parts = utc.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float("0." + (parts or "0"))


class Life:
    """One process: what it said it did, and what the driver did to it."""

    def __init__(self, name, told):
        self.name = name
        self.told = told
        self.pid = None
        self.began = {}  # (run, epoch) -> iteration
        self.steps = {}  # (run, epoch) -> iterations, in order
        self.published = []  # (run, epoch, iteration)
        self.ended = []  # (outcome, run, epoch)
        self.point = None
        self.faults = []

    def read(self, path):
        """Its event file; says what is wrong with the file itself."""
        for number, line in enumerate((read(path) or b"").splitlines(), 1):
            try:
                event = json.loads(line)
            except ValueError:
                self.faults.append("line %d of its events is torn" % number)
                continue
            if event["n"] != number:
                self.faults.append("event %d of its file says %s" % (number, event["n"]))
            self.pid = event["pid"]
            self.take(event)
        return self

    def take(self, event):
        kind = event["event"]
        if kind == "crash-point":
            self.point = event["point"]
            return
        claim = (event["run"], event["epoch"])
        if kind == "life" and event["run"] != self.name:
            self.faults.append("its event file says it is %s" % event["run"])
        elif kind in ("start", "resume"):
            if claim in self.began:
                self.faults.append("it began %s at claim %d twice" % claim)
            self.began[claim] = event["iter"]
        elif kind == "iteration":
            self.steps.setdefault(claim, []).append(event["iter"])
        elif kind == "publish":
            self.published.append(claim + (event["iter"],))
        elif kind.startswith("ended."):
            self.ended.append((kind[6:],) + claim)

    @property
    def killed(self):
        """Whether its end was a blow."""
        return self.told.get("code") in (-9, 137)


class Run:
    """One run as it lies on disk."""

    def __init__(self, world, group, name):
        self.world = world
        self.run_id, seed = RUN.match(name).groups()
        self.seed = int(seed)
        self.folder = os.path.join(world.project, group, name)
        self.lock = os.path.join(world.project, ".locks", self.run_id + ".lock")
        self.kept = os.path.join(world.kept, self.run_id + ".lock")
        self.cursed = self.seed >= CURSED
        self.length = length(self.seed)
        self.chain = states(self.run_id, self.length)
        self.records = []
        self.hashes = []
        self.found = []

    def say(self, invariant, text):
        self.found.append((invariant, "run %s: %s" % (self.run_id, text)))

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # I1 -----------------------------------------------------------------------------------------

    def read_log(self):
        """The whole log, compacted slots included: dense, chained, of one config."""
        contents = {}
        for folder in (self.kept, self.lock):
            for name in filter(SLOT.match, names(folder)):
                content = read(os.path.join(folder, name))
                if content is None:
                    continue
                if contents.setdefault(int(name[:8]), content) != content:
                    self.say("I1", "slot %s held two different records" % name[:8])
        slots = sorted(contents)
        if slots != list(range(1, len(slots) + 1)) or not slots:
            self.say("I1", "its slots %s have a gap" % slots)
        for slot in slots:
            try:
                self.records.append(json.loads(contents[slot]))
                self.hashes.append(sha256(contents[slot]))
            except ValueError:
                self.say("I1", "slot %d is no JSON" % slot)
        before = ""
        config = json.loads(read(self.path("config.json")) or b"{}")
        canonical = sha256(json.dumps(config.get("config"), separators=(",", ":")))
        for slot, record, own in zip(slots, self.records, self.hashes):
            if record["slot"] != slot:
                self.say("I1", "slot %d holds record %s" % (slot, record["slot"]))
            if record["prev_sha256"] != before:
                self.say("I1", "slot %d is not chained to the one before" % slot)
            if record["config_sha256"] != canonical or config.get("sha256") != canonical:
                self.say("I1", "slot %d is of another config" % slot)
            before = own
        return self

    # I2, I5, I9 ---------------------------------------------------------------------------------

    def walk(self):
        """Owners, order of records, counters: record by record."""
        claim, before = None, None
        fold = {"attempts": 0, "failures": 0, "deaths": 0, "config_errors": 0, "progressed": False}
        tip = None
        for record in self.records:
            kind, slot = record["type"], record["slot"]
            if kind == "CLAIM":
                claim = record
                self.check_claim(record, before, fold)
            elif claim is None:
                self.say("I2", "slot %d, a %s, has no CLAIM before it" % (slot, kind))
                return
            elif kind != "RESET":
                self.check_owner(record, claim)
            self.check_order(record, before, fold)
            if kind == "PUBLISH":
                tip = self.check_publish(record, tip, fold)
            elif kind == "FAIL":
                fold["failures"] += 1
                fold["config_errors"] += record["body"].get("detail") == "CONFIG"
            elif kind == "RESET":
                fold.update(failures=0, deaths=0, config_errors=0, progressed=False)
            elif kind == "FINISH":
                self.check_finish(record["body"]["finish"], tip)
            wrong = [k for k in fold if record["fold"].get(k) != fold[k]]
            if wrong:
                self.say("I9", "slot %d counts %s wrongly" % (slot, ", ".join(wrong)))
            before = record

    def check_claim(self, record, before, fold):
        slot = record["slot"]
        if record["epoch"] != slot:
            self.say("I2", "CLAIM %d says epoch %s" % (slot, record["epoch"]))
        fold["attempts"] += 1
        if before and before["type"] in HELD and not fold["progressed"]:
            # Which deaths count rests on beats that are gone (claims.md); never two for one claim.
            fold["deaths"] = min(max(record["fold"].get("deaths", -1), fold["deaths"]), fold["deaths"] + 1)
        fold["progressed"] = False
        life = self.world.lives.get(record["owner"]["incarnation"])
        if life is None or life.told["worker"] != record["owner"]["worker"]:
            self.say("I2", "CLAIM %d is of an owner that never lived" % slot)
        elif life.pid not in (None, record["owner"]["pid"]):
            self.say("I2", "CLAIM %d names pid %s of %s" % (slot, record["owner"]["pid"], life.name))
        if before and before["type"] in HELD:
            self.check_takeover(record, before)

    def check_takeover(self, record, before):
        """Whoever is said to be gone was gone."""
        self.world.takeovers += 1
        life = self.world.lives.get(before["owner"]["incarnation"])
        if life is None or " is gone" not in record["body"].get("detail", ""):
            return
        hit = life.told.get("hit")
        when = seconds(record["wall_utc"])
        if not life.killed or (hit and when < hit - 0.002):
            self.say("I5", "CLAIM %d says that %s was gone, and it lived" % (record["slot"], life.name))

    def check_owner(self, record, claim):
        if record["epoch"] != claim["slot"] or record["owner"] != claim["owner"]:
            self.say(
                "I2", "slot %d, a %s of %s at epoch %s, comes after CLAIM %d of %s"
                % (record["slot"], record["type"], record["owner"]["incarnation"],
                   record["epoch"], claim["slot"], claim["owner"]["incarnation"])
            )  # fmt: skip

    def check_order(self, record, before, fold):
        kind, last = record["type"], before["type"] if before else None
        if last == "FINISH":
            self.say("I4", "slot %d comes after FINISH" % record["slot"])
        legal = {
            "CLAIM": (None, "CLAIM", "PUBLISH", "RELEASE", "FAIL", "RESET"),
            "PUBLISH": HELD, "RELEASE": HELD, "FAIL": HELD, "FINISH": ("PUBLISH", "CLAIM"),
            "POISON": ("CLAIM", "FAIL"), "RESET": ("POISON", "RESET"),
        }  # fmt: skip
        if last not in legal[kind]:
            self.say("I5", "slot %d: %s after %s" % (record["slot"], kind, last))
        worn = (fold["deaths"] >= DEATHS or fold["config_errors"] >= CONFIG_ERRORS
                or fold["failures"] >= FAILURES)  # fmt: skip
        if worn and kind in ("PUBLISH", "FINISH"):
            self.say("I9", "slot %d: %s beyond the limit of attempts" % (record["slot"], kind))
        if kind == "POISON" and not worn:
            self.say("I9", "slot %d: POISON without a reason" % record["slot"])

    # I3 -----------------------------------------------------------------------------------------

    def check_publish(self, record, tip, fold):
        """A publish goes on from the one before, and holds what the chain says."""
        made = record["fold"]["ckpt"]
        base = tip["iter"] if tip else 0
        wanted = {
            "epoch": record["epoch"],
            "from": base,
            "name": "%07d-e%d" % (made["iter"], record["epoch"]),
            "part": "%07d-e%d.jsonl" % (made["iter"], record["epoch"]),
            "part_rows": made["iter"] - base,
            "permanent": made["iter"] in MILESTONES,
        }
        wrong = [k for k, v in wanted.items() if made[k] != v]
        if wrong:
            self.say("I3", "PUBLISH %d: %s" % (record["slot"], ", ".join(wrong)))
        if not base < made["iter"] <= self.length:
            self.say("I3", "PUBLISH %d goes from %d to %d" % (record["slot"], base, made["iter"]))
            return made
        text = manifest(made["iter"], record["epoch"], self.chain[made["iter"]])
        if made["manifest_sha256"] != sha256(text):
            self.say("I3", "PUBLISH %d is not the chain's state" % record["slot"])
        fold.update(failures=0, deaths=0, progressed=True)
        life = self.world.lives.get(record["owner"]["incarnation"])
        steps = life.steps.get((self.run_id, record["epoch"]), []) if life else []
        if made["iter"] - 1 not in steps:
            self.say("I3", "PUBLISH %d: its owner made no step %d" % (record["slot"], made["iter"] - 1))
        return made

    def check_finish(self, finish, tip):
        wanted = {
            "iter": self.length,
            "rows": self.length,
            "checkpoint": tip and tip["name"],
            "manifest_sha256": tip and tip["manifest_sha256"],
            "journal_sha256": sha256(read(self.path("metrics.jsonl")) or b""),
        }
        wrong = [k for k, v in wanted.items() if finish[k] != v]
        if wrong or tip["iter"] != self.length:
            self.say("I3", "FINISH is wrong in %s" % (", ".join(wrong) or "its checkpoint"))
        folder = self.path("ckpt", finish["checkpoint"])
        state = self.chain[self.length]
        for name, content in (("weights", state), ("optimizer", optimizer(state)),
                              ("manifest.json", manifest(self.length, tip["epoch"], state))):  # fmt: skip
            if read(os.path.join(folder, name)) != content.encode():
                self.say("I3", "the final %s is not the chain's" % name)

    # I4, I6, I7 ---------------------------------------------------------------------------------

    def check_end(self):
        """One end, the right one; the rows; nothing else left."""
        kinds = [record["type"] for record in self.records]
        end = kinds[-1] if kinds else None
        if kinds.count("FINISH") > 1 or (end != "FINISH" and "FINISH" in kinds):
            self.say("I4", "%d FINISH, and it ends in %s" % (kinds.count("FINISH"), end))
        if end not in ("FINISH", "POISON") or (self.cursed and end != "POISON"):
            self.say("I4", "it ends in %s" % end)
        if end == "FINISH":
            self.check_rows()
            self.check_litter(kinds)
        elif end == "POISON":
            self.check_parts()
        if read(self.lock[:-5] + ".done") is None:
            self.say("I7", "it has no hint of its end")

    def check_rows(self):
        lines = (read(self.path("metrics.jsonl")) or b"").splitlines(True)
        rows = [json.loads(line) for line in lines]
        if [row["iter"] for row in rows] != list(range(self.length)):
            self.say("I6", "its journal has not each step once, in order")
            return
        for row in rows:
            state = self.chain[row["iter"] + 1]
            if any(row["h%d" % i] != int(state[12 * i : 12 * i + 12], 16) for i in range(3)):
                self.say("I6", "row %d is not the chain's" % row["iter"])
        for made in self.publishes():
            if sha256(b"".join(lines[made["from"] : made["iter"]])) != made["part_sha256"]:
                self.say("I6", "rows %d to %d are not the published part" % (made["from"], made["iter"]))

    def check_parts(self):
        for made in self.publishes():
            if sha256(read(self.path("metrics", made["part"])) or b"") != made["part_sha256"]:
                self.say("I6", "part %s is not as published" % made["part"])

    def publishes(self):
        return [r["fold"]["ckpt"] for r in self.records if r["type"] == "PUBLISH"]

    def after_the_end(self, path):
        """Whether a process that was killed over it made it when the run had ended: nobody passes by."""
        name = os.path.basename(path)
        made = [path]
        if name == "epochs":
            made += [os.path.join(at, n) for at, folders, files in os.walk(path) for n in folders + files]
        elif not name.startswith((".t.", "hb.")):
            return False
        return min(os.lstat(each).st_mtime for each in made) > seconds(self.records[-1]["wall_utc"])

    def check_litter(self, kinds):
        newest = "%08d.json" % len(kinds)
        allowed = {"config.json", "meta", "ckpt", "metrics.jsonl", "FINISHED.json", "run.log"}
        extra = [self.path(n) for n in names(self.folder) if n not in allowed]
        missing = [n for n in sorted(allowed) if n not in names(self.folder)]
        extra += [os.path.join(self.lock, n) for n in names(self.lock) if n != newest]
        made = sorted(self.publishes(), key=lambda p: (p["epoch"], p["iter"]), reverse=True)
        whole = {p["name"] for p in made[:2]}
        stays = whole | {p["name"] for p in made if p["permanent"]}
        there = set(names(self.path("ckpt")))
        extra += [self.path("ckpt", n) for n in sorted(there - stays - {"latest"})]
        missing += sorted(stays - there)
        for name in sorted(stays & there):
            files = ["manifest.json", "optimizer", "weights"] if name in whole else ["manifest.json", "weights"]
            if names(self.path("ckpt", name)) != files:
                extra.append(self.path("ckpt", name, "..."))
        for epoch in names(self.path("meta")):
            extra += [self.path("meta", epoch, n) for n in names(self.path("meta", epoch))
                      if n != "meta.json"]  # fmt: skip
        for path in extra:
            if self.after_the_end(path):
                self.world.late.add(path)
            else:
                self.say("I7", "%s is left behind" % os.path.relpath(path, self.world.project))
        for name in missing:
            self.say("I7", "%s is missing" % name)

    # I10, and what the processes say against what the log says ----------------------------------

    def check_work(self, every):
        """Each claim's steps: from where its base says, each once; little of it in vain."""
        tips, tip = {}, 0
        accepted = {}
        kinds = {}
        for record in self.records:
            if record["type"] == "CLAIM":
                tips[record["slot"]] = tip
            elif record["type"] == "PUBLISH":
                tip = accepted[record["epoch"]] = record["fold"]["ckpt"]["iter"]
            kinds.setdefault(record["epoch"], []).append(record["type"])
        owners = {r["slot"]: r["owner"]["incarnation"] for r in self.records if r["type"] == "CLAIM"}
        for life, epoch, steps, began in self.world.work.get(self.run_id, ()):
            if owners.get(epoch) != life.name:
                self.say("I2", "%s worked on claim %d of %s" % (life.name, epoch, owners.get(epoch)))
                continue
            if began != tips[epoch]:
                self.say("I10", "claim %d began at %s, not at %d" % (epoch, began, tips[epoch]))
            elif steps != list(range(began, began + len(steps))):
                self.say("I10", "claim %d made steps twice or left some out" % epoch)
            lost = began + len(steps) - max(accepted.get(epoch, 0), began)
            self.world.redone += lost
            if lost > every:
                self.say("I10", "claim %d lost %d steps" % (epoch, lost))
        self.check_said(accepted, kinds)

    def check_said(self, accepted, kinds):
        made = {(r["epoch"], r["fold"]["ckpt"]["iter"]) for r in self.records if r["type"] == "PUBLISH"}
        for epoch, iteration in self.world.said.get(self.run_id, ()):
            if (epoch, iteration) not in made:
                self.say("I5", "claim %d says it published %d, the log does not" % (epoch, iteration))
        wanted = {"FINISHED": "FINISH", "FAILED": "FAIL", "RELEASED": "RELEASE"}
        for outcome, epoch in self.world.ends.get(self.run_id, ()):
            if outcome in wanted and wanted[outcome] not in kinds.get(epoch, ()):
                self.say("I5", "claim %d says it %s, the log does not" % (epoch, outcome))
            if outcome == "SUPERSEDED" and not any(e > epoch for e in kinds):
                self.say("I5", "claim %d says it was superseded, by nobody" % epoch)


class World:
    """Everything under one folder of a torture."""

    def __init__(self, folder):
        self.folder = folder
        self.project = os.path.join(folder, "root", "out", "torture")
        self.kept = os.path.join(folder, "kept")
        self.lives = {}
        self.work = collections.defaultdict(list)
        self.said = collections.defaultdict(list)
        self.ends = collections.defaultdict(list)
        self.takeovers = 0
        self.late = set()
        self.redone = 0
        self.found = []
        self.read_lives()
        self.runs = [
            Run(self, group, name)
            for group in names(self.project) if not group.startswith(".")
            for name in names(os.path.join(self.project, group)) if RUN.match(name)
        ]  # fmt: skip

    def read_lives(self):
        for line in (read(os.path.join(self.folder, "lives.jsonl")) or b"").splitlines():
            told = json.loads(line)
            life = Life(told["life"], told)
            self.lives[told["life"]] = life
            life.read(os.path.join(self.folder, "events", told["life"] + ".events"))
            self.found += [("events", "%s: %s" % (life.name, fault)) for fault in life.faults]
            for (run, epoch), began in life.began.items():
                self.work[run].append((life, epoch, life.steps.get((run, epoch), []), began))
            for run, epoch, iteration in life.published:
                self.said[run].append((epoch, iteration))
            for outcome, run, epoch in life.ended:
                self.ends[run].append((outcome, epoch))

    def check(self, every):
        """All invariants: pairs of its name and a sentence, none where all hold."""
        for run in self.runs:
            try:
                run.read_log().walk()
                run.check_end()
                run.check_work(every)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                run.say("I1", "its records cannot be followed: %r" % error)
            self.found += run.found
        self.check_points()
        self.check_lives()
        self.check_tokens()
        self.check_temps()
        return self.found

    def check_points(self):
        wanted = []
        for sweep in glob.glob(os.path.join(self.folder, "sweeps", "*.yaml")):
            wanted += re.findall(r"\d+", (read(sweep) or b"").decode().split("values:")[1])
        there = sorted(run.seed for run in self.runs)
        if sorted(map(int, wanted)) != there:
            self.found.append(("I4", "%d points, %d runs" % (len(wanted), len(there))))

    def check_lives(self):
        last = {life.told["worker"]: life for life in self.lives.values()}
        for life in last.values():
            if life.told.get("code") != 0:
                self.found.append(("I8", "the last life of %s, %s, ended with %s"
                                   % (life.told["worker"], life.name, life.told.get("code"))))  # fmt: skip
        for life in self.lives.values():
            if life.told.get("code") not in (0, -9, 137, 75):
                self.found.append(("I8", "%s ended with %s" % (life.name, life.told.get("code"))))

    def check_tokens(self):
        tokens = collections.Counter(r["token"] for run in self.runs for r in run.records)
        for token, times in tokens.items():
            if times > 1:
                self.found.append(("I1", "token %s stands in %d records" % (token, times)))

    def check_temps(self):
        poisoned = {run.lock for run in self.runs if run.records and run.records[-1]["type"] == "POISON"}
        for folder, _, files in os.walk(os.path.join(self.folder, "root")):
            for name in files:
                # A log that was given up may go on, and is then swept.
                whole = os.path.join(folder, name)
                if name.startswith(".t.") and folder not in poisoned and whole not in self.late:
                    path = os.path.relpath(whole, self.project)
                    self.found.append(("I7", "%s is left behind" % path))

    def figures(self):
        """What there was to check."""
        kills = [life for life in self.lives.values() if life.killed]
        at = collections.Counter(life.point or "at random" for life in kills)
        kinds = collections.Counter(r["type"] for run in self.runs for r in run.records)
        ends = [run.records[-1]["type"] if run.records else "" for run in self.runs]
        return {
            "runs": len(self.runs),
            "finished": ends.count("FINISH"),
            "poisoned": ends.count("POISON"),
            "poisoned, not cursed": sum(
                end == "POISON" and not run.cursed for end, run in zip(ends, self.runs)
            ),
            "lives": len(self.lives),
            "kills": len(kills),
            "kills after an iteration": sum(bool(life.steps) for life in kills),
            "kills by point": at,
            "freezes": sum(bool(life.told.get("frozen")) for life in self.lives.values()),
            "stops": sum(life.told.get("code") == 75 for life in self.lives.values()),
            "superseded": sum(o == "SUPERSEDED" for life in self.lives.values() for o, _, _ in life.ended),
            "takeovers": self.takeovers,
            "left by who was killed after a run's end": len(self.late),
            "steps": sum(len(s) for life in self.lives.values() for s in life.steps.values()),
            "steps made again": self.redone,
            "records": kinds,
        }
