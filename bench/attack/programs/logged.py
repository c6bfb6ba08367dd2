#!/usr/bin/env python3
"""examples/program/train.py with a log of its own around it, for bench/attack/program-test.

Appends a line of JSON to $PROGRAM_LOG for every start, resume, step, save and end. With
PROGRAM_CHILDREN=N it has N children, each in a session of its own and deaf to SIGTERM, one of them
moved away from it by a second fork: what a launcher of ranks or a data loader leaves behind.
"""

import json
import os
import signal
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "examples", "program"))

import train  # noqa: E402

LOG = os.environ["PROGRAM_LOG"]
RUN = os.environ["SWEEP_RUNNER_RUN_ID"]
EPOCH = int(os.environ["SWEEP_RUNNER_EPOCH"])
PACE = float(os.environ.get("PROGRAM_PACE", "0.02"))  # seconds that a step takes longer
SLOW = float(os.environ.get("PROGRAM_SLOW", "0"))  # seconds that a save at a stop takes longer


def log(event, **more):
    """One write: whole lines, in the order in which they happened."""
    line = {"event": event, "run": RUN, "epoch": EPOCH, "pid": os.getpid(),
            "sid": os.getsid(0), "clock": time.monotonic(), **more}  # fmt: skip
    handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, (json.dumps(line) + "\n").encode())
    os.close(handle)


def ended_before():
    """Whether the log has this run's end already."""
    with open(LOG) as file:
        lines = [json.loads(line) for line in file]
    return any(line["event"] == "finish" and line["run"] == RUN for line in lines)


class Counted:
    """The step that the program is at."""

    step = 0


def logged_load(path, settings):
    state = plain_load(path, settings)
    Counted.step = state["step"] if state else 0
    log("resume" if state else "start", step=Counted.step)
    if Counted.step == settings["steps"]:
        finish()
    return state


def logged_step(*arguments):
    time.sleep(PACE)
    plain_step(*arguments)
    Counted.step += 1
    log("step", step=Counted.step)


def logged_save(path, state):
    settings = state["settings"]
    if state["step"] % settings["save_every"] and state["step"] < settings["steps"]:
        time.sleep(SLOW)
    plain_save(path, state)
    log("save", step=state["step"])
    if state["step"] == state["settings"]["steps"]:
        finish()


def finish():
    """Once: a kill between the last save and this line leaves it to the next start."""
    if not ended_before():
        log("finish", step=Counted.step)


def child(away):
    """Lives as long as nobody ends it, with a file of the run's folder open."""
    if os.fork():
        return
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if away and os.fork():
        os._exit(0)
    with open(os.path.join(os.environ["OUT_DIR"], "child-%d" % away), "a"):
        while True:
            log("child")
            time.sleep(0.1)


plain_load, plain_step, plain_save = train.load, train.train_step, train.save
train.load, train.train_step, train.save = logged_load, logged_step, logged_save

if __name__ == "__main__":
    for number in range(int(os.environ.get("PROGRAM_CHILDREN", "0"))):
        child(number == 1)
    sys.exit(train.main())
