"""How fast and how small is Element beside micrograd? Every ratio is measured side by side in this run.

A step is one of micrograd's moons demonstration: 100 samples, a 2-16-16-1 network, hinge loss and L2,
forward, backward and update. Both run the same scalar code; ``dot`` is Element's
own layers, in which a neuron is one ``dot``.
Exits with 1 if something falls short of what was asked.
"""

import gc
import json
import math
import subprocess
import sys
import time
import tracemalloc
from statistics import median

from soloneuron.element import Element
from soloneuron.element.layers import MLP

from harness import Report, installed
from moons import SIZES, Network, loss, moons, step

ROUNDS, STEPS = 3, 5
RATE = 0.5


def micrograd():
    from micrograd.engine import Value

    return Network(Value)


CONTENDERS = {
    "micrograd": micrograd,
    "Element": lambda: Network(Element),
    "dot": lambda: MLP(SIZES[0], SIZES[1:], seed=1337),
}


def run(name, collector):
    """What one process does: a few steps, one after the other, as a user's loop would."""
    samples, network = moons(), CONTENDERS[name]()
    if collector == "off":
        gc.disable()
    times, losses = [], []
    for _ in range(STEPS):
        start = time.process_time()
        losses.append(step(network, samples, RATE))
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


def main():
    if not installed("micrograd"):
        return 1
    report = Report(
        "How fast and how small is Element? One core; "
        f"medians of {STEPS} steps in each of {ROUNDS} processes, which start in turn; CPU time",
        "micrograd",
    )
    for collector, asked, asked_of_dot in (("default", 10, 60), ("off", 2, None)):
        taken = seconds(collector)
        rival, theirs = f"micrograd, collector {collector}", taken["micrograd"]
        report.faster("moons step, same scalar code", taken["Element"], rival, theirs, asked)
        report.faster("moons step, dot", taken["dot"], rival, theirs, asked_of_dot)
    samples = moons()
    sizes = zip(bytes_per_node("Element", samples), bytes_per_node("micrograd", samples), strict=True)
    for when, (ours, theirs) in zip(("forward", "backward"), sizes, strict=True):
        report.alone(f"memory a node after {when}", ours, "B", asked=160, note=f"{theirs:.0f} B micrograd")
    taken = median(chain(1_000_000) for _ in range(3))
    report.alone("chain of 1,000,000 additions, forward and backward", taken, asked=5)
    return report.close()


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]) if len(sys.argv) > 1 else main())
