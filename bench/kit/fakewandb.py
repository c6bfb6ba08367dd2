"""The fake W&B server of the test kit as a process, and what it was told beside what is on disk."""

import base64
import hashlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from kit import store
from kit.report import say
from kit.worker import PROJECT, NoJar, environment, java

MAIN = "dev.sweeprunner.testkit.wandb.FakeWandbServer"
ENTITY = "fake-entity"

# What a clock wrote, in a line of a history; everything else must be equal.
CLOCKED = ("_runtime", "_timestamp", "time_ms", "mfu", "tokens_per_s")


def key(letter):
    """A key of its own for whoever is to be told apart in the request log."""
    return letter * 40


def caller(letter):
    """How the request log names the key of that letter."""
    return letter * 4


def classpath():
    """The test kit's class path: Maven names the libraries, once per build folder."""
    target = os.path.join(PROJECT, "target")
    kit = os.path.join(target, "test-classes", *MAIN.split(".")) + ".class"
    if not os.path.isfile(kit):
        raise NoJar("%s is not there: compile the tests (./mvnw test-compile)" % kit)
    kept = os.path.join(target, "bench.classpath")
    pom = os.path.join(PROJECT, "pom.xml")
    if not os.path.isfile(kept) or os.path.getmtime(kept) < os.path.getmtime(pom):
        fresh = "%s.%d" % (kept, os.getpid())
        maven = [os.path.join(PROJECT, "mvnw")]
        for start in (["mvn"], maven):
            for mode in (["-o"], []):
                try:
                    subprocess.run(
                        start + mode + ["-q", "-B", "-ntp", "dependency:build-classpath",
                                        "-Dmdep.outputFile=" + fresh],
                        cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL, timeout=300, check=True,
                    )  # fmt: skip
                    os.replace(fresh, kept)
                    break
                except (OSError, subprocess.SubprocessError):
                    continue
            if os.path.isfile(kept):
                break
        else:
            raise NoJar("Maven does not say the class path of the tests")
    with open(kept) as file:
        libraries = file.read().strip()
    return os.pathsep.join(
        (os.path.join(target, "test-classes"), os.path.join(target, "classes"), libraries)
    )


class Fake:
    """One server, from its start to stop(); also a context."""

    def __init__(self, folder, port=0, jvm=(), **options):
        """Options as of its command line, with _ for -: faults=0.1, crash_after=10, ..."""
        arguments = [str(port)]
        for name, value in options.items():
            arguments += ["--" + name.replace("_", "-"), str(value)]
        self.log = os.path.join(folder, "fake-wandb.log")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *jvm,
                 "-Dsun.net.httpserver.nodelay=true", "-cp", classpath(), MAIN, *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                universal_newlines=True, env=environment(),
            )  # fmt: skip
        line = self.process.stdout.readline()
        if " on http://" not in line:
            self.stop()
            with open(self.log, errors="replace") as log:
                raise NoJar("the fake W&B does not start: %s" % log.read()[-500:])
        self.url = line.split(" on ")[1].strip()

    def __enter__(self):
        return self

    def __exit__(self, *cause):
        self.stop()

    def stop(self):
        """Ends it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        self.process.stdout.close()

    def variables(self, letter="k"):
        """The environment of a worker that uses it."""
        return {"WANDB_BASE_URL": self.url, "WANDB_API_KEY": key(letter)}

    def debug(self, what, **query):
        """What /debug/WHAT shows."""
        return self._debug("GET", what, query)

    def pull(self, what, **query):
        """Does /debug/WHAT."""
        return self._debug("POST", what, query)

    def _debug(self, method, what, query):
        text = "&".join("%s=%s" % (name, str(value)) for name, value in query.items())
        request = urllib.request.Request(
            "%s/debug/%s%s" % (self.url, what, "?" + text if text else ""),
            data=b"" if method == "POST" else None, method=method,
        )  # fmt: skip
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    def runs(self):
        """The server's runs by their ids."""
        return {run["name"]: run for run in self.debug("runs")}

    def requests(self, since=0, bodies=False):
        """The request log from a number on."""
        return self.debug("requests", since=since, bodies=str(bodies).lower())

    def sha256(self, run, name):
        """The hash of a file that was uploaded."""
        path = "/".join((run["entity"], run["project"], run["name"], urllib.parse.quote(name)))
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open("%s/upload/%s" % (self.url, path), timeout=60) as answer:
            return hashlib.sha256(answer.read()).hexdigest()

    def graphql(self, query, variables, letter="k"):
        """The answer to a question of our own."""
        return json.loads(
            self.post(
                "/graphql", {"query": query, "variables": variables}, letter
            )
        )

    def post(self, path, body, letter="k"):
        """A request of our own; the answer's text."""
        pair = base64.b64encode(("api:" + key(letter)).encode()).decode()
        request = urllib.request.Request(
            self.url + path, data=json.dumps(body).encode(), method="POST",
            headers={"Authorization": "Basic " + pair, "Content-Type": "application/json"},
        )  # fmt: skip
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=60) as answer:
            return answer.read().decode()


