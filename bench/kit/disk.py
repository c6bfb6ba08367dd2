"""A small disk that can be filled."""

import errno
import os
import subprocess


class SmallDisk:
    """A tmpfs of some megabytes, or a reason why there is none."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        os.makedirs(folder)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=%dm" % megabytes, "tmpfs", folder],
            stderr=subprocess.PIPE, universal_newlines=True,
        )  # fmt: skip
        self.refusal = done.stderr.strip() if done.returncode else None
        self.ballast = os.path.join(folder, "ballast")

    def fill(self, leave):
        """Leaves only so many bytes free."""
        stat = os.statvfs(self.folder)
        try:
            with open(self.ballast, "wb") as file:
                file.write(b"\0" * max(0, stat.f_bavail * stat.f_frsize - leave))
        except OSError as full:  # workers write meanwhile
            if full.errno != errno.ENOSPC:
                raise

    def give(self, size):
        """Frees so many bytes of what fills it."""
        os.truncate(self.ballast, max(0, os.path.getsize(self.ballast) - size))

    def free(self):
        """Frees all of what fills it."""
        os.remove(self.ballast)

    def close(self):
        """Takes it away."""
        if self.refusal is None:
            subprocess.run(["umount", "-l", self.folder], check=False)
