"""Toy sweeps: small models over both kinds of data, written where a test wants them."""

import os
import random
import struct

TOML = """\
[data]
source = "uniform"
train_bin = "{data}/train_*.bin"
val_bin = "{data}/val_*.bin"

[model]
n_layer = {n_layer}
n_head = {n_head}
n_embd = {n_embd}
block_size = {block_size}
vocab_size = {vocab_size}
weight_tying = false

[training]
max_iters = {max_iters}
batch_size = {batch_size}
gradient_accumulation_steps = 2
eval_interval = {eval_interval}
eval_iters = 2
log_interval = {log_interval}

[optimizer]
learning_rate = 6e-3
weight_decay = 0.1

[lr]
warmup_iters = 10

[system]
dtype = "{dtype}"

[experiment]
n_compartments = 2
max_compartments = 2
translation_ratio_mode = "absolute"
translation_ratio = 0.5
permute_tokens_per_compartment = false
use_compartment_embeddings = true
"""

# The tier 8-64 of the experiments, half of its rows.
TIER = {"n_layer": 8, "n_head": 2, "n_embd": 64, "block_size": 64, "vocab_size": 16384,
        "batch_size": 512, "dtype": "bfloat16", "max_iters": 800, "eval_interval": 100}  # fmt: skip

YAML = """\
method: grid
name: {name}
project: bench
command: [--job.config-file, {toml}]
parameters:
"""


class Toy:
    """The files of a toy sweep in a folder of its own."""

    def __init__(self, folder, name="toy", grid=None, **shape):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.max_iters = shape.setdefault("max_iters", 200)
        small = {"n_layer": 1, "n_head": 2, "n_embd": 16, "block_size": 16, "vocab_size": 16,
                 "batch_size": 12, "dtype": "float32"}  # fmt: skip
        shape = {**small, **shape}
        self.eval_interval = shape.setdefault("eval_interval", 50)
        shape.setdefault("log_interval", 1)
        data = os.path.join(self.folder, "data")
        write_shards(data, ids=shape["vocab_size"])
        self.toml = os.path.join(self.folder, name + ".toml")
        with open(self.toml, "w") as file:
            file.write(TOML.format(data=data, **shape))
        self.sweep = os.path.join(self.folder, name + ".yaml")
        grid = grid or {"training.seed": [1, 2, 3, 4]}
        with open(self.sweep, "w") as file:
            file.write(YAML.format(name=name, toml=self.toml))
            for key, values in grid.items():
                file.write("  %s: {values: [%s]}\n" % (key, ", ".join(map(str, values))))
        self.points = 1
        for values in grid.values():
            self.points *= len(values)


def write_shards(folder, seed=1, ids=16):
    """Two training shards and one for validation, a little structure."""
    os.makedirs(folder, exist_ok=True)
    draw = random.Random(seed)
    for name, count in (("train_0", 5000), ("train_1", 3001), ("val_0", 2000)):
        tokens = [draw.randrange(ids)]
        while len(tokens) < count:
            tokens.append((tokens[-1] + draw.choice((1, 1, 1, 5))) % ids)
        write_shard(os.path.join(folder, name + ".bin"), tokens)


def write_shard(path, tokens, magic=20251013, version=1):
    """One shard: 256 header words and the tokens, all little-endian, 32 bits each."""
    header = [magic, version, len(tokens)] + [0] * 253
    with open(path, "wb") as file:
        file.write(struct.pack("<256i", *header))
        file.write(struct.pack("<%dI" % len(tokens), *tokens))
