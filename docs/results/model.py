#!/usr/bin/env python3
"""Loads a run of the built-in trainer into PyTorch and evaluates it: model.py RUN_FOLDER"""

import json
import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional as F

folder = pathlib.Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text())["config"]
model, experiment = config["model"], config["experiment"]
C, V, T = int(experiment["n_compartments"]), int(model["vocab_size"]), int(model["block_size"])
permuted = experiment["permute_tokens_per_compartment"]
TRANS = V if permuted else C * V  # the translation token: the last id


def weights(path):
    """A safetensors file as tensors: a length, a JSON header, and float32 numbers."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = {}
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__":
            a, b = (start + offset for offset in entry["data_offsets"])
            numbers = np.frombuffer(content[a:b], "<f4").reshape(entry["shape"])
            tensors[name] = torch.tensor(numbers)
    return tensors


w = weights(folder / "ckpt/latest/weights.safetensors")


def linear(x, name):
    return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))  # no bias: model.bias is false


def norm(x, name):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w.get(name + ".bias"), 1e-5)


def rotated(x):
    """RoPE: feature d turns with feature d + size / 2."""
    length, size = x.shape[-2:]
    slopes = float(model["rope_base"]) ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), slopes)
    cos, sin = angles.cos().float(), angles.sin().float()
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


def attention(x, name):
    rows, length, width = x.shape
    heads = int(model["n_head"])
    q, k, v = (
        part.view(rows, length, heads, width // heads).transpose(1, 2)
        for part in linear(x, name + ".c_attn").split(width, dim=2)
    )
    if model["use_rope"]:
        q, k = rotated(q), rotated(k)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return linear(y.transpose(1, 2).reshape(rows, length, width), name + ".c_proj")


def logits(ids, compartments):
    """(rows, length) ids, and the compartment of each position, to (rows, length, ids) logits."""
    rows = torch.where(ids == TRANS, V, ids % V) if experiment["shared_token_embeddings"] else ids
    x = w["transformer.wte.weight"][rows]
    if not model["use_rope"]:
        x = x + w["transformer.wpe.weight"][: ids.shape[1]]
    if experiment["use_compartment_embeddings"]:  # experiment's, not model's
        x = x + w["transformer.wce.weight"][compartments]
    for layer in range(int(model["n_layer"])):
        block = "transformer.h.%d." % layer
        x = x + attention(norm(x, block + "ln_1"), block + "attn")
        x = x + linear(F.gelu(linear(norm(x, block + "ln_2"), block + "mlp.c_fc")), block + "mlp.c_proj")
    head = "transformer.wte" if model["weight_tying"] else "lm_head"
    return norm(x, "transformer.ln_f") @ w[head + ".weight"].T


# What a row looks like, in offset mode: token x in compartment c is the id c * V + x.
def plain(tokens, c):
    """T tokens of one compartment."""
    return [c * V + x for x in tokens], [c] * T


def translation(tokens, a, b):
    """[TRANS] T/2 - 1 tokens in a, [TRANS] the same tokens in b."""
    half = [TRANS, *(a * V + x for x in tokens)], [TRANS, *(b * V + x for x in tokens)]
    return half[0] + half[1], [a] * (T // 2) + [b] * (T // 2)


# The rows of an evaluation of uniform data: a number is a function of seed, stream and position.
ALL = 2**64 - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & ALL
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & ALL
    return z ^ (z >> 31)


def bits(seed, stream, a, b):
    golden, name = 0x9E3779B97F4A7C15, 0xCBF29CE484222325
    for letter in stream.encode():
        name = (name ^ letter) * 0x100000001B3 & ALL
    key = mix((mix(seed + golden & ALL) ^ name) + golden & ALL)
    return mix((mix((key ^ a) + golden & ALL) ^ b) + golden & ALL)


def evaluation_row(kind, number):
    seed, count = int(config["data"]["uniform_seed"]), T if kind == "plain" else T // 2 - 1
    tokens = [(bits(seed, "data.tokens." + kind, number, i) >> 1) * V >> 63 for i in range(count)]
    pairs = [(a, b) for a in range(C) for b in range(C) if (a == b) == (kind == "plain")]
    drawn = bits(int(experiment["assignment_seed"]), "data.kinds." + kind, number, 0) >> 11
    a, b = pairs[drawn * len(pairs) >> 53]  # compartment_scaling "equal"
    return plain(tokens, a) if kind == "plain" else translation(tokens, a, b)


made = config["data"]["source"], experiment["compartment_scaling"], experiment["translation_mode"]
if permuted or made != ("uniform", "equal", "standard"):
    sys.exit("The model is loaded; make rows of your data as above.")
for kind in ("translation", "plain") if C > 1 else ("plain",):
    count = int(config["training"]["eval_iters"]) * int(config["training"]["batch_size"])
    ids, compartments = map(torch.tensor, zip(*(evaluation_row(kind, n) for n in range(count))))
    predicted = logits(ids, compartments)[:, T // 2 : -1]  # of the second half, each next token
    loss = F.cross_entropy(predicted.flatten(0, 1), ids[:, T // 2 + 1 :].flatten())
    print("val/%s_loss %.8f" % (kind, loss))
