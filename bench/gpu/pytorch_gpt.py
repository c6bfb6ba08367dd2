"""The transformer of Sweep Runner in PyTorch, as plainly as nanoGPT writes one.

Parameters have the names and the order of `dev.sweeprunner.train.model.ParameterLayout`: nanoGPT's,
and `transformer.wce.weight` for the compartment embedding. The fixtures of the tests
(src/test/fixtures/make_fixtures.py) and the benchmark beside this file use this one model.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

IGNORED = -1  # a target that counts nothing


@dataclass(frozen=True)
class GptShape:
    """What decides parameters and arithmetic; the fields of the Java record `ModelShape`."""

    layers: int
    heads: int
    embd: int
    block_size: int
    vocabulary: int  # rows of the head; the last id is the translation token
    base_vocabulary: int = 0  # ids of one compartment; only read where shared_tokens
    compartments: int = 0  # rows of the compartment embedding; 0 for none
    bias: bool = False
    tied: bool = False  # the head uses the matrix of the token embedding
    shared_tokens: bool = False  # token embedding by id mod base_vocabulary, translation token last
    rope: bool = False
    rope_base: float = 10_000.0
    dann_layers: tuple = ()  # blocks with a discriminator of the compartment behind them
    dann_hidden: int = 0
    dann_lambda: float = 0.0
    untied: tuple = ()  # base tokens of the ids from base_vocabulary on; empty: id mod it
    dropout: float = 0.0  # share that a training pass drops, as the `drops` given to it say

    @property
    def input_rows(self):
        return self.base_vocabulary + 1 if self.shared_tokens else self.vocabulary


class Gpt(nn.Module):
    """Ids in, loss out."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        parts = {"wte": nn.Embedding(shape.input_rows, shape.embd)}
        if not shape.rope:
            parts["wpe"] = nn.Embedding(shape.block_size, shape.embd)
        if shape.compartments > 0:
            parts["wce"] = nn.Embedding(shape.compartments, shape.embd)
        parts["h"] = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        parts["ln_f"] = nn.LayerNorm(shape.embd, eps=1e-5, bias=shape.bias)
        self.transformer = nn.ModuleDict(parts)
        self.lm_head = nn.Linear(shape.embd, shape.vocabulary, bias=False)
        self.dann = nn.ModuleDict({str(i): Discriminator(shape) for i in shape.dann_layers})
        self.outputs = {}  # of the blocks that have one
        self.initialise()
        if shape.tied:
            self.lm_head.weight = self.transformer["wte"].weight

    def initialise(self):
        """normal(0, 0.02), into the residual stream normal(0, 0.02 / sqrt(2 * layers))."""
        into_residual = 0.02 / (2 * self.shape.layers) ** 0.5
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.dim() >= 2:
                narrow = name.endswith("c_proj.weight")
                nn.init.normal_(parameter, 0, into_residual if narrow else 0.02)

    def hidden(self, ids, compartments=None, drops=None):
        """What the head gets: (rows, length) ids to (rows, length, embd).

        drops(place, x) drops some of x; drops.weights(place, w) some of attention's weights.
        """
        tables = self.transformer
        x = tables["wte"](self.input_row(ids))
        if "wpe" in tables:
            x = x + tables["wpe"](torch.arange(ids.shape[1], device=ids.device))
        if "wce" in tables:
            x = x + tables["wce"](compartments)
        x = dropped(drops, 0, x)
        for layer, block in enumerate(tables["h"]):
            x = block(x, drops, 3 * layer + 1)
            if layer in self.shape.dann_layers:
                self.outputs[layer] = x
        return tables["ln_f"](x)

    def forward(self, ids, targets, compartments=None, drops=None):
        """The mean cross-entropy over the targets that count."""
        logits = self.lm_head(self.hidden(ids, compartments, drops))
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)

    def telling(self, compartments):
        """Behind a forward pass: the discriminators' mean cross-entropy, to be added to the loss."""
        losses = []
        for layer, x in self.outputs.items():
            logits = self.dann[str(layer)](Reversed.apply(x.mean(dim=1), self.shape.dann_lambda))
            losses.append(F.cross_entropy(logits, compartments[:, 0]))
        return sum(losses) / len(losses)

    def input_row(self, ids):
        if not self.shape.shared_tokens:
            return ids
        base = self.shape.base_vocabulary
        if not self.shape.untied:
            return torch.where(ids == self.shape.vocabulary - 1, base, ids % base)
        copies = (self.shape.vocabulary - 1 - base) // len(self.shape.untied)
        rows = [*range(base), *self.shape.untied * copies, base]
        return torch.tensor(rows, device=ids.device)[ids]

    def decay_groups(self, weight_decay):
        """For AdamW: matrices decay, but for those of discriminators."""
        told = set(self.dann.parameters())
        decaying = [p for p in self.parameters() if p.dim() >= 2 and p not in told]
        others = [p for p in self.parameters() if p.dim() < 2 or p in told]
        return [
            {"params": decaying, "weight_decay": weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]


class Reversed(torch.autograd.Function):
    """The same number; its gradient times -factor."""

    @staticmethod
    def forward(context, x, factor):
        context.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(context, gradient):
        return -context.factor * gradient, None


class Discriminator(nn.Module):
    """Which compartment is a row of, going by the mean of its tokens?"""

    def __init__(self, shape):
        super().__init__()
        self.ln_1 = nn.LayerNorm(shape.embd, eps=1e-5)
        self.c_fc = nn.Linear(shape.embd, shape.dann_hidden)
        self.c_out = nn.Linear(shape.dann_hidden, shape.compartments)

    def forward(self, x):
        return self.c_out(F.gelu(self.c_fc(self.ln_1(x))))


def dropped(drops, place, x):
    return x if drops is None else drops(place, x)


class Block(nn.Module):
    """x += attention(ln_1(x)); x += mlp(ln_2(x))"""

    def __init__(self, shape):
        super().__init__()
        self.ln_1 = nn.LayerNorm(shape.embd, eps=1e-5, bias=shape.bias)
        self.attn = Attention(shape)
        self.ln_2 = nn.LayerNorm(shape.embd, eps=1e-5, bias=shape.bias)
        self.mlp = Mlp(shape)

    def forward(self, x, drops=None, place=0):
        x = x + dropped(drops, place + 1, self.attn(self.ln_1(x), drops, place))
        return x + dropped(drops, place + 2, self.mlp(self.ln_2(x)))


class Attention(nn.Module):
    """Causal attention; queries, keys and values come from one matrix."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.c_attn = nn.Linear(shape.embd, 3 * shape.embd, bias=shape.bias)
        self.c_proj = nn.Linear(shape.embd, shape.embd, bias=shape.bias)

    def forward(self, x, drops=None, place=0):
        rows, length, embd = x.shape
        cut = (rows, length, self.shape.heads, embd // self.shape.heads)
        q, k, v = (part.view(cut).transpose(1, 2) for part in self.c_attn(x).split(embd, dim=2))
        if self.shape.rope:
            q, k = self.rotated(q), self.rotated(k)
        if drops is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(2, 3) / q.shape[3] ** 0.5
            later = torch.ones(length, length, dtype=torch.bool).triu(1)
            weights = scores.masked_fill(later, -torch.inf).softmax(dim=3)
            y = drops.weights(place, weights) @ v
        return self.c_proj(y.transpose(1, 2).reshape(rows, length, embd))

    def rotated(self, x):
        """Turns feature d with feature d + size / 2 by position * base ** (-2 d / size)."""
        length, size = x.shape[-2:]
        # Angles in double: they are constants, and should not cost the comparison any digits.
        exact = {"dtype": torch.float64, "device": x.device}
        slopes = self.shape.rope_base ** (-torch.arange(0, size, 2, **exact) / size)
        angles = torch.outer(torch.arange(length, **exact), slopes)
        wide = torch.promote_types(x.dtype, torch.float32)
        cos, sin = angles.cos().to(wide), angles.sin().to(wide)
        a, b = x.to(wide).chunk(2, dim=-1)
        return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1).to(x.dtype)


class Mlp(nn.Module):
    """Four times as wide, exact GELU."""

    def __init__(self, shape):
        super().__init__()
        self.c_fc = nn.Linear(shape.embd, 4 * shape.embd, bias=shape.bias)
        self.c_proj = nn.Linear(4 * shape.embd, shape.embd, bias=shape.bias)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))
