#!/usr/bin/env python3
"""Times init, each log and finish of the official client: for bench/relay/slow and bench/relay/cost.

Writes what it measured as JSON to $TIMED_OUT: seconds of init and finish, microseconds of log, the
seconds and the processor time of the logging, of this process and of the client's helper.
"""

import argparse
import json
import os
import time

import wandb

words = argparse.ArgumentParser()
words.add_argument("--seed", type=int, default=1)
words.add_argument("--rate", type=float, default=100, help="rows a second")
words.add_argument("--seconds", type=float, default=10)
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


start = time.perf_counter()
run = wandb.init()
init = time.perf_counter() - start

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
