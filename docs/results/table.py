#!/usr/bin/env python3
"""Prints the last value of every metric of every point: table.py rows.csv"""

import csv
import sys

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))

varied = [k for k in rows[0] if k.startswith("overrides.") and len({row[k] for row in rows}) > 1]
metrics = [k for k in rows[0] if k.startswith("metrics.")]
final = {}
for row in rows:  # of each metric its last value: an evaluation's row holds no training loss
    last = final.setdefault(row["run_id"], {})
    last.update((k, v) for k, v in row.items() if v)

print("| " + " | ".join(k.split(".", 1)[1] for k in ["_.iter", *varied, *metrics]) + " |")
print("|" + "---|" * (1 + len(varied) + len(metrics)))
for last in final.values():
    losses = ["%.4g" % float(last[k]) if k in last else "-" for k in metrics]
    print("| " + " | ".join([last["iter"], *(last[k] for k in varied), *losses]) + " |")
