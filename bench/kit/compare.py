"""The comparator: "equal" means equal here, everywhere in this project."""

import json
import os

from kit.safetensors import Malformed, tensor_hashes
from kit.store import Broken, runs, sha256

TENSOR_FILES = ("weights.safetensors", "optimizer.safetensors")


def differences(left_root, right_root):
    """What two storage roots (or run folders) differ in, a sentence each; empty if equal."""
    left, right = runs(left_root), runs(right_root)
    found = []
    if len(left) == 1 and len(right) == 1 and set(left) != set(right):
        pairs = [(next(iter(left.values())), next(iter(right.values())))]
    else:
        for key in sorted(set(left) ^ set(right)):
            found.append("%s is only in %s" % (key, left_root if key in left else right_root))
        pairs = [(left[key], right[key]) for key in sorted(set(left) & set(right))]
    for a, b in pairs:
        whole = []
        for run in (a, b):
            faults = integrity(run)
            whole.append(not faults)
            found += ["%s in %s: %s" % (run.run_id, run.folder, fault) for fault in faults]
        if all(whole):
            found += ["%s: %s" % (a.run_id, text) for text in between(a, b)]
    return found


def integrity(run):
    """Whether a run is what its FINISH says: journal, manifest, files, steps."""
    try:
        finish = run.finish()
        if finish is None:
            return ["its claim log does not end in FINISH"]
        faults = journal_faults(run, finish)
        return faults + checkpoint_faults(run, finish)
    except (Broken, Malformed, OSError, ValueError, KeyError) as error:
        return ["%s: %s" % (type(error).__name__, error)]


def journal_faults(run, finish):
    """Rows and hash of metrics.jsonl against FINISH; steps one by one upwards."""
    faults = []
    if sha256(run.path("metrics.jsonl")) != finish["journal_sha256"]:
        faults.append("metrics.jsonl has not the SHA-256 that FINISH names")
    rows = run.rows()
    if len(rows) != finish["rows"]:
        faults.append("%d rows, FINISH names %d" % (len(rows), finish["rows"]))
    steps = [row["iter"] for row in rows]
    for before, after in zip(steps, steps[1:]):
        if after <= before:
            faults.append("step %s comes after step %s" % (after, before))
    if not steps or not 0 <= steps[0] <= steps[-1] <= finish["iter"]:
        faults.append("steps are not between 0 and %s" % finish["iter"])
    return faults


def checkpoint_faults(run, finish):
    """The final checkpoint's manifest against FINISH, its files against the manifest."""
    folder = run.final_checkpoint()
    manifest_path = os.path.join(folder, "manifest.json")
    faults = []
    if sha256(manifest_path) != finish["manifest_sha256"]:
        faults.append("the final manifest has not the SHA-256 that FINISH names")
    with open(manifest_path, "rb") as file:
        manifest = json.load(file)
    if manifest["iter"] != finish["iter"]:
        faults.append("the final checkpoint is of iteration %s" % manifest["iter"])
    for name, stored in manifest["files"].items():
        path = os.path.join(folder, name)
        if os.path.getsize(path) != stored["bytes"] or sha256(path) != stored["sha256"]:
            faults.append("%s is not what the manifest names" % name)
    return faults


def between(a, b):
    """What two sound runs differ in: weights, optimizer state, rows."""
    found = []
    for name in TENSOR_FILES:
        left = tensor_hashes(os.path.join(a.final_checkpoint(), name))
        right = tensor_hashes(os.path.join(b.final_checkpoint(), name))
        for tensor in sorted(set(left) | set(right)):
            if left.get(tensor) != right.get(tensor):
                found.append("tensor %s of %s differs" % (tensor, name))
    rows_a, rows_b = a.rows(), b.rows()
    if len(rows_a) != len(rows_b):
        found.append("%d rows against %d" % (len(rows_a), len(rows_b)))
    for row_a, row_b in zip(rows_a, rows_b):
        if row_a != row_b:
            names = [k for k in {**row_a, **row_b} if row_a.get(k) != row_b.get(k)]
            found.append("row of step %s differs in %s" % (row_a["iter"], ", ".join(names)))
    return found
