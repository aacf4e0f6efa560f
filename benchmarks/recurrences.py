"""How fast are compiled recurrences, long chains and products beside what people would write or install?

Recurrent networks, a pendulum, a chain of divisions, a product and causal attention are written one number at
a time as Elements and compiled. The rivals are torch with autograd, a matrix or a number at a time as people
write it, JAX's jit, and the same graph on Elements, eagerly. float64, one thread; all in this run, in turn.
Exits with 1 if something falls short of what was asked. Rivals that are not installed are left out, and said
so.
"""

import math
import random
import statistics
import sys
import time

import torch

from soloneuron.compiler import compile_graph, interface
from soloneuron.element import Element, softmax

from harness import Report, in_turn, installed

ROUNDS, BLOCK = 9, 20
F8 = {"dtype": torch.float64}


def numbers(count, scale=0.5, seed=1):
    generator = random.Random(seed)
    return [generator.uniform(-scale, scale) for _ in range(count)]


def rows(xs, width):
    return [xs[i : i + width] for i in range(0, len(xs), width)]


def inputs(t):
    return [math.sin(0.3 * t), math.cos(0.3 * t)]


def weighted(row, x, b):
    return sum((w * a for w, a in zip(row, x, strict=True)), b)


def rnn(theta, steps=20, width=4):
    """Scalar code: sum of squares of the last state."""
    W, b = rows(theta[: width * (width + 2)], width + 2), theta[width * (width + 2) :]
    h = [0.0] * width
    for t in range(steps):
        h = [weighted(row, [*h, *inputs(t)], c).tanh() for row, c in zip(W, b, strict=True)]
    return sum(a * a for a in h)


def lstm(theta, steps=10, width=4):
    """Scalar code: four gates a cell."""
    size = width * (width + 2)
    gates = [
        (rows(theta[k : k + size], width + 2), theta[k + size : k + size + width])
        for k in range(0, 4 * (size + width), size + width)
    ]
    h, c = [0.0] * width, [0.0] * width
    for t in range(steps):
        x = [*h, *inputs(t)]
        i, f, o, g = ([weighted(row, x, d) for row, d in zip(W, b, strict=True)] for W, b in gates)
        i, f, o = ([z.sigmoid() for z in gate] for gate in (i, f, o))
        c = [a * m + e * n.tanh() for a, m, e, n in zip(f, c, i, g, strict=True)]
        h = [a * m.tanh() for a, m in zip(o, c, strict=True)]
    return sum(a * a for a in h)


def pendulum(theta, steps=200):
    """Scalar code: semi-implicit Euler."""
    a, b, length = theta
    for _ in range(steps):
        b = b - 0.01 * 9.81 / length * a.sin()
        a = a + 0.01 * b
    return a * a


def divisions(theta, count=300):
    y = theta[0]
    for i in range(count):
        y = theta[i % len(theta)] / (y + 0.5)
    return y


def product(theta):
    y = theta[0]
    for x in theta[1:]:
        y = y * x
    return y


WORKS = {
    "RNN, 20 steps": (rnn, numbers(28)),
    "LSTM, 10 steps": (lstm, numbers(112)),
    "pendulum, 200 steps": (pendulum, [1.0, 0.0, 2.0]),
    "300 divisions": (divisions, [1 + x for x in numbers(10, 0.2)]),
    "product of 1,000": (product, [1 + x for x in numbers(1000, 0.01)]),
}


def recorded(name):
    program, start = WORKS[name]
    own = [Element(x) for x in start]
    return program(own), own


def torch_matrices(name, theta, xs):
    """The network as people write it in torch: a matrix a step."""
    h, width = torch.zeros(4, **F8), 4
    if name.startswith("RNN"):
        W, b = theta[:24].view(4, 6), theta[24:]
        for x in xs:
            h = torch.tanh(W @ torch.cat([h, x]) + b)
        return (h * h).sum()
    blocks = theta.view(4, 28)
    W, b, c = blocks[:, :24].reshape(4 * width, 6), blocks[:, 24:].reshape(4 * width), torch.zeros(4, **F8)
    for x in xs:
        i, f, o, g = (W @ torch.cat([h, x]) + b).chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
    return (h * h).sum()


def torch_step(name):
    program, start = WORKS[name]
    theta = torch.tensor(start, **F8, requires_grad=True)
    xs = [torch.tensor(inputs(t), **F8) for t in range(20 if name.startswith("RNN") else 10)]

    def advance():
        theta.grad = None
        if name[:3] in {"RNN", "LST"}:
            value = torch_matrices(name, theta, xs)
        elif name.startswith("product"):
            value = theta.prod()
        else:
            value = program(list(theta.unbind()))
        value.backward()
        return value.item()

    return advance


