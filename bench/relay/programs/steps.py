#!/usr/bin/env python3
"""Logs rows at a pace, as one kind of program does, with checkpoints in OUT_DIR: for bench/relay.

--kind explicit       log(..., step=i)
       implicit       log(...) without a step; every tenth step in two parts
       huggingface    log(..., "train/global_step": i), all metrics by that axis, as its Trainer's callback
       lightning      log(..., "trainer/global_step": i), the same, as its WandbLogger

What a row holds depends on its step alone, so that a row that is made again is equal. Each log() that
came back, each checkpoint and each start is a line in $PROGRAM_LOG.

--stop deaf: SIGTERM is not heard. --stop save: a checkpoint is made and the program ends with 3. Else
SIGTERM ends it as it ends any program. --hang N: silent for ever after N steps.
"""

import argparse
import glob
import json
import os
import re
import signal
import sys
import time

import wandb

AXES = {"huggingface": "train/global_step", "lightning": "trainer/global_step"}

words = argparse.ArgumentParser()
words.add_argument("--kind", choices=["explicit", "implicit", *AXES], required=True)
words.add_argument("--seed", type=int, default=1)
words.add_argument("--steps", type=int, default=200)
words.add_argument("--rate", type=float, default=20, help="rows a second; 0: as fast as it goes")
words.add_argument("--save-every", type=int, default=10, help="steps; 0: never")
words.add_argument("--stop", choices=["plain", "deaf", "save"], default="plain")
words.add_argument("--hang", type=int, default=0)
chosen = words.parse_args()

OUT = os.environ.get("OUT_DIR", ".")
LOG = os.environ.get("PROGRAM_LOG")
stopping = False


def tell(event, **more):
    """One write: whole lines, in the order in which they happened."""
    if not LOG:
        return
    line = {"event": event, "kind": chosen.kind, "seed": chosen.seed, "pid": os.getpid(),
            "run": os.environ.get("WANDB_RUN_ID"), "time": time.time(),
            "epoch": int(os.environ.get("SWEEP_RUNNER_EPOCH", "0")), **more}  # fmt: skip
    handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, (json.dumps(line) + "\n").encode())
    os.close(handle)


def newest():
    """The steps that the newest checkpoint has behind it."""
    found = [int(re.search(r"(\d+)\.json$", p).group(1)) for p in glob.glob(OUT + "/ckpt/step-*.json")]
    return max(found, default=0)


def save(done):
    """A checkpoint, whole or not at all; the two newest stay."""
    os.makedirs(OUT + "/ckpt", exist_ok=True)
    path = "%s/ckpt/step-%d.json" % (OUT, done)
    with open(path + ".new", "w") as file:
        json.dump({"done": done}, file)
    os.replace(path + ".new", path)
    tell("save", step=done)
    for old in sorted(glob.glob(OUT + "/ckpt/step-*.json"), key=os.path.getmtime)[:-2]:
        os.remove(old)


def log(i):
    """The row of a step."""
    row = {"loss": 1.0 / (1 + i) + chosen.seed, "lr": 0.1 * 0.99**i}
    if i % 10 == 9:
        row["val"] = {"acc": i / 1000.0}
    if chosen.kind == "explicit":
        run.log(row, step=i)
    elif chosen.kind == "implicit":
        if i % 10 == 9:
            run.log({"half": i}, commit=False)
        run.log(row)
    else:
        run.log({**row, AXES[chosen.kind]: i})


def on_term(number, frame):
    global stopping
    stopping = True


if chosen.stop == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
elif chosen.stop == "save":
    signal.signal(signal.SIGTERM, on_term)

first = newest()
tell("start", step=first)
run = wandb.init(config={"seed": chosen.seed})
if chosen.kind in AXES:
    run.define_metric(AXES[chosen.kind])
    run.define_metric("*", step_metric=AXES[chosen.kind], step_sync=True)
tell("init", step=first)

began = time.monotonic()
for i in range(first, chosen.steps):
    if chosen.rate:
        time.sleep(max(0.0, began + (i - first) / chosen.rate - time.monotonic()))
    log(i)
    tell("log", step=i)
    if chosen.save_every and (i + 1) % chosen.save_every == 0:
        save(i + 1)
    if stopping:
        save(i + 1)
        sys.exit(3)
    if i + 1 == chosen.hang:
        tell("hang", step=i)
        while True:
            time.sleep(60)
run.finish()
tell("end", step=chosen.steps)
