"""The scripts of slurm/ before a program that only says how it was started; no Slurm is needed."""

import glob
import os
import shutil
import signal
import subprocess

from kit.events import until
from kit.worker import PROJECT, environment
from slurm.stage import running

# Says who it is, and leaves as its device wants it, or on a signal.
STUB = """#!/bin/bash
worker=none
for ((k = 1; k <= $#; k++)); do
  [[ ${!k} != --worker ]] || { next=$((k + 1)); worker=${!next}; }
done
trap 'echo "$worker TERM" >>"$STUB_SAID"; exit 75' TERM
trap 'echo "$worker USR1" >>"$STUB_SAID"; exit 75' USR1
echo "$worker $$ ${CUDA_VISIBLE_DEVICES-unset} ${SWEEP_RUNNER_JAVA_OPTS-} | $*" >>"$STUB_SAID"
case ${STUB_STAYS:-} in
  "") code=${CUDA_VISIBLE_DEVICES//[!0-9]/}; exit "${code:-0}" ;;
esac
for ((k = 0; k < 300; k++)); do sleep 0.1; done
"""
SMI = """#!/bin/sh
echo "GPU 0: NVIDIA H100 (UUID: GPU-1)"
echo "  MIG 1g.10gb Device 0: (UUID: MIG-1)"
echo "GPU 1: NVIDIA H100 (UUID: GPU-2)"
"""
SBATCH = """#!/bin/sh
echo "sbatch $*"
"""