def jax_step(name):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    _, start = WORKS[name]
    theta = jnp.array(start)
    xs = jnp.array([inputs(t) for t in range(20 if name.startswith("RNN") else 10)])

    def network(theta):
        zero = jnp.zeros(4)
        if name.startswith("RNN"):
            W, b = theta[:24].reshape(4, 6), theta[24:]
            h = jax.lax.scan(lambda h, x: (jnp.tanh(W @ jnp.concatenate([h, x]) + b), None), zero, xs)[0]
            return (h * h).sum()
        blocks = theta.reshape(4, 28)
        W, b = blocks[:, :24].reshape(16, 6), blocks[:, 24:].reshape(16)

        def cell(state, x):
            h, c = state
            i, f, o, g = jnp.split(W @ jnp.concatenate([h, x]) + b, 4)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        (h, _), _ = jax.lax.scan(cell, (zero, zero), xs)
        return (h * h).sum()

    def swing(theta):
        def move(state, _):
            a, b = state
            b = b - 0.01 * 9.81 / theta[2] * jnp.sin(a)
            return (a + 0.01 * b, b), None

        (a, _), _ = jax.lax.scan(move, (theta[0], theta[1]), None, length=200)
        return a * a

    step = jax.jit(jax.value_and_grad(swing if name.startswith("pendulum") else network))

    def advance():
        value, gradient = step(theta)
        gradient.block_until_ready()
        return float(value)

    return advance


def eager_step(name):
    program, start = WORKS[name]

    def advance():
        loss = program([Element(x) for x in start])
        loss.backward()
        return loss.data

    return advance


def race(report, name, asked, *, jax=None, eager=False):
    f = compile_graph(*recorded(name))
    print(f"# {name}: {f.report}")
    steps = {"ours": f, "torch": torch_step(name)}
    if jax is not None and installed("jax"):
        steps["jax"] = jax_step(name)
    if eager:
        steps["eager"] = eager_step(name)
    values = {rival: step() for rival, step in steps.items()}
    if not all(math.isclose(value, values["ours"], rel_tol=1e-8) for value in values.values()):
        sys.exit(f"the rivals do not compute the same number: {values}")
    taken = in_turn(steps, ROUNDS, BLOCK, warm=5)
    report.faster(name, taken["ours"], "torch eager with autograd", taken["torch"], asked)
    if "jax" in taken:
        report.share(name, taken["ours"], "JAX jit", taken["jax"], jax)
    if "eager" in taken:
        report.faster(name, taken["ours"], "the same on Elements", taken["eager"], 12)


def attention(causal, tokens=16, width=8):
    """Scalar code: self-attention whose queries see all keys, or those up to their own."""
    own = [Element(x) for x in numbers(3 * width * width)]
    tables = [rows(own[i : i + width * width], width) for i in range(0, 3 * width * width, width * width)]
    data = rows(numbers(tokens * width, seed=2), width)
    queries, keys, values = ([[weighted(row, x, 0.0) for row in table] for x in data] for table in tables)
    loss = 0.0
    for i, query in enumerate(queries):
        seen = range(i + 1 if causal else tokens)
        shares = softmax([weighted(query, keys[j], 0.0) / math.sqrt(width) for j in seen])
        for c, x in enumerate(data[i]):
            loss = loss + (sum(p * values[j][c] for p, j in zip(shares, seen, strict=True)) - x) ** 2
    return loss, own


def causal_attention(report):
    steps = {name: compile_graph(*attention(name == "causal")) for name in ("causal", "full")}
    taken = in_turn(steps, ROUNDS, BLOCK, warm=5)
    report.share("causal attention, 16 tokens", taken["causal"], "full attention", taken["full"], 1.1)


def lengths(report):
    """The text of a loop does not grow; its time does as its steps do."""
    for steps in (20, 200, 2000):
        own = [Element(x) for x in (1.0, 0.0, 2.0)]
        f = compile_graph(pendulum(own, steps), own)
        (taken,) = in_turn({"step": f}, ROUNDS, max(1, 4000 // steps)).values()
        note = f"{f.source.count(chr(10))} lines of text"
        report.alone(f"pendulum, {steps} steps", taken, note=note)


def irregular(count=1107):
    """Every node of another kind or from other operands."""
    generator = random.Random(4)
    own = [Element(x) for x in numbers(6)]
    pool = list(own)
    while len(pool) < count:
        x, y = generator.choice(pool[-12:]), generator.choice(pool)
        pool.append(generator.choice([x * y, x + y, x - y, x.tanh(), x.sin(), x / (2 + y * y).sqrt()]))
    return sum(pool[-20:]), own


def compile_times(report):
    small = [Element(x) for x in (1.0, 0.0, 2.0)]
    works = {
        "compile a pendulum of 168 nodes": ((pendulum(small, 27), small), 0.010),
        "compile irregular nodes": (irregular(), 0.045),
    }

    for name, (graph, asked) in works.items():
        taken, f = compiled_anew(*graph)
        report.alone(name, taken, asked=asked, note=f"{f.report.nodes} nodes")


def compiled_anew(loss, own, rounds=5):
    """CPU seconds of a compilation, the median of some, and the function. Nobody waits for a clock there."""
    taken = []
    for _ in range(rounds):
        interface._programs.clear()
        start = time.process_time()
        f = compile_graph(loss, own)
        taken.append(time.process_time() - start)
    return statistics.median(taken), f


def compare(report):
    """All rows."""
    race(report, "RNN, 20 steps", 5, jax=3, eager=True)
    race(report, "LSTM, 10 steps", 5, jax=3, eager=True)
    race(report, "pendulum, 200 steps", 50, jax=5, eager=True)
    race(report, "300 divisions", 50, eager=True)
    race(report, "product of 1,000", 1)
    causal_attention(report)
    lengths(report)
    compile_times(report)


def main():
    torch.set_num_threads(1)
    report = Report(
        "How fast are compiled recurrences? float64, one thread; "
        f"medians of {ROUNDS} blocks of {BLOCK} steps that take turns",
        *("torch", "jax"),
    )
    compare(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
