"""Each worker has the GPU that Slurm gave it: a fake driver says which one a process got."""

import glob
import os
import re
import shutil
import subprocess

from kit.report import say
from kit.worker import PROJECT
from slurm.stage import JVM, Watch, options, records, states, status

GPUS = 4  # of a node
TOML = "config/quickstart.toml"
YAML = """\
method: grid
name: devices
project: bench
command: [--job.config-file, {toml}]
parameters:
  model.n_embd: {{value: 16}}
  experiment.translation_ratio: {{value: 0.5}}
  training.seed: {{values: [{seeds}]}}
"""
FLAGS = (
    "-O2 -std=c++17 -fPIC -fvisibility=hidden -pthread -ffp-contract=off -fno-fast-math -DEMULATED"
    " -shared -Wl,-soname,libcuda.so.1"
).split()


def driver(folder):
    """A folder with the fake driver of the tests as its sources are; None without a compiler."""
    own, kernels = (os.path.join(PROJECT, "src", kind, "cuda") for kind in ("test", "main"))
    sources = sorted(glob.glob(own + "/*") + glob.glob(kernels + "/*"))
    built = glob.glob(os.path.join(PROJECT, "target", "fake-cuda", "*", "libcuda.so.1"))
    newest = max(built, key=os.path.getmtime, default=None)
    library = os.path.join(folder, "libcuda.so.1")
    if newest and os.path.getmtime(newest) > max(map(os.path.getmtime, sources)):
        shutil.copyfile(newest, library)
    elif shutil.which("g++"):
        say("building the fake driver")
        words = ["g++", *FLAGS, "-I", own, "-I", kernels, "-o", library, "-x", "c++"]
        with open("/proc/cpuinfo") as file:
            if " avx2 " in file.read():
                words.insert(1, "-march=x86-64-v3")
        words += [path for path in sources if path.endswith((".cpp", ".cu"))]
        subprocess.run(words, stdin=subprocess.DEVNULL, timeout=900, check=True)
    else:
        return None
    with open(os.path.join(folder, "fake-cuda.conf"), "w") as file:
        file.write("devices=%d\nmemory_mib=512\nreport=%s/violations\n" % (GPUS, folder))
    return folder


def sweep(bench, folder, seeds):
    """A sweep that a fake GPU does in seconds."""
    with open(os.path.join(bench.checkout.folder, TOML)) as file:
        text = file.read()
    for name, value in (("max_iters", 6), ("eval_interval", 3), ("log_interval", 1),
                        ("batch_size", 8), ("warmup_iters", 2)):  # fmt: skip
        text = re.sub(r"(?m)^%s = \d+" % name, "%s = %d" % (name, value), text)
    toml = os.path.join(folder, "devices.toml")
    with open(toml, "w") as file:
        file.write(text)
    path = os.path.join(folder, "devices.yaml")
    with open(path, "w") as file:
        file.write(YAML.format(toml=toml, seeds=", ".join(map(str, range(1, seeds + 1)))))
    return path


def given(device):
    """The physical number behind `cuda:0 Fake H100 2, ...`, or None."""
    match = re.match(r"cuda:0 Fake H100 (\d+)", device)
    return match.group(1) if match else None


class Form:
    """A sweep with as many workers as there are GPUs, submitted in one way."""

    def __init__(self, bench, driver_folder, name, script, words):
        self.bench, self.name = bench, name
        self.folder = bench.folder("devices", name)
        self.sweep = sweep(bench, self.folder, 3 * 2 * GPUS)
        self.root = os.path.join(self.folder, "root")
        self.watch = Watch(os.path.join(self.folder, "events"))
        arguments = options(self.root, self.watch.path)
        arguments[arguments.index("cpu")] = "cuda"
        self.watch.start()
        try:
            job = bench.slurm.submit(
                bench.checkout.script(script), self.sweep, *arguments,
                options=[*words, "--output=%s/%%A_%%a.out" % self.folder],
                cwd=bench.checkout.folder, SWEEP_RUNNER_JAVA_OPTS=JVM, SWEEP_LOGS=self.folder,
                LD_LIBRARY_PATH=driver_folder,
            )  # fmt: skip
            left = bench.drained(job, timeout=300)
            bench.slurm.cancel(job)
            if left:
                say("devices: %s is still in the queue" % ", ".join(left))
        finally:
            self.watch.__exit__()

    def judge(self):
        """The checks."""
        checks, what = self.bench.checks, "devices, %s: " % self.name
        points = status(self.bench.checkout, self.sweep, self.root) or []
        finished = sum(point["state"] == "finished" for point in points)
        checks.check(
            what + "finished", points and finished == len(points), states(points), len(points)
        )
        lives = {life.pid: life for life in self.watch.lives}
        pairs, wrong = set(), []
        for run_id, record in records(self.root):
            owner = record["owner"]
            life = lives.get(owner["pid"])
            got = given(owner["device"])
            if life is None or got is None or got != life.devices:
                wrong.append((run_id, owner["device"], life and life.devices))
            else:
                pairs.add((life.node, got))
        checks.check(
            what + "the device is that of CUDA_VISIBLE_DEVICES", not wrong,
            wrong[:3] or "%d records" % len(records(self.root)), "all",
        )  # fmt: skip
        checks.check(
            what + "GPUs that trained", len(pairs) == 2 * GPUS,
            " ".join("%s:%s" % pair for pair in sorted(pairs)), 2 * GPUS,
        )  # fmt: skip


def run(bench):
    """The case."""
    place = driver(bench.folder("devices", "driver"))
    if place is None:
        bench.checks.skip("devices", "NO FAKE CUDA: none is built in target/fake-cuda, and no g++")
        return
    bench.slurm.up(nodes=2, gpus_per_node=GPUS, grace=0, kill_wait=15)
    per_task = ["--array=0-%d" % (2 * GPUS - 1), "--cpus-per-task=1", "--gpus=1", "--mem=0"]
    per_node = ["--array=0-1", "--cpus-per-task=4", "--gpus-per-node=%d" % GPUS, "--mem=0"]
    forms = [
        Form(bench, place, "exec", "run_sweep.sh", per_task),
        Form(bench, place, "node", "run_sweep_node.sh", per_node),
    ]
    for form in forms:
        form.judge()
    violations = os.path.join(place, "violations")
    said = open(violations).read().strip() if os.path.exists(violations) else ""
    bench.checks.check("devices: the fake driver saw nothing wrong", not said, said[:300], "")
