#!/usr/bin/env python3
"""Logs one of everything that the official client can log, the same each time: for bench/relay/equal.

Exit code 0, whatever the server makes of it.
"""

import argparse
import math
import os

import wandb

words = argparse.ArgumentParser()
words.add_argument("--seed", type=int, default=1)
words.add_argument("--rows", type=int, default=10000)
chosen = words.parse_args()

run = wandb.init(config={"seed": chosen.seed, "nested": {"a": 1, "b": [1, 2.5, None]}, "name": "é"},
                 notes="notes of %d" % chosen.seed, tags=["one", "two"], job_type="train")  # fmt: skip
run.define_metric("val/*", step_metric="epoch")
run.define_metric("loss", summary="min")
run.config.update({"late": True})
print("a line of output")

# Scalars of all kinds, nested, and those that JSON has no word for.
run.log({"loss": 1.0, "whole": 3, "flag": True, "text": "ä\t\"quoted\"", "none": None})
run.log({"loss": 0.1 + 0.2, "tiny": 5e-324, "huge": 1.7e308, "big": 2**53 + 1, "minus": -0.0})
run.log({"loss": math.nan, "up": math.inf, "down": -math.inf})
run.log({"train": {"loss": 0.25, "deep": {"er": [1, 2, {"x": math.nan}]}}, "a.b": 1, "_own": 2})
run.log({"epoch": 1, "val/acc": 0.5, "val/f1": 0.25})

# Three logs of one step; one that waits for the next; steps of the program's own, some left out.
run.log({"first": 1}, commit=False)
run.log({"second": 2}, commit=False)
run.log({"third": 3, "first": 10})
run.log({"pending": 1}, commit=False)
run.log({"joined": 1}, step=20)
run.log({"joined": 2, "more": 3}, step=20)
run.log({"later": 1}, step=25)
run.log({"uncommitted": 1}, step=30, commit=False)

# What is more than a number.
run.log({"histogram": wandb.Histogram(np_histogram=([1, 2, 3], [0.0, 1.0, 2.0, 3.0]))})
run.log({"html": wandb.Html("<b>%d</b>" % chosen.seed)})
try:
    import PIL.Image
except ImportError:
    print("no Pillow: no image")
else:
    picture = PIL.Image.new("RGB", (8, 8), (chosen.seed, 100, 200))
    run.log({"image": wandb.Image(picture, caption="of %d" % chosen.seed)})
table = wandb.Table(columns=["x", "y", "word"], data=[[k, k * k, "w%d" % k] for k in range(5)])
run.log({"table": table})
run.log({"plot": wandb.plot.line(wandb.Table(columns=["x", "y"], data=[[1, 2], [3, 4]]), "x", "y")})

place = os.environ["OUT_DIR"]
note = os.path.join(place, "kept.txt")
with open(note, "w") as file:
    file.write("kept by %d\n" % chosen.seed)
run.save(note, base_path=place)
artifact = wandb.Artifact("things-%d" % chosen.seed, type="dataset", description="some", metadata={"seed": chosen.seed})
artifact.add_file(note, name="in/kept.txt")
run.log_artifact(artifact, aliases=["best"])
run.alert("an alert", "of %d" % chosen.seed)
run.alert("another", "ä\nover two lines", level="WARN", wait_duration=300)
run.alert("an alert", "again", level=wandb.AlertLevel.ERROR)

# A run of its own beside it.
other = wandb.init(id="eval%d" % chosen.seed, name="eval of %d" % chosen.seed, group="evals", job_type="eval",
                   tags=["side"], config={"kind": "eval"}, reinit="create_new")  # fmt: skip
other.define_metric("acc", summary="max")
for k in range(50):
    other.log({"acc": math.sin(k), "n": {"k": k}, "nan": math.nan})
other.log({"cases": wandb.Table(columns=["x", "word"], data=[[k, "w%d" % k] for k in range(3)])})
scores = os.path.join(place, "scores.txt")
with open(scores, "w") as file:
    file.write("scores of %d\n" % chosen.seed)
other.save(scores, base_path=place)
scored = wandb.Artifact("scores-%d" % chosen.seed, type="scores")
scored.add_file(scores)
other.log_artifact(scored)
other.summary["best"] = 1.50
other.finish()

for k in range(chosen.rows):
    run.log({"k": k, "loss": 1.0 / (k + 1), "wave": math.sin(k / 100.0)})

run.summary["best"] = {"k": 7, "loss": 0.125}
run.summary["nan"] = math.nan
run.finish()
