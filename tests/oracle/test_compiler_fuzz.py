"""Random graphs over all operations, thin and thick, both backends and precisions, against torch.autograd."""

import math
import random
from functools import partial

import pytest
import torch

from element_graphs import COMPARED, _operation, compare_graphs, random_graph, refusal
from soloneuron.compiler import compile_graph
from soloneuron.compiler.graph.normalise import _after_their_largest
from soloneuron.element import Element, total
from soloneuron.element.functions import Largest
from soloneuron.element.node import topological_order
from soloneuron.errors import InputError
from tolerances import ENGINES

FUNCTIONS = {
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "/": torch.div,
    "**": torch.pow,
    "atan2": torch.atan2,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "abs": torch.abs,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "leaky_relu": lambda x, leak: torch.where(x > 0, x, leak * x),
    "clamp_min": lambda x, low: torch.clamp(x, min=float(low)),
    "clamp_max": lambda x, high: torch.clamp(x, max=float(high)),
}


def in_torch(root, leaves, dtype):
    """A recorded graph on tensors: its value, and its gradient by autograd."""
    computed, others = topological_order(root)

    def number(x):
        return torch.tensor(float(x), dtype=dtype)

    own = [number(leaf.data).requires_grad_() for leaf in leaves]
    made = dict(zip(leaves, own, strict=True))
    for leaf in others:
        made.setdefault(leaf, number(leaf.data))
    for x in _after_their_largest(computed):
        if x._op.startswith("where"):
            a, b, left, right = (made[y] for y in (*x._a, *x._b))
            made[x] = torch.where(left > right if x._op == "where>" else left >= right, a, b)
        elif x._op == "total":
            made[x] = torch.stack([made[y] for y in x._a]).sum()
        elif x._op == "dot":
            right = [made[y] for y in x._b] if x._b else [number(y) for y in x._da]
            made[x] = torch.stack([made[y] for y in x._a]) @ torch.stack(right)
        else:
            sides = [made[x._a] if x._a is not None else number(x._da)]
            if x._b is not None:
                sides.append(made[x._b])
            elif type(x._db) is Largest:
                sides.append(torch.stack([made[y].detach() for y in x._db.of]).max())
            elif x._db is not None:
                sides.append(number(x._db))
            made[x] = torch.neg(*sides) if x._op == "-" and len(sides) == 1 else _function(x._op)(*sides)
    if not made[root].requires_grad:
        return made[root].item(), [0.0] * len(own)
    gradient = torch.autograd.grad(made[root], own, allow_unused=True)
    slopes = [0.0 if g is None else g.item() for g in gradient]
    return made[root].item(), slopes


def _function(op):
    return FUNCTIONS.get(op) or getattr(torch, op)


def leaves(dice, count):
    return [Element(dice.uniform(-1.5, 1.5)) for _ in range(count)]


def same_work(seed, pool, size):
    """Operations in an order that the seed alone decides."""
    dice, pool = random.Random(seed), list(pool)
    while size:
        try:
            pool += [x for x in _operation(dice, pool) if math.isfinite(x.data) and abs(x.data) < 100]
        except (ArithmeticError, ValueError):
            continue
        size -= 1
    return pool


def irregular(dice):
    own = leaves(dice, dice.randrange(2, 7))
    return random_graph(dice, own, dice.randrange(3, 60)), own


def recurrence(dice):
    """A random step, repeated, with numbers and perhaps a parameter of its own in every repetition."""
    own, steps, seed, size = leaves(dice, 3), dice.randrange(9, 18), dice.random(), dice.randrange(2, 7)
    own_step = leaves(dice, steps) if dice.random() < 0.4 else []
    states, losses = [own[0], own[1]][: dice.randrange(1, 3)], []
    each = dice.random() < 0.5
    for t in range(steps):
        pool = [*own, *own_step[t : t + 1], Element(math.sin(t + 1)), *states]
        states = [x.tanh() for x in same_work(seed, pool, size)[-len(states) :]]
        losses += [(states[0] - math.cos(t)) ** 2] if each else []
    return sum(losses) + total(states), own + own_step


