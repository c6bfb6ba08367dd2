"""What every script does around its checks: options, a folder to work in, the exit code."""

import argparse
import os
import shutil
import sys
import tempfile

from kit.report import Checks
from kit.worker import QUICK_JVM, NoJar, jar_path, once

# A worker that is not bothered by this machine, and publishes when it is told to.
ALONE = ("--no-web", "--allow-behind", "--threads", 1, "--checkpoint.interval", "1h")


def parser(description):
    """A parser with the options that all scripts have."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--jar", help="default: target/sweep-runner.jar")
    made.add_argument("--keep", help="folder to work in, kept afterwards")
    return made


def play(title, chosen, body, find=jar_path):
    """Lets body(checks, jar, folder) check in a folder of its own; the exit code.

    find: what finds the thing to test, where that is not the jar.
    """
    folder = None
    checks = Checks(title)
    try:
        jar = find(chosen.jar)
        name = os.path.basename(sys.argv[0])
        folder = os.path.realpath(chosen.keep or tempfile.mkdtemp(prefix=name + "-"))
        os.makedirs(folder, exist_ok=True)
        body(checks, jar, folder)
    except NoJar as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        if folder and not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


def undisturbed(checks, jar, root, toys, *words, timeout=1200, jvm=QUICK_JVM):
    """Trains toy sweeps with nobody in the way: what the others are compared with."""
    sweeps = [word for toy in toys for word in ("--sweep", toy.sweep)]
    done = once(jar, *sweeps, "--storage", root, *words, timeout=timeout, jvm=jvm)
    ok = checks.check("undisturbed sweep", done.returncode == 0, done.returncode, 0)
    if not ok:
        print(done.stdout[-2000:], done.stderr[-2000:])
    return root
