"""How fast is the compiled graph of Elements beside what people would write or install?

The moons step is that of micrograd's demonstration: 100 samples, a 2-16-16-1 network written one number at
a time, hinge loss and L2, forward, backward and update, in float64 on one thread. Every ratio is measured
side by side in this run, the rivals in turn. Behind the moons come the rows of ``recurrences.py``. Exits with
1 if something falls short of what was asked. Rivals that are not installed are left out, and said so.
"""

import itertools
import math
import sys

import torch

import recurrences
from soloneuron.compiler import compile_graph, interface
from soloneuron.element import Element, dot

from harness import Report, in_turn, installed, seconds
from moons import DECAY, Network, loss
from moons_rivals import (
    RATE,
    SAMPLES,
    autograd_step,
    casadi_step,
    jax_step,
    micrograd_step,
    wrapped,
    written_step,
)

ROUNDS, BLOCK = 15, 200


def compiled():
    """The graph of Elements, compiled; a step, and what the compiler says of it."""
    network = Network(Element)
    f = compile_graph(loss(network, wrapped(Element)), network.parameters())

    def advance():
        value = f()
        f.theta.add_(f.gradient, alpha=-RATE)
        return value

    return advance, f.report


def agree(steps):
    """All rivals compute the same losses, or their times mean nothing."""
    curves = {name: [step() for _ in range(5)] for name, step in steps.items()}
    ours = curves["compiled"]
    for name, curve in curves.items():
        # torch's SGD has the penalty in its gradient, not in its loss.
        tolerance = 0.1 if name == "torch.nn" else 1e-9
        if not all(math.isclose(a, b, rel_tol=tolerance) for a, b in zip(ours, curve, strict=True)):
            sys.exit(f"{name} does not compute the same losses: {curve}, ours {ours}")


def moons_step(report):
    """Every rival's step beside ours; how long ours takes."""
    step, said = compiled()
    print(f"# {said}")
    steps = {"compiled": step, "torch.nn": autograd_step(), "written": written_step()}
    for name, make in (("jax", jax_step), ("casadi", casadi_step)):
        if installed(name):
            steps[name] = make()
    agree(steps)
    taken = in_turn(steps, ROUNDS, BLOCK, warm=20)
    ours = taken["compiled"]
    report.faster("moons step", ours, "torch.nn + autograd + SGD", taken["torch.nn"], 7)
    report.share("moons step", ours, "torch written by hand", taken["written"], 1.0)
    if "casadi" in taken:
        report.faster("moons step", ours, "CasADi SX evaluation", taken["casadi"], 5)
    if "jax" in taken:
        report.share("moons step", ours, "JAX jit", taken["jax"], 1.3)
    return ours


def compile_times(report):
    network = Network(Element)
    parameters = network.parameters()
    whole = loss(network, wrapped(Element))
    x, side = SAMPLES[0]
    inputs, side = [Element(one) for one in x], Element(float(side))
    one = (1 + -side * network(inputs)[0]).relu() + DECAY * sum(p * p for p in parameters)

    def anew(*arguments):
        interface._programs.clear()
        compile_graph(*arguments)

    works = {
        "compile the whole graph": lambda: anew(whole, parameters),
        "compile from one sample": lambda: anew(one, parameters, [*inputs, side]),
    }
    for (name, taken), asked in zip(in_turn(works, 7).items(), (0.4, 0.05), strict=True):
        report.alone(name, taken, asked=asked)


def against_micrograd(report, ours):
    if not installed("micrograd"):
        return
    each = in_turn({"micrograd": micrograd_step()}, 6, warm=0)["micrograd"]
    report.faster("moons step", ours, "micrograd, default collector", each, 10_000)
    interface._programs.clear()

    def whole():
        step, _ = compiled()
        for _ in range(100):
            step()

    work = "100 steps with building and compiling"
    report.faster(work, seconds(whole), "micrograd, 100 medians", 100 * each, 500)


def wide_network(report):
    """MLP 10-128-128-1, batch 256, from one sample, against torch.nn."""
    sizes, rows = (10, 128, 128, 1), 256
    generator = torch.Generator().manual_seed(1)
    X = torch.randn(rows, 10, generator=generator, dtype=torch.float64)
    y = torch.randn(rows, generator=generator, dtype=torch.float64)
    layers = [torch.nn.Linear(i, o, dtype=torch.float64) for i, o in itertools.pairwise(sizes)]
    network = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
    x, target, parameters = [Element(0.5) for _ in range(10)], Element(0.0), []
    h = x
    for k, layer in enumerate(layers):
        weights = torch.column_stack([layer.weight, layer.bias]).tolist()
        theta = [[Element(v) for v in row] for row in weights]
        parameters += [p for row in theta for p in row]
        h = [dot(row[:-1], h) + row[-1] for row in theta]
        h = [z.relu() for z in h] if k < 2 else h
    f = compile_graph((h[0] - target) ** 2, parameters, [*x, target])
    batch = torch.column_stack([X, y])

    def ours():
        value = f(batch)
        f.theta.add_(f.gradient, alpha=-0.01)
        return value

    def theirs():
        optimizer.zero_grad()
        value = ((network(X)[:, 0] - y) ** 2).mean()
        value.backward()
        optimizer.step()
        return value.item()

    for _ in range(5):
        assert math.isclose(ours(), theirs(), rel_tol=1e-9)
    taken = in_turn({"ours": ours, "theirs": theirs}, 11, 40, warm=20)
    report.faster("MLP 10-128-128-1, batch 256", taken["ours"], "torch.nn", taken["theirs"], 1.2)


def main():
    torch.set_num_threads(1)
    report = Report(
        "How fast is the compiled graph of Elements? float64, one thread; "
        f"medians of {ROUNDS} blocks of {BLOCK} steps that take turns",
        *("torch", "micrograd", "casadi", "jax"),
    )
    ours = moons_step(report)
    compile_times(report)
    wide_network(report)
    against_micrograd(report, ours)
    recurrences.compare(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
