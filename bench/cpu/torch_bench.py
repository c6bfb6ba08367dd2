#!/usr/bin/env python3
"""PyTorch in eager mode on the CPU, at the shapes of this kit: torch_bench.py EMBD TOKENS THREADS.

Says `ready` after a warm-up, and answers each line on standard input with one iteration: processor
seconds, wall seconds, peak resident MiB, loss. In micro-batches of 32 rows: larger ones are no faster
and take a multiple of 400 MB for the logits.
"""

import os
import resource
import sys
import time

import torch

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "gpu"))

from pytorch_gpt import Gpt, GptShape  # noqa: E402

ROWS, LENGTH, VOCABULARY, COMPARTMENTS = 32, 64, 49_153, 3


def ids(bound):
    return torch.randint(0, bound, (ROWS, LENGTH))


def iterate(model, optimizer, tokens):
    """One update; the mean loss."""
    passes, total = tokens // (ROWS * LENGTH), 0.0
    for _ in range(passes):
        loss = model(ids(VOCABULARY), ids(VOCABULARY), ids(COMPARTMENTS)) / passes
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return total


def main(embd, tokens, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = Gpt(GptShape(8, max(1, embd // 32), embd, LENGTH, VOCABULARY, compartments=COMPARTMENTS))
    optimizer = torch.optim.AdamW(model.decay_groups(0.1), lr=1e-4, betas=(0.9, 0.95), fused=True)
    iterate(model, optimizer, ROWS * LENGTH)
    print("ready", flush=True)
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.monotonic()
        loss = iterate(model, optimizer, tokens)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print("%.4f %.4f %d %.6f" % (cpu, wall, peak, loss), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
