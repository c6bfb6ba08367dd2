#!/usr/bin/env python3
"""Programs that behave badly, one per word: bad.py WORD [--name=value ...], for bench/attack/bad-programs."""

import json
import os
import signal
import subprocess
import sys
import time

OUT = os.environ.get("OUT_DIR", "out")


def say(text):
    print(text, flush=True)


def out(name):
    """A path in the point's own folder."""
    os.makedirs(OUT, exist_ok=True)
    return os.path.join(OUT, name)


def ignores_term():
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    say("deaf and running")
    time.sleep(600)


def forks_daemon():
    """Twice, with a session of its own: no parent, no terminal, no common group."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()
    say("done, and a daemon is left")


def closes_stdout():
    say("before")
    os.close(1)
    os.close(2)
    time.sleep(2)


def prints_much():
    block = b"x" * 99 + b"\n"
    left = int(os.environ.get("BAD_BYTES", 200_000_000))
    while left > 0:
        sys.stdout.buffer.write(block * 10_000)
        left -= len(block) * 10_000
    say("that was much")


def prints_rubbish():
    """No UTF-8, a zero byte, an escape, and a line of 10 MB."""
    sys.stdout.buffer.write(b"\xff\xfe\x80 bytes \x00 \x1b[31mred\n" + b"y" * 10_000_000 + b"\n")
    say("that was rubbish")


def exits_early():
    say("nothing to do")


def exits_137():
    say("about to be killed, it seems")
    sys.exit(137)


def reads_stdin():
    say("answer was " + input("Continue? [y/n] "))


def hangs_after_traceback():
    """As Python does where other threads or children wait for ever."""
    sys.stderr.write('Traceback (most recent call last):\n  File "train.py", line 7, in <module>\n'
                     "ValueError: the loss is not finite\n")  # fmt: skip
    sys.stderr.flush()
    time.sleep(600)


def hides_a_crash():
    """A watchdog: its child crashes, and it ends with 0."""
    subprocess.call([sys.executable, "-c", "raise RuntimeError('the child has crashed')"])
    say("watchdog: the child has ended")


def takes_anothers():
    """One checkpoint for all points, in the working directory; whoever finds it trains nothing."""
    path = "ckpt.pt"  # as nanoGPT calls it
    step = 0
    if os.path.exists(path):
        with open(path) as file:
            step = json.load(file)["step"]
        say("resumed at step %d" % step)
    while step < 40:
        time.sleep(0.1)
        step += 1
        with open(path, "w") as file:
            json.dump({"step": step}, file)
    say("done at step %d" % step)


def tears_its_checkpoint():
    """Writes over its only checkpoint, slowly; dies at the start where that is torn."""
    path, step = out("checkpoint.json"), 0
    if os.path.exists(path):
        with open(path) as file:
            step = json.load(file)["step"]
        say("resumed at step %d" % step)
    while step < 8:
        time.sleep(0.2)
        step += 1
        text = json.dumps({"step": step, "weights": "w" * 1000})
        with open(path, "w") as file:
            file.write(text[:500])
            file.flush()
            say("writing %d" % step)
            time.sleep(0.6)
            file.write(text[500:])
        say("saved %d" % step)
    say("done")


def lacks_a_package():
    import a_package_that_nobody_has  # noqa: F401


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")]()