def samples(dice):
    """A random function of parameters and numbers, for every sample."""
    own, seed, size, width = leaves(dice, 4), dice.random(), dice.randrange(2, 9), dice.randrange(1, 4)
    rows = [[dice.uniform(-1, 1) for _ in range(width)] for _ in range(dice.randrange(3, 12))]
    losses = []
    for row in rows:
        pool = [Element(x) for x in row] + own
        losses.append((same_work(seed, pool, size)[-1].tanh() - row[0]) ** 2)
    return sum(losses) / len(rows), own


def layers(dice):
    """Tables of parameters through random rows: matrix products, reductions and softmax."""
    width, rows = dice.randrange(2, 5), dice.randrange(2, 6)
    own = leaves(dice, width * width + rows)
    x = [[Element(dice.uniform(-1, 1)) for _ in range(width)] for _ in range(rows)]
    table = [own[i : i + width] for i in range(0, width * width, width)]
    h = [[sum(w * a for w, a in zip(row, one, strict=True)) for row in table] for one in x]
    seed, size = dice.random(), dice.randrange(1, 6)
    out = [same_work(seed, [*own[-1:], *one], size)[-1] for one in h]
    return total(out) * 0.5 + sum(out[i] * own[width * width + i] for i in range(rows)), own


THIN, THICK = [irregular, recurrence], [samples, layers]


def moderate(numbers):
    return all(math.isfinite(x) and abs(x) < 1e5 for x in numbers)


def apart(found, wanted):
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True))


def check(kinds, seed):
    """Compare a graph, if it is far enough from poles; otherwise say why it cannot be compared."""
    dice = random.Random(seed)
    loss, own = dice.choice(kinds)(dice)
    dice.shuffle(own)
    exact, slopes = in_torch(loss, own, torch.float64)
    single, single_slopes = in_torch(loss, own, torch.float32)
    if not moderate([exact, *slopes, single, *single_slopes]):
        return "too large"
    size = max(1.0, abs(exact), *map(abs, slopes))
    lost = apart([single, *single_slopes], [exact, *slopes])
    if lost > 1e-3 * size:
        # Near a kink or a pole the precision decides.
        return "a matter of precision"
    for dtype, bound in ((torch.float64, 1e-9 * size), (torch.float32, 30 * lost + 2e-5 * size)):
        by_backend = []
        for backend in ("torch", "scalar"):
            try:
                f = compile_graph(loss, own, backend=backend, dtype=dtype)
            except InputError as fault:
                return refusal(fault, slopes)
            for _ in range(2):
                found = [f(), *f.gradient.tolist()]
                assert apart(found, [exact, *slopes]) <= bound, (kinds, seed, backend, dtype, bound)
            by_backend.append(found)
        if dtype == torch.float64:
            assert apart(*by_backend) <= ENGINES * size, (kinds, seed)
    return COMPARED


@pytest.mark.parametrize("kinds", [THIN, THICK], ids=["thin", "thick"])
def test_a_few_random_graphs_have_the_gradients_of_autograd(kinds):
    compare_graphs(partial(check, kinds), range(12), left_out=0)


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [THIN, THICK], ids=["thin", "thick"])
def test_some_random_graphs_have_the_gradients_of_autograd(kinds):
    compare_graphs(partial(check, kinds), range(12, 150), left_out=0.06)


@pytest.mark.stress
@pytest.mark.parametrize("start", range(150, 1800, 150))
@pytest.mark.parametrize("kinds", [THIN, THICK], ids=["thin", "thick"])
def test_many_random_graphs_have_the_gradients_of_autograd(kinds, start):
    compare_graphs(partial(check, kinds), range(start, start + 150), left_out=0.12)
