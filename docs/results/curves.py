#!/usr/bin/env python3
"""Draws a metric of every point, finished or not: curves.py rows.csv METRIC curves.png"""

import csv
import sys

import matplotlib
import numpy as np

matplotlib.use("Agg")  # no screen needed
import matplotlib.pyplot as plt  # noqa: E402

rows_csv, metric, picture = sys.argv[1:]
with open(rows_csv, newline="") as file:
    rows = list(csv.DictReader(file))

curves, names = {}, {}
varied = [k for k in rows[0] if k.startswith("overrides.") and len({row[k] for row in rows}) > 1]
for row in rows:
    if row["metrics." + metric]:  # most rows hold no evaluation
        point = (int(row["iter"]), float(row["metrics." + metric]))
        curves.setdefault(row["run_id"], []).append(point)
        names[row["run_id"]] = " ".join(k.split(".")[-1] + "=" + row[k] for k in varied)

for run_id, points in curves.items():
    iters, values = np.array(points).T
    plt.plot(iters, values, marker=".", label=names[run_id])
plt.xlabel("iteration")
plt.ylabel(metric)
plt.yscale("log")
plt.legend(fontsize="small")
plt.savefig(picture, dpi=150)
