"""PyTorch's half of `parity`: trains on the rows that lie in a folder, and writes its losses there.

    python peer.py FOLDER ITERATIONS SEED...

For each SEED two courses: `torch-SEED.txt` from weights that PyTorch draws with this seed, and
`same-SEED.txt` from the weights of start-SEED.f32, which are ours.
"""

import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gpu"))

from pytorch_gpt import Gpt, GptShape  # noqa: E402
from torch.nn import functional as F  # noqa: E402

# As in CurveBench.java.
SHAPE = GptShape(2, 2, 32, 8, 2 * 4 + 1, 4, compartments=2)
ROWS = 64
RATE = 2e-3
WARMUP = 50


def loss_of(model, inputs, targets, compartments):
    """The last position of a row has no target; the mean is over all others."""
    logits = model.lm_head(model.hidden(inputs, compartments))
    total = F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum"
    )
    return total / (ROWS * (SHAPE.block_size - 1))


def train(model, batches):
    """The loss of each iteration."""
    optimizer = torch.optim.AdamW(model.decay_groups(0.1), betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for i, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (i + 1) / (WARMUP + 1) if i < WARMUP else RATE
        optimizer.zero_grad()
        loss = loss_of(model, *(torch.from_numpy(part).long() for part in batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def ours(folder, seed):
    """A model that starts where our trainer does."""
    model = Gpt(SHAPE)
    values = np.fromfile(folder / f"start-{seed}.f32", "<f4")
    weights, start = {}, 0
    for line in (folder / f"start-{seed}.txt").read_text().splitlines():
        name, *sizes = line.split()
        shape = [int(size) for size in sizes]
        end = start + int(np.prod(shape))
        weights[name] = torch.from_numpy(values[start:end].reshape(shape).copy())
        start = end
    model.load_state_dict(weights)
    return model


def main():
    torch.set_num_threads(1)
    folder, iterations = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    batches = np.fromfile(folder / "batches.i32", "<i4")
    batches = batches.reshape(iterations, 3, ROWS, SHAPE.block_size)
    for seed in sys.argv[3:]:
        torch.manual_seed(int(seed))
        courses = {"torch": Gpt(SHAPE), "same": ours(folder, seed)}
        for name, model in courses.items():
            lines = "".join(f"{loss!r}\n" for loss in train(model, batches))
            (folder / f"{name}-{seed}.txt").write_text(lines)
    print("PyTorch", torch.__version__)


main()
