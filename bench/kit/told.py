"""What a W&B server was told of a run, and whether another was told the same: line by line."""

import json
import re

# What may differ between two tellings of the same run, and why; everything else must be equal.
MAY_DIFFER = (
    ("the name of a run beside its own", "the relay draws it: ID-2"),
    ("_runtime, _timestamp", "by the clock"),
    ("wandb-client-artifact://ID", "the client draws an id at each start; the places must agree"),
    ("config: sweep_runner", "our claimant key, from which another cluster knows who has the run"),
    ("config: _wandb.e", "the machine at the time of the start: memory, disk, a writer's id"),
    ("config: _wandb.t.3: 41, 74", "the client's notes that rows came fast, and that WANDB_FINISH_TIMEOUT is set"),
    ("system metrics", "by the clock: that there are some, and their names, must agree"),
    ("console: lines of the client", "they name the address that it spoke to, and its folders"),
    ("wandb-metadata.json, config.yaml, output.log", "files with the same in them"),
)

# What is compared, in this order.
PARTS = ("history", "summary", "config", "announced", "console", "files", "artifacts", "alerts", "end",
         "system metrics")  # fmt: skip

CLOCK = ("_runtime", "_timestamp")
OF_THE_START = (41, 74)
CLIENT_ID = re.compile(r"wandb-client-artifact://([^/\"]+)")
OWN_FILES = ("wandb-metadata.json", "config.yaml", "output.log", "wandb-summary.json", "requirements.txt")
STAMP = re.compile(r"^(ERROR )?\d{4}-\d\d-\d\dT[\d:.]+ ")


class Told:
    """One run on one server, without what may differ."""

    def __init__(self, fake, run):
        self.fake, self.run = fake, run
        self.ids = {}  # the client's ids, numbered as they come in the history
        self.lines = [None if line is None else self.text(parsed(line), *CLOCK) for line in run["history"]]

    def history(self):
        """Its lines as text: names in order, for the client does not keep one, numbers as written."""
        return self.lines

    def text(self, value, *without):
        """A value as text that is equal where the value is; the client's ids by number."""
        if isinstance(value, dict):
            members = ((k, value[k]) for k in sorted(value) if k not in without)
            return "{%s}" % ", ".join("%s: %s" % (json.dumps(k), self.text(v)) for k, v in members)
        if isinstance(value, list):
            return "[%s]" % ", ".join(map(self.text, value))
        if isinstance(value, Number):
            return str(value)
        if isinstance(value, str):
            return json.dumps(CLIENT_ID.sub(self.number, value))
        return json.dumps(value)

    def number(self, match):
        return "wandb-client-artifact://#%d" % self.ids.setdefault(match.group(1), len(self.ids))

    def summary(self):
        """Its newest values."""
        found = dict(self.run["summary"])
        own = {k: v for k, v in found.pop("_wandb", {}).items() if k != "runtime"}
        return {**{k: self.text(v) for k, v in found.items() if k not in CLOCK},
                **{"_wandb." + k: self.text(v) for k, v in own.items()}}  # fmt: skip

    def config(self):
        """What the program said, and of the client's own part what is not the machine's."""
        found = dict(self.run["config"])
        found.pop("sweep_runner", None)
        own = dict(found.pop("_wandb", {}).get("value", {}))
        own.pop("e", None)
        if "3" in own.get("t", {}):
            own["t"] = {**own["t"], "3": sorted(n for n in own["t"]["3"] if n not in OF_THE_START)}
        own["m"] = metrics(own.get("m", []))
        return {**{k: self.text(v) for k, v in found.items()},
                **{"_wandb." + k: self.text(v) for k, v in own.items()}}  # fmt: skip

    def announced(self):
        """Names and descriptions."""
        return {k: self.text(v) for k, v in self.run["announced"].items() if v not in (None, "", [])}

    def console(self):
        """The program's lines, without their times and without the client's own."""
        lines = self.fake.debug("lines", run=self.run["name"])["log"]
        bare = [STAMP.sub(r"\1", line or "MISSING") for line in lines]
        return [line for line in bare if not re.match(r"^(ERROR )?\s*(\x1b\[[\d;]*m)*wandb(\x1b\[0m)?:", line)]

    def events(self):
        """The names of the system metrics that the lines have."""
        lines = self.fake.debug("lines", run=self.run["name"])["events"]
        return sorted({name for line in lines if line for name in json.loads(line)})

    def files(self):
        """Their names, and the hash of what is in those that no clock wrote."""
        return {name: "" if name in OWN_FILES else self.fake.sha256(self.run, name)
                for name in self.run["files"]}  # fmt: skip

    def artifacts(self):
        """What they are and hold; the client's ids by the numbers that the history gave them."""
        found = {}
        for one in self.run["artifacts"]:
            drawn = sorted(str(self.ids.get(text, "drawn")) for text in one["clientIds"])
            collection = re.sub(r"^run-\w+?(-\d+)?-", "run-ID-", one["collection"])
            name = "/".join((one["type"], collection, str(one["version"])))
            found[name] = self.text({**one, "collection": collection, "clientIds": drawn})
        return found

    def alerts(self):
        """What people were to be told, in order."""
        return [self.text(one) for one in self.run["alerts"]]

    def end(self):
        """How it ended."""
        return {"state": self.run["state"], "exit code": self.run["exitcode"]}


def metrics(defined):
    """The client's metrics by their names, for it keeps no order; an axis by its name, not its number."""
    names = [one.get("1") for one in defined]
    return {one.get("1"): {**one, "5": names[one["5"] - 1] if one.get("5") else None} for one in defined}


class Number(str):
    """A number as it was written."""


def parsed(line):
    """A line of JSON, its numbers as they were written."""
    return json.loads(line, parse_float=Number, parse_int=Number, parse_constant=Number)


def rows(run, *without):
    """The history of a run as objects, without what a clock wrote and these names."""
    return [{k: v for k, v in json.loads(line).items() if k not in CLOCK + without}
            for line in run["history"] if line is not None]  # fmt: skip


def differences(ours, theirs):
    """What two tellings of a run differ in: part, sentence."""
    found = []
    for part in PARTS[:-1]:
        mine, wanted = getattr(ours, part)(), getattr(theirs, part)()
        faults = list_faults if isinstance(wanted, list) else map_faults
        found += [(part, text) for text in faults(mine, wanted)]
    if bool(ours.events()) != bool(theirs.events()):
        found.append((PARTS[-1], "%d against %d names" % (len(ours.events()), len(theirs.events()))))
    return found


def list_faults(ours, theirs, what="line"):
    """The first places in which two lists differ."""
    found = []
    if len(ours) != len(theirs):
        found.append("%d %ss, %d wanted" % (len(ours), what, len(theirs)))
    for number, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            found.append("%s %d: %s, wanted %s" % (what, number, short(a), short(b)))
            if len(found) > 3:
                break
    return found


def map_faults(ours, theirs):
    """The members that differ."""
    return ["%s: %s, wanted %s" % (k, short(ours.get(k, "absent")), short(theirs.get(k, "absent")))
            for k in sorted({**ours, **theirs}) if ours.get(k) != theirs.get(k)]  # fmt: skip


def short(value):
    """The beginning of a long one."""
    text = str(value)
    return text if len(text) < 160 else text[:157] + "..."
