"""The official W&B client: a venv that is named with --client, its programs on a home of their own."""

import os
import subprocess

from kit.fakewandb import ENTITY
from kit.worker import environment

WHY = "no official client: name a venv that has it with --client (pip install wandb)"


def option(words):
    """The option that names it."""
    words.add_argument("--client", help="a venv with the official client, bin/wandb in it")


def found(folder):
    """The folder if the client is in it, else None."""
    there = folder and os.access(os.path.join(folder, "bin", "wandb"), os.X_OK)
    return os.path.abspath(folder) if there else None


class Client:
    """The official client, on a home of its own so that it reads nobody's settings."""

    def __init__(self, folder, place):
        self.folder = os.path.abspath(folder)
        self.place = place
        self.python = os.path.join(self.folder, "bin", "python")
        os.makedirs(place, exist_ok=True)

    def home(self):
        """The variables that make a folder its home."""
        return {
            "HOME": self.place, "WANDB_ERROR_REPORTING": "false", "WANDB_CONFIG_DIR": self.place,
            "WANDB_CACHE_DIR": self.place, "WANDB_DATA_DIR": self.place,
        }  # fmt: skip

    def variables(self, fake):
        """The environment of a program that speaks to this server without us."""
        return {
            **environment(), **fake.variables(), **self.home(), "WANDB_ENTITY": ENTITY,
            "WANDB_SILENT": "false",
        }  # fmt: skip

    def run(self, fake, program, *arguments, timeout=240, env=None):
        """Runs a program of its bin folder."""
        return subprocess.run(
            [os.path.join(self.folder, "bin", program), *map(str, arguments)],
            env={**self.variables(fake), **(env or {})}, cwd=self.place,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True, timeout=timeout,
        )  # fmt: skip
