"""How fast and how small is Element beside micrograd? Every ratio is measured side by side in this run.

A step is one of micrograd's moons demonstration: 100 samples, a 2-16-16-1 network, hinge loss and L2,
forward, backward and update. Both run the same scalar code; the second figure of Element
is that of its own layers, in which a neuron is one ``dot``.
Prints one line a ratio, ``name: measured (asked)``, and exits with 1 if one misses what was asked.
"""

import gc
import importlib.metadata
import json
import math
import platform
import subprocess
import sys
import time
import tracemalloc
from statistics import median

from moons import SIZES, Network, moons
from soloneuron.element import Element
from soloneuron.element.layers import MLP

try:
    from micrograd.engine import Value
except ImportError:
    sys.exit(
        "benchmarks/element.py compares with micrograd: run  pip install micrograd==0.1.0  and start again"
    )

ROUNDS, STEPS = 3, 5


CONTENDERS = {
    "micrograd": lambda: Network(Value),
    "Element": lambda: Network(Element),
    "dot": lambda: MLP(SIZES[0], SIZES[1:], seed=1337),
}


def loss(network, samples):
    losses = [(1 + -side * network(x)[0]).relu() for x, side in samples]
    return sum(losses) * (1 / len(losses)) + 1e-4 * sum(p * p for p in network.parameters())


def step(network, samples):
    result = loss(network, samples)
    for p in network.parameters():
        p.grad = 0
    result.backward()
    for p in network.parameters():
        p.data -= 0.5 * p.grad
    return result.data


def run(name, collector):
    """What one process does: a few steps, one after the other, as a user's loop would."""
    samples, network = moons(), CONTENDERS[name]()
    if collector == "off":
        gc.disable()
    times, losses = [], []
    for _ in range(STEPS):
        start = time.process_time()
        losses.append(step(network, samples))
        times.append(time.process_time() - start)
    print(json.dumps([times, losses]))


def seconds(collector):
    """The median time of a step of every contender; their processes start in turn."""
    times = {name: [] for name in CONTENDERS}
    first = None
    for _ in range(ROUNDS):
        for name in CONTENDERS:
            command = [sys.executable, __file__, name, collector]
            taken, losses = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            times[name] += taken
            first = first or losses
            if not all(map(math.isclose, first, losses)):
                sys.exit("the contenders do not compute the same losses: the times mean nothing")
    return {name: median(taken) for name, taken in times.items()}


def bytes_per_node(name, samples):
    """What a node of the scalar code weighs after the forward pass and after backward."""
    network = CONTENDERS[name]()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    result = loss(network, samples)
    forward = tracemalloc.get_traced_memory()[0] - before
    result.backward()
    backward = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    gc.enable()
    seen, stack = {result}, [result]
    while stack:
        fresh = set(stack.pop()._prev) - seen
        seen |= fresh
        stack.extend(fresh)
    return forward / len(seen), backward / len(seen)


def chain(length):
    start = time.process_time()
    x = end = Element(1.0)
    for _ in range(length):
        end = end + x
    end.backward()
    taken = time.process_time() - start
    assert x.grad == length + 1
    del end
    return taken


FAILED = []


def line(name, measured, unit, asked, holds):
    print(f"{name}: {measured:.1f}{unit} ({asked})", flush=True)
    if not holds:
        FAILED.append(name)


def main():
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, one core used;")
    print(
        f"micrograd {importlib.metadata.version('micrograd')}; "
        f"medians of {STEPS} steps in each of {ROUNDS} processes, which start in turn; CPU time"
    )
    for collector, asked, asked_of_dot in (("default", 10, 60), ("off", 2, 0)):
        taken = seconds(collector)
        print(
            f"# collector {collector}: " + ", ".join(f"{name} {1e3 * t:.1f} ms" for name, t in taken.items())
        )
        ratio = taken["micrograd"] / taken["Element"]
        line(
            f"moons step, same scalar code, collector {collector}", ratio, "x", f">= {asked}x", ratio >= asked
        )
        ratio = taken["micrograd"] / taken["dot"]
        wish = f">= {asked_of_dot}x" if asked_of_dot else "not asked"
        line(f"moons step, dot, collector {collector}", ratio, "x", wish, ratio >= asked_of_dot)
    samples = moons()
    theirs, ours = bytes_per_node("micrograd", samples), bytes_per_node("Element", samples)
    for when, his, mine in zip(("after forward", "after backward"), theirs, ours, strict=True):
        line(f"bytes a node {when}, micrograd", his, " B", "no limit", True)
        line(f"bytes a node {when}, Element", mine, " B", "<= 160 B", mine <= 160)
    taken = median(chain(1_000_000) for _ in range(3))
    line("chain of 1,000,000 additions, forward and backward", taken, " s", "<= 5 s", taken <= 5)
    if FAILED:
        sys.exit("missed: " + "; ".join(FAILED))


if __name__ == "__main__":
    run(*sys.argv[1:]) if len(sys.argv) > 1 else main()
