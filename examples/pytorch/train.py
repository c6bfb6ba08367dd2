#!/usr/bin/env python3
"""A PyTorch program as people have them: settings from wandb.config, curves by wandb.log.

It reads no arguments and knows nothing of Sweep Runner but the folder OUT_DIR, where it keeps its
checkpoint. Runs as well under `wandb agent`.
"""

import os

import torch
import wandb

DEFAULTS = {"lr": 0.01, "width": 32, "optimizer": "adam", "epochs": 20}


def data(count, seed):
    """Noisy samples of a function of two numbers."""
    draw = torch.Generator().manual_seed(seed)
    x = torch.rand(count, 2, generator=draw) * 4 - 2
    y = torch.sin(2 * x[:, :1]) * torch.cos(x[:, 1:])
    return x, y + 0.05 * torch.randn(count, 1, generator=draw)


def main():
    run = wandb.init(config=DEFAULTS)
    config = wandb.config
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Linear(2, config.width), torch.nn.Tanh(), torch.nn.Linear(config.width, 1)
    )
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    optimizer = kinds[config.optimizer](model.parameters(), lr=float(config.lr))

    folder = os.environ.get("OUT_DIR") or os.path.join("out", run.id)
    os.makedirs(folder, exist_ok=True)
    checkpoint, first = os.path.join(folder, "last.pt"), 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["epoch"] + 1  # the next one, not the one that is done
        print("resumed at epoch %d" % first)

    x, y = data(2048, seed=1)
    unseen_x, unseen_y = data(512, seed=2)
    for epoch in range(first, config.epochs):
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(epoch))
        for batch in order.split(64):
            loss = torch.nn.functional.mse_loss(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            val_loss = torch.nn.functional.mse_loss(model(unseen_x), unseen_y).item()
        wandb.log({"epoch": epoch, "loss": loss.item(), "val_loss": val_loss}, step=epoch)
        print("epoch %d/%d: val_loss %.5f" % (epoch + 1, config.epochs, val_loss))

        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
        torch.save(state, checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)  # a kill leaves the old one or the new one

    wandb.finish()


if __name__ == "__main__":
    main()
