#!/usr/bin/env python3
"""Times init, each log and finish of the official client: for bench/relay/slow and bench/relay/cost.

Writes what it measured as JSON to $TIMED_OUT: seconds of init and finish, microseconds of log, the
seconds and the processor time of the logging, of this process and of the client's helper.
"""

import argparse
import base64
import http.client
import json
import os
import threading
import time
import urllib.parse

UPSERT = """mutation UpsertBucket($name: String, $project: String, $entity: String, $config: JSONString) {
  upsertBucket(input: {name: $name, modelName: $project, entityName: $entity, config: $config}) {
    bucket { id name project { name entity { name } } } inserted } }"""

words = argparse.ArgumentParser()
words.add_argument("--seed", type=int, default=1)
words.add_argument("--rate", type=float, default=100, help="rows a second")
words.add_argument("--seconds", type=float, default=10)
words.add_argument("--wire", choices=("client", "wire"), default="client", help="wire: without the "
                   "client, by posts as it makes them, one a second")  # fmt: skip
chosen = words.parse_args()


def helpers():
    """Seconds on a processor of this process's children so far."""
    spent = 0
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if name.isdigit() and int(fields[1]) == os.getpid():
            spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def tell(event):
    """When its parts begin, for whoever measures the worker meanwhile."""
    path = os.environ.get("PROGRAM_LOG")
    if path:
        with open(path, "a") as file:
            file.write(json.dumps({"event": event, "time": time.time()}) + "\n")


class Wire:
    """Posts rows as the client's helper does: all of a second at once, at their offsets."""

    def __init__(self):
        self.place = urllib.parse.urlsplit(os.environ["WANDB_BASE_URL"])
        pair = base64.b64encode(("api:" + os.environ["WANDB_API_KEY"]).encode()).decode()
        self.headers = {"Authorization": "Basic " + pair, "Content-Type": "application/json"}
        self.link = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)
        self.names = [os.environ[n] for n in ("WANDB_ENTITY", "WANDB_PROJECT", "WANDB_RUN_ID")]
        self.ask("/graphql", {"query": UPSERT, "operationName": "UpsertBucket", "variables": {
            "entity": self.names[0], "project": self.names[1], "name": self.names[2],
            "config": json.dumps({"_wandb": {"value": {"t": {"12": "0.30.0"}}}})}})  # fmt: skip
        self.lines, self.offset, self.posting = [], 0, None
        self.began = time.time()
        self.due = self.began + 1

    def ask(self, path, body):
        self.link.request("POST", path, json.dumps(body), self.headers)
        answer = self.link.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit("%s: %d %s" % (path, answer.status, text[:300]))

    def log(self, row):
        now = time.time()
        own = {"_step": self.offset + len(self.lines), "_runtime": now - self.began, "_timestamp": now}
        self.lines.append(json.dumps({**row, **own}))
        if now >= self.due and not (self.posting and self.posting.is_alive()):
            self.post({})
            self.due = now + 1

    def post(self, more):
        files = {"wandb-history.jsonl": {"offset": self.offset, "content": self.lines}}
        self.posting = threading.Thread(target=self.ask, args=(
            "/files/%s/%s/%s/file_stream" % tuple(self.names), {"files": files, **more}))  # fmt: skip
        self.posting.start()
        self.offset, self.lines = self.offset + len(self.lines), []

    def finish(self):
        if self.posting:
            self.posting.join()
        self.post({"complete": True, "exitcode": 0})
        self.posting.join()


start = time.perf_counter()
if chosen.wire == "wire":
    run = Wire()
else:
    import wandb

    start = time.perf_counter()
    run = wandb.init()
init = time.perf_counter() - start

tell("logging")
took = []
count = max(1, int(chosen.rate * chosen.seconds))
began, spent, theirs = time.perf_counter(), time.process_time(), helpers()
for k in range(count):
    time.sleep(max(0.0, began + k / chosen.rate - time.perf_counter()))
    before = time.perf_counter()
    run.log({"k": k, "loss": 1.0 / (k + 1), "lr": 0.001, "acc": k / count})
    took.append(time.perf_counter() - before)
logging = time.perf_counter() - began
spent, theirs = time.process_time() - spent, helpers() - theirs
tell("logged")

before = time.perf_counter()
run.finish()
finish = time.perf_counter() - before

took.sort()
result = {
    "init": init, "finish": finish, "rows": count, "seconds": logging, "program_cpu": spent,
    "helper_cpu": theirs, "median_us": 1e6 * took[count // 2], "p99_us": 1e6 * took[int(count * 0.99)],
}  # fmt: skip
out = os.environ["TIMED_OUT"]
with open(out + ".new", "w") as file:
    json.dump(result, file)
os.replace(out + ".new", out)
