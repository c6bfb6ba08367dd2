"""Follows what processes write line by line, and waits for things: the one place for both."""

import json
import os
import threading
import time


def until(wanted, timeout, step=0.05):
    """Waits until this gives something; its value, or None when it did not come in time."""
    deadline = time.monotonic() + timeout
    while True:
        value = wanted()
        if value or time.monotonic() > deadline:
            return value or None
        time.sleep(step)


class Events:
    """The lines of JSON in a file that grows: the events of one process, or of many.

    Each gets the key "at", the time at which it was seen, in seconds since 1970. A line is taken
    when it is whole.
    """

    def __init__(self, path):
        self.path = path
        self.seen = []
        self.torn = 0  # lines that are no JSON object
        self._offset = 0

    def poll(self):
        """The events since the last call."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._offset)
                content = file.read()
        except FileNotFoundError:
            return []
        end = content.rfind(b"\n") + 1
        self._offset += end
        return self._take(content[:end].splitlines())

    def _take(self, lines):
        now = time.time()
        new = []
        for line in lines:
            try:
                new.append({**json.loads(line), "at": now})
            except (ValueError, TypeError):
                self.torn += 1
        self.seen += new
        return new


class PipedEvents(Events):
    """The same through a pipe, seen the moment that they are written: to measure by them."""

    def __init__(self, path):
        super().__init__(path)
        os.mkfifo(path)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def poll(self):
        """Nothing: they come by themselves."""
        return []

    def end(self):
        """Waits for the last of them, once no process has the pipe any more."""
        self._reader.join(10)

    def _read(self):
        with open(self.path, "rb", buffering=0) as pipe:
            rest = b""
            for content in iter(lambda: pipe.read(65536), b""):
                *lines, rest = (rest + content).split(b"\n")
                self._take(lines)
