#!/usr/bin/env python3
"""Trains a small network to tell two spirals apart: what a program of your own may look like.

Python 3.8 and its standard library, nothing else. It knows nothing of who starts it: Sweep Runner,
`wandb agent` or you. What makes it one that can be killed at any time:

* it writes its checkpoint beside the old one and renames it into place;
* it resumes at the checkpoint that it finds, and only at one of the same settings;
* at SIGTERM it finishes the step that it is in, saves, and ends with a code other than 0.
"""

import argparse
import json
import math
import os
import random
import signal
import sys


def options():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--hidden", type=int, default=8, help="units of the hidden layer")
    words.add_argument("--lr", type=float, default=0.1)
    words.add_argument("--steps", type=int, default=1500, help="passes over the data")
    words.add_argument("--save-every", type=int, default=50, help="steps")
    words.add_argument("--seed", type=int, default=1)
    return words.parse_args()


def two_spirals(count, noise, draw):
    """Points (x, y, label) of two arms that wind around each other."""
    points = []
    for k in range(count):
        label, turn = k % 2, draw.uniform(0.2, 1.0)
        angle = 3 * math.pi * turn + math.pi * label
        x, y = 2 * turn * math.cos(angle), 2 * turn * math.sin(angle)
        points.append((x + draw.gauss(0, noise), y + draw.gauss(0, noise), label))
    return points


def new_weights(hidden, draw):
    """Per hidden unit: two weights and a bias to it, one weight from it; at last the output's bias."""
    units = [[draw.gauss(0, 1), draw.gauss(0, 1), 0.0, draw.gauss(0, 0.5)] for _ in range(hidden)]
    return {"units": units, "bias": 0.0}


def predict(weights, x, y):
    """The hidden values, and how likely the point is of the second spiral."""
    values = [math.tanh(a * x + b * y + c) for a, b, c, _ in weights["units"]]
    total = weights["bias"] + sum(u[3] * h for u, h in zip(weights["units"], values))
    return values, 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def train_step(weights, points, lr):
    """One pass of gradient descent, point by point."""
    for x, y, label in points:
        values, p = predict(weights, x, y)
        error = p - label
        for unit, h in zip(weights["units"], values):
            back = error * unit[3] * (1 - h * h)
            unit[0] -= lr * back * x
            unit[1] -= lr * back * y
            unit[2] -= lr * back
            unit[3] -= lr * error * h
        weights["bias"] -= lr * error


def measure(weights, points):
    """Mean cross-entropy and accuracy."""
    loss = right = 0.0
    for x, y, label in points:
        p = min(max(predict(weights, x, y)[1], 1e-12), 1 - 1e-12)
        loss -= math.log(p if label else 1 - p)
        right += (p > 0.5) == (label == 1)
    return {"loss": loss / len(points), "accuracy": right / len(points)}


def save(path, state):
    """Whole or not at all: a kill at any moment leaves the old checkpoint or the new one."""
    with open(path + ".new", "w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def load(path, settings):
    """The checkpoint, or None. That of another point of the sweep is none."""
    try:
        with open(path) as file:
            state = json.load(file)
    except FileNotFoundError:
        return None
    if state["settings"] != settings:
        print("%s is of other settings: starting anew" % path)
        return None
    return state


def report(step, steps, metrics):
    """A line for people; and, where somebody asks for it, a line of JSON."""
    print("step %d/%d: loss %.4f, accuracy %.3f"
          % (step, steps, metrics["loss"], metrics["accuracy"]))  # fmt: skip
    sys.stdout.flush()
    wanted = os.environ.get("SWEEP_RUNNER_METRICS")
    if wanted:
        with open(wanted, "a") as file:
            file.write(json.dumps({"step": step, "max_steps": steps, **metrics}) + "\n")


def main():
    chosen = options()
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))

    # Sweep Runner names a folder that is this point's alone; without one, an id or a word will do.
    own = os.path.join("out", os.environ.get("WANDB_RUN_ID") or "by-hand")
    folder = os.environ.get("OUT_DIR") or own
    os.makedirs(folder, exist_ok=True)
    checkpoint = os.path.join(folder, "checkpoint.json")

    settings = dict(vars(chosen))
    points = two_spirals(240, 0.1, random.Random(chosen.seed))
    unseen = two_spirals(240, 0.1, random.Random(-1))
    state = load(checkpoint, settings)
    if state:
        print("resumed at step %d" % state["step"])
        report(state["step"], chosen.steps, measure(state["weights"], unseen))
    else:
        weights = new_weights(chosen.hidden, random.Random(chosen.seed))
        state = {"settings": settings, "step": 0, "weights": weights}

    while state["step"] < chosen.steps and not stopping:
        # The order of a step depends on its number alone: a resumed run repeats it to the bit.
        order = points[:]
        random.Random("%d/%d" % (chosen.seed, state["step"])).shuffle(order)
        train_step(state["weights"], order, chosen.lr)
        state["step"] += 1
        if state["step"] % chosen.save_every == 0 or state["step"] == chosen.steps or stopping:
            save(checkpoint, state)
            report(state["step"], chosen.steps, measure(state["weights"], unseen))

    if state["step"] < chosen.steps:
        print("stopped at step %d" % state["step"])
        return 128 + signal.SIGTERM
    print("finished: accuracy %.3f" % measure(state["weights"], unseen)["accuracy"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
