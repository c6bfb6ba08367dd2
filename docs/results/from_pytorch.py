#!/usr/bin/env python3
"""Makes safetensors of a PyTorch checkpoint, for import: from_pytorch.py ckpt.pt, or a folder with model.pt"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

path = pathlib.Path(sys.argv[1])


def load(file):
    return torch.load(file, map_location="cpu", weights_only=True)


if path.is_dir():  # the earlier runner's
    saved = {"model": load(path / "model.pt"), "optimizer": load(path / "optimizer.pt")}
    saved |= json.loads((path / "trainer_state.json").read_text())
else:  # nanoGPT's
    saved = load(path)

masks = (".attn.bias", ".attn.masked_bias")
weights = {
    name.removeprefix("_orig_mod.").removeprefix("module."): tensor.float().contiguous().clone()
    for name, tensor in saved["model"].items()
    if not name.endswith(masks)
}
metadata = {"format": "pt", "iter": str(int(saved["iter_num"]))}
save_file(weights, "weights.safetensors", metadata)

# The optimizer numbers its parameters: matrices first, a tied head not at all.
tied = torch.equal(weights["lm_head.weight"], weights["transformer.wte.weight"])
trained = [name for name in weights if not (tied and name == "lm_head.weight")]
trained.sort(key=lambda name: weights[name].dim() < 2)
state = saved["optimizer"]["state"]
assert len(state) == len(trained), "the optimizer has other parameters: import without moments"
moments = {
    "%s.%s" % (moment, name): state[i][moment].float().contiguous().clone()
    for i, name in enumerate(trained)
    for moment in ("exp_avg", "exp_avg_sq")
}
save_file(moments, "moments.safetensors", metadata)
print("weights.safetensors and moments.safetensors at iteration", metadata["iter"])
