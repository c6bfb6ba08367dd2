#!/usr/bin/env python3
"""Times PyTorch on a GPU at Sweep Runner's shapes: one line of JSON per measurement, on stdout.

    torch_bench.py                                       # all 24 cases
    torch_bench.py --embd 32,256 --comp 3 --modes compile,chunked --budget 20
    torch_bench.py --serve                               # lines such as `32 3` on stdin, each
                                                         # answered, then an empty line
    torch_bench.py --device cpu --tiny                   # does the script work?

An iteration is 131,072 tokens: forward, backward, clipping, fused AdamW; the data are on the device
already. A case is never cut off: it ends some time after its budget is spent. The peers:

    eager     the model of pytorch_gpt.py as it is, under autocast
    compile   torch.compile of the whole forward pass and loss
    chunked   likewise, but the head in chunks of tokens with its gradients taken in the forward
              pass (as Liger does), each chunk compiled: the logits never exist as a whole

A case that does not fit is reported, and measured again with half the rows and twice the
accumulation. Times are of whole iterations by CUDA events. Needs PyTorch 2.5 or newer and this
folder's pytorch_gpt.py.
"""

import argparse
import gc
import itertools
import json
import os
import statistics
import sys
import time

import torch

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from pytorch_gpt import IGNORED, Gpt, GptShape  # noqa: E402

MODES = ("eager", "compile", "chunked")
TOKENS = 131_072
ROWS = {3: 2048, 5: 1024}  # of a micro-batch, as the experiments' configs have them
SMALLEST_ROWS = 64
WARM_UP = 3  # iterations; the first one compiles
GIB = 2**30
OUT_OF_MEMORY = "out of memory"


def parsed(arguments):
    def numbers(text):
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--modes", default=",".join(MODES), help="of: %(default)s")
    parser.add_argument("--embd", type=numbers, default=[32, 64, 128, 256])
    parser.add_argument("--comp", type=numbers, default=[3, 5], help="compartments")
    parser.add_argument(
        "--rows", type=int, help="of a micro-batch; default: 2048 at comp 3, else 1024"
    )
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument(
        "--budget", type=float, default=30, help="seconds per case, compiling included"
    )
    parser.add_argument("--iterations", type=int, default=50, help="the most to time per case")
    parser.add_argument("--chunk", type=int, default=8192, help="tokens per chunk of the head")
    parser.add_argument(
        "--pad", type=int, default=1, help="make the vocabulary a multiple of this, as nanoGPT does"
    )
    parser.add_argument(
        "--compile-mode", default="default", help="of torch.compile, for example reduce-overhead"
    )
    parser.add_argument("--serve", action="store_true", help="ask for shapes on standard input")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--tiny", action="store_true", help="shapes that a CPU can do in no time")
    options = parser.parse_args(arguments)
    options.modes = options.modes.split(",")
    unknown = set(options.modes) - set(MODES)
    if unknown:
        parser.error(f"unknown mode {', '.join(sorted(unknown))}: there are {', '.join(MODES)}")
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("PyTorch sees no GPU here; --device cpu --tiny only tries the script")
    return options