def remote_rows(remote):
    """The history of a run on the server in the same form; and what is wrong with its steps."""
    rows, faults = [], []
    for number, line in enumerate(remote["history"]):
        if line is None:
            faults.append("line %d is missing" % number)
            continue
        row = {k: v for k, v in json.loads(line).items() if k not in CLOCKED}
        step = row.pop("_step", None)
        if row.get("iter") != step:
            faults.append("line %d: _step %s, iter %s" % (number, step, row.get("iter")))
        rows.append(row)
    steps = [row.get("iter") for row in rows]
    twice = sorted({step for step in steps if steps.count(step) > 1})
    if twice:
        faults.append("steps more than once: %s" % twice[:5])
    elif steps != sorted(steps):
        faults.append("steps are not in order")
    return rows, faults


def same(a, b):
    """Whether two rows are equal; NaN equals NaN."""
    return a.keys() == b.keys() and all(
        a[k] == b[k] or (a[k] != a[k] and b[k] != b[k]) for k in a
    )


def history_faults(remote, rows):
    """What a history on the server differs in from the rows of an undisturbed run."""
    shown, faults = remote_rows(remote)
    if len(shown) != len(rows):
        faults.append("%d lines, %d rows wanted" % (len(shown), len(rows)))
    for mine, theirs in zip(shown, rows):
        if not same(mine, theirs):
            names = [k for k in {**mine, **theirs} if mine.get(k) != theirs.get(k)]
            faults.append("step %s differs in %s" % (theirs.get("iter"), ", ".join(names)))
            break
    return ["%s: %s" % (remote["name"], fault) for fault in faults]


def compare(fake, calm_root, complete=True):
    """What the server's histories differ in from the finished runs of an undisturbed root."""
    remotes = fake.runs()
    faults = []
    for run in store.runs(calm_root).values():
        remote = remotes.get(run.run_id)
        if remote is not None:
            faults += history_faults(remote, run.rows())
        elif complete:
            faults.append("%s: W&B does not know it" % run.run_id)
    return faults


def same_histories(checks, name, fake, calm_root):
    """Checks that W&B has every run of an undisturbed root, each step once."""
    faults = compare(fake, calm_root)
    show(faults)
    checks.check(name + "histories equal, each step once", not faults, len(faults), 0)


def nothing_broken(checks, name, fake):
    """Checks that nobody broke a rule of the server."""
    broken = fake.debug("violations")
    show(broken)
    checks.check(name + "broken rules of the server", not broken, len(broken), 0)


def whole_sweep(checks, name, fake, calm_root, points):
    """Checks that W&B has all of a sweep, as if it had never been disturbed."""
    state = states(fake)
    checks.check(name + "states at W&B", state == "%d finished" % points, state,
                 "%d finished" % points)  # fmt: skip
    same_histories(checks, name, fake, calm_root)
    nothing_broken(checks, name, fake)


def show(faults):
    """Prints the first of them."""
    for line in faults[:10]:
        say("  %s" % line)


def states(fake):
    """How many of the server's runs are in each state, as text."""
    count = {}
    for run in fake.runs().values():
        count[run["state"]] = count.get(run["state"], 0) + 1
    return ", ".join("%d %s" % (count[s], s) for s in sorted(count)) or "none"


def operations(requests):
    """How many requests there were of each kind: GraphQL operations, streams, uploads."""
    count = {}
    for request in requests:
        name = request["operation"] or request["path"].rsplit("/", 1)[-1]
        if request["path"].startswith("/upload/"):
            name = "upload"
        count[name] = count.get(name, 0) + 1
    return count


def at(request):
    """The server's time of a request in seconds since 1970."""
    text = request["at"].rstrip("Z")
    whole, _, fraction = text.partition(".")
    seconds = time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) - time.timezone
    return seconds + float("0." + (fraction or "0"))


def home(run_id, clusters):
    """The cluster that a run belongs to first, worked out anew from design section 8."""
    mask = (1 << 64) - 1

    def weight(cluster):
        value = 0xCBF29CE484222325
        for byte in ("%s/%s" % (cluster, run_id)).encode():
            value = ((value ^ byte) * 0x100000001B3) & mask
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = ((value ^ (value >> 33)) * factor) & mask
        value ^= value >> 33
        return value - (1 << 64) if value >> 63 else value

    return max(sorted(clusters, reverse=True), key=weight)