class Scripts:
    """Starts them and reads what the stub said."""

    def __init__(self, bench):
        self.checks = bench.checks
        self.folder = bench.folder("scripts")
        self.scripts = os.path.join(PROJECT, "slurm")
        self.bin = os.path.join(self.folder, "bin")
        os.makedirs(self.bin)
        self.stub = self.program("stub", STUB)
        self.number = 0

    def program(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def start(self, script, *words, path=None, **variables):
        """Starts a script; the process."""
        self.number += 1
        self.place = os.path.join(self.folder, str(self.number))
        os.makedirs(self.place)
        self.said = os.path.join(self.place, "said")
        open(self.said, "w").close()
        clean = {k: v for k, v in environment().items() if k != "CUDA_VISIBLE_DEVICES"}
        clean.update(SWEEP_RUNNER=self.stub, STUB_SAID=self.said, PATH=path or clean["PATH"])
        clean.update({k: v for k, v in variables.items() if v is not None})
        if variables.get("SWEEP_RUNNER", "") is None:
            del clean["SWEEP_RUNNER"]
        return subprocess.Popen(
            ["bash", os.path.join(self.scripts, script), *words], cwd=self.place, env=clean,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True,
        )  # fmt: skip

    def run(self, script, *words, **variables):
        """Runs a script to its end: its code, its output, and the lines of the stub."""
        process = self.start(script, *words, **variables)
        output, _ = process.communicate(timeout=240)
        return process.returncode, output, self.lines()

    def lines(self):
        with open(self.said) as file:
            return sorted(file.read().splitlines())

    def check(self, what, ok, found):
        self.checks.check("scripts: " + what, ok, "" if ok else found, "")

    # ---- run_local.sh

    def entries(self):
        code, _, lines = self.run(
            "run_local.sh", "s.yaml", "--threads", "1", CUDA_VISIBLE_DEVICES="GPU-a0,MIG-b1,2",
            SWEEP_NAME="7_3", STUB_STAYS="",
        )  # fmt: skip
        devices = [line.split()[2] for line in lines]
        names = [line.split()[0] for line in lines]
        files = sorted(glob.glob(os.path.join(self.place, "sweep-7_3-gpu*.out")))
        ok = devices == ["GPU-a0", "MIG-b1", "2"] and len(files) == 3 and code != 0
        ok = ok and names == ["7_3-gpu0", "7_3-gpu1", "7_3-gpu2"]
        ok = ok and all("MaxRAMPercentage=20 | run --sweep s.yaml --threads 1" in x for x in lines)
        self.check("run_local.sh: each worker has one entry of the list", ok, devices)

    def codes(self):
        code, _, _ = self.run("run_local.sh", "s.yaml", CUDA_VISIBLE_DEVICES="0,4,3")
        self.check("run_local.sh: the greatest code", code == 4, code)
        code, _, lines = self.run("run_local.sh", "s.yaml", CUDA_VISIBLE_DEVICES="0")
        alone = len(lines) == 1 and "--threads" not in lines[0] and "MaxRAM" not in lines[0]
        self.check("run_local.sh: one GPU", code == 0 and alone, lines)

    def counts(self):
        code, _, lines = self.run("run_local.sh", "s.yaml", SWEEP_WORKERS="2",
                                  CUDA_VISIBLE_DEVICES="NoDevFiles")  # fmt: skip
        ok = code == 0 and len(lines) == 2 and all("--threads" in line for line in lines)
        self.check("run_local.sh: workers on the CPU", ok and "-cpu1 " in lines[1], len(lines))
        self.program("nvidia-smi", SMI)
        path = self.bin + os.pathsep + os.environ["PATH"]
        code, _, lines = self.run("run_local.sh", "s.yaml", path=path)
        devices = [line.split()[2] for line in lines]
        self.check("run_local.sh: GPUs of the machine", devices == ["0", "1"], devices)

    def signals(self):
        for sent, got in (("TERM", "TERM"), ("INT", "TERM"), ("HUP", "TERM"), ("USR1", "USR1")):
            process = self.start(
                "run_local.sh", "s.yaml", CUDA_VISIBLE_DEVICES="0,1", STUB_STAYS="1",
                SWEEP_NAME="s",
            )  # fmt: skip
            until(lambda: len(self.lines()) == 2, 60)
            pids = [int(line.split()[1]) for line in self.lines()]
            process.send_signal(getattr(signal, "SIG" + sent))
            code = process.wait(120)
            process.stdout.close()
            ends = [line for line in self.lines() if line.endswith(got)]
            left = [pid for pid in pids if running(pid)]
            ok = code == 75 and len(ends) == 2 and not left
            self.check("run_local.sh: %s reaches all" % sent, ok, "%s, code %d" % (ends, code))

    def killed(self):
        if not shutil.which("setpriv"):
            self.checks.skip("scripts: run_local.sh killed", "no setpriv here")
            return
        process = self.start(
            "run_local.sh", "s.yaml", CUDA_VISIBLE_DEVICES="0,1", STUB_STAYS="1", SWEEP_NAME="s"
        )
        until(lambda: len(self.lines()) == 2, 60)
        pids = [int(line.split()[1]) for line in self.lines()]
        process.kill()
        process.wait(120)
        process.stdout.close()
        until(lambda: not any(map(running, pids)), 60)
        left = [pid for pid in pids if running(pid)]
        self.check("run_local.sh: killed, its workers leave", not left, self.lines())

    # ---- the others

    def usage(self):
        for script, words, variables in (
            ("run_local.sh", [], {}),
            ("run_local.sh", ["--threads", "1"], {}),
            ("run_local.sh", ["s.yaml", "--worker", "w"], {}),
            ("run_local.sh", ["s.yaml"], {"SWEEP_RUNNER": "/nowhere/sweep-runner"}),
            ("run_local.sh", ["s.yaml"], {"SWEEP_WORKERS": "many"}),
            ("run_sweep.sh", [], {}),
            ("run_sweep.sh", ["--threads", "1"], {}),
            ("run_sweep.sh", ["s.yaml"], {"SWEEP_RUNNER": None}),
            ("run_sweep_node.sh", [], {}),
            ("run_sweep_node.sh", ["s.yaml"], {"SWEEP_RUNNER": os.path.join(PROJECT, "x")}),
            ("two_clusters.sh", ["a", "a,b"], {}),
            ("two_clusters.sh", ["c", "a,b", __file__], {"WANDB_API_KEY": "k"}),
            ("two_clusters.sh", ["a", "a", __file__], {"WANDB_API_KEY": "k"}),
            ("two_clusters.sh", ["a", "a,b", "nowhere.yaml"], {"WANDB_API_KEY": "k"}),
            ("two_clusters.sh", ["a", "a,b", __file__], {"NETRC": "/nowhere"}),
        ):
            code, output, lines = self.run(script, *words, **variables)
            if code != 2 or lines or not output.strip():
                self.check("%s %s is refused" % (script, words), False, (code, output[-200:]))
                return
        self.check("bad input is refused with 2", True, "")

    def words(self):
        code, _, lines = self.run("run_sweep.sh", "a.yaml", "b.yaml", "--threads", "2")
        ok = code == 0 and lines[0].endswith("| run --sweep a.yaml --sweep b.yaml --threads 2")
        self.check("run_sweep.sh: arguments", ok, lines)
        code, _, lines = self.run("run_sweep.sh", SWEEP="a.yaml", SWEEP_OPTIONS="--threads 2")
        ok = code == 0 and lines[0].endswith("| run --sweep a.yaml --threads 2")
        self.check("run_sweep.sh: SWEEP and SWEEP_OPTIONS", ok, lines)
        self.program("sbatch", SBATCH)
        path = self.bin + os.pathsep + os.environ["PATH"]
        code, output, _ = self.run(
            "two_clusters.sh", "b", "a,b", __file__, "--threads", "2", path=path,
            WANDB_API_KEY="k", SWEEP_ARRAY="0-3", SWEEP_GPUS="1",
        )  # fmt: skip
        wanted = (
            "sbatch --job-name=sweep-b --array=0-3 --gpus=1 %s/run_sweep.sh %s --threads 2"
            " --cluster b --wandb.clusters a,b --wandb online\n" % (self.scripts, __file__)
        )
        self.check("two_clusters.sh: what it submits", code == 0 and output == wanted, output)

    def linted(self):
        if not shutil.which("shellcheck"):
            self.checks.skip("scripts: shellcheck", "NO shellcheck on the PATH")
            return
        files = sorted(glob.glob(os.path.join(self.scripts, "*.sh")))
        sources = os.path.join(os.path.dirname(self.scripts), "src", "main", "resources")
        files += sorted(glob.glob(os.path.join(sources, "**", "*.bash"), recursive=True))
        done = subprocess.run(
            ["shellcheck", *files], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            universal_newlines=True, timeout=120,
        )  # fmt: skip
        self.check("shellcheck", done.returncode == 0, done.stdout[-500:])


def run(bench):
    """The case."""
    scripts = Scripts(bench)
    for part in (
        scripts.entries, scripts.codes, scripts.counts, scripts.signals, scripts.killed,
        scripts.usage, scripts.words, scripts.linted,
    ):  # fmt: skip
        part()