class Case:
    """One shape, and how its iteration is cut into micro-batches."""

    def __init__(self, options, mode, embd, comp):
        tiny = options.tiny
        self.mode, self.embd, self.comp = mode, embd, comp
        length = 16 if tiny else 64
        vocabulary = (128 if tiny else 16_384) * comp + 1
        self.shape = GptShape(
            layers=2 if tiny else 8,
            heads=max(1, embd // 32),
            embd=embd,
            block_size=length,
            vocabulary=-(-vocabulary // options.pad) * options.pad,
            compartments=comp,
        )
        tokens = 512 if tiny else TOKENS
        self.rows = options.rows or (16 if tiny else ROWS.get(comp, 1024))
        self.accumulation = max(1, tokens // (self.rows * length))
        self.tokens = self.rows * length * self.accumulation

    def halved(self):
        """Makes two micro-batches of each."""
        self.rows //= 2
        self.accumulation *= 2

    def facts(self):
        return {
            "who": "torch-" + self.mode,
            "embd": self.embd,
            "comp": self.comp,
            "vocabulary": self.shape.vocabulary,
            "rows": self.rows,
            "accumulation": self.accumulation,
            "tokens": self.tokens,
        }


class ChunkedHead(torch.autograd.Function):
    """Mean cross-entropy of softmax(x W^T); both gradients are computed on the way forward."""

    @staticmethod
    def forward(context, x, weight, targets, chunk, chunk_pass, dtype):
        scale = 1 / (targets != IGNORED).sum()
        narrow = weight.to(dtype)
        x_gradient = torch.empty_like(x)
        weight_gradient = torch.zeros_like(weight)
        loss = torch.zeros((), device=x.device)
        for part, labels, out in zip(x.split(chunk), targets.split(chunk), x_gradient.split(chunk)):
            chunk_loss, down, across = chunk_pass(part.to(dtype), narrow, labels, scale)
            out.copy_(down)
            weight_gradient += across  # in float32: the chunks of a batch are many
            loss += chunk_loss
        context.save_for_backward(x_gradient, weight_gradient)
        return loss

    @staticmethod
    def backward(context, upper):
        x_gradient, weight_gradient = context.saved_tensors
        return x_gradient * upper, weight_gradient * upper, None, None, None, None


def chunk_pass(x, weight, targets, scale):
    """Loss and both gradients of one chunk of tokens."""
    logits = (x @ weight.T).float()
    counts = (targets != IGNORED).float()
    labels = targets.clamp(min=0)
    total = torch.logsumexp(logits, dim=1)
    loss = ((total - logits.gather(1, labels[:, None])[:, 0]) * counts).sum() * scale
    hit = torch.arange(logits.shape[1], device=x.device) == labels[:, None]
    slope = (torch.exp(logits - total[:, None]) - hit.float()) * (counts * scale)[:, None]
    slope = slope.to(x.dtype)
    return loss, slope @ weight, slope.T @ x


class Trainer:
    """One model with its optimiser and a batch of random ids on the device."""

    def __init__(self, options, case):
        self.case, self.device = case, options.device
        torch.manual_seed(1)
        self.dtype = getattr(torch, options.dtype)
        self.model = Gpt(case.shape).to(options.device)
        self.optimizer = torch.optim.AdamW(
            self.model.decay_groups(0.1), lr=1e-4, betas=(0.9, 0.95), fused=True
        )
        self.loss = self.loss_of(options, case.mode)
        size = (case.accumulation, case.rows, case.shape.block_size)
        self.batches = [
            torch.randint(0, bound, size, device=options.device)
            for bound in (case.shape.vocabulary, case.shape.vocabulary, case.comp)
        ]
        self.batches[1][:, :, -1] = IGNORED  # as in the experiments: a row's last target

    def loss_of(self, options, mode):
        """What computes the loss of one micro-batch."""

        def compiled(function):
            return torch.compile(function, mode=options.compile_mode, dynamic=False)

        if mode == "eager":
            return self.model
        if mode == "compile":
            return compiled(self.model)
        body, head = compiled(self.model.hidden), compiled(chunk_pass)

        def chunked(inputs, targets, compartments):
            x = body(inputs, compartments).flatten(0, 1)
            # Autocast would only round what is rounded by hand.
            with torch.autocast(self.device, enabled=False):
                weight = self.model.lm_head.weight
                args = x, weight, targets.flatten(), options.chunk, head, self.dtype
                return ChunkedHead.apply(*args)

        return chunked

    def iteration(self):
        """Learns from the batch once; the loss, on the device."""
        total = 0
        for batch in zip(*self.batches):
            with torch.autocast(self.device, self.dtype, enabled=self.dtype != torch.float32):
                loss = self.loss(*batch) / self.case.accumulation
            loss.backward()
            total = total + loss.detach()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return total


class Clock:
    """Milliseconds of an iteration: by events on a GPU, by the wall without one."""

    def __init__(self, device):
        self.on_gpu = device == "cuda"
        self.marks = []

    def mark(self):
        if self.on_gpu:
            event = torch.cuda.Event(enable_timing=True)
            event.record()
            self.marks.append(event)
        else:
            self.marks.append(time.perf_counter())

    def wait(self):
        if self.on_gpu:
            torch.cuda.synchronize()

    def times(self):
        """Between each two marks."""
        self.wait()
        pairs = zip(self.marks, self.marks[1:])
        if self.on_gpu:
            return [a.elapsed_time(b) for a, b in pairs]
        return [(b - a) * 1000 for a, b in pairs]


def measured(options, case):
    """Trains until the budget is spent, at least WARM_UP + 3 iterations."""
    began = time.perf_counter()
    clock = Clock(options.device)
    trainer = Trainer(options, case)
    if clock.on_gpu:
        torch.cuda.reset_peak_memory_stats()
    first_loss = trainer.iteration().item()
    compiling = time.perf_counter() - began
    for _ in range(WARM_UP - 1):
        trainer.iteration()
    clock.wait()
    lap = time.perf_counter()
    trainer.iteration()
    clock.wait()
    lap = max(time.perf_counter() - lap, 1e-6)
    left = options.budget - (time.perf_counter() - began)
    # The count is fixed beforehand, so that no wait disturbs the iterations.
    for _ in range(max(3, min(options.iterations, int(left / lap)))):
        clock.mark()
        loss = trainer.iteration()
    clock.mark()
    times = clock.times()
    middle = statistics.median(times)
    return {
        "ms": round(middle, 3),
        "min_ms": round(min(times), 3),
        "max_ms": round(max(times), 3),
        "iterations": len(times),
        "tokens_per_s": round(case.tokens / middle * 1000),
        "peak_gib": round(torch.cuda.max_memory_allocated() / GIB, 3) if clock.on_gpu else None,
        "first_s": round(compiling, 1),
        "first_loss": round(first_loss, 4),
        "loss": round(loss.item(), 4),
    }


def outcome(options, case):
    """The measurement, or what went wrong."""
    try:
        return measured(options, case)
    except Exception as failure:  # a compiler's failure must not end the other cases
        # A compiler may wrap the allocator's error into one of its own.
        if isinstance(failure, torch.OutOfMemoryError) or "out of memory" in str(failure):
            return {"error": OUT_OF_MEMORY}
        return {"error": f"{type(failure).__name__}: {str(failure)[:300]}"}


def surroundings(options):
    """The same in every line, so that a line can be read alone."""
    on_gpu = options.device == "cuda"
    return {
        "dtype": options.dtype,
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
    }


def measure(options, embd, comp, mode):
    """Prints the case's line, and another with half the rows as long as it does not fit."""
    case = Case(options, mode, embd, comp)
    while True:
        result = outcome(options, case)
        # What failed may hold memory until its traceback is collected.
        torch._dynamo.reset()
        gc.collect()
        if options.device == "cuda":
            torch.cuda.empty_cache()
        extra = {"chunk": options.chunk} if mode == "chunked" else {}
        if options.compile_mode != "default" and mode != "eager":
            extra["compile_mode"] = options.compile_mode
        line = case.facts() | result | extra | surroundings(options)
        print(json.dumps(line), flush=True)
        if result.get("error") != OUT_OF_MEMORY or case.rows // 2 < SMALLEST_ROWS:
            return
        case.halved()


def main(arguments):
    options = parsed(arguments)
    torch.set_float32_matmul_precision("high" if options.dtype == "bfloat16" else "highest")
    if options.serve:
        for line in sys.stdin:
            embd, comp = map(int, line.split())
            for mode in options.modes:
                measure(options, embd, comp, mode)
            print(flush=True)
        return
    for comp, embd, mode in itertools.product(options.comp, options.embd, options.modes):
        measure(options, embd, comp, mode)


if __name__ == "__main__":
    main(sys.argv[1:])
