"""Random graphs of Elements, and one way to compute a recorded graph again at other numbers."""

import itertools
import math
import operator
import random
from collections import Counter

from soloneuron.compiler.graph.normalise import _after_their_largest
from soloneuron.element import Element, atan2, cross_entropy, dot, logsumexp, softmax, total, where
from soloneuron.element.functions import Largest
from soloneuron.element.node import topological_order
from soloneuron.element.operations import OPERATIONS

METHODS = [
    *("relu", "__abs__", "__neg__"),
    *(name for name, entry in OPERATIONS.items() if entry.value is not None and name != "step"),
]
INFIX = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
TOLERANCE = 1e-9
"""What the issue asks: other orders of sums, over a few dozen operations of moderate size."""


def near(a, b):
    return abs(a - b) <= TOLERANCE * max(1, abs(a), abs(b))


COMPARED = "compared"
"""What becomes of a random graph that is compared; of another the reason why it is not."""


def compare_graphs(check, cases, *, left_out):
    """Check many random graphs, of which at most this share may be left out, for whatever reason."""
    found = Counter(map(check, cases))
    assert found.total() - found[COMPARED] <= left_out * found.total(), found


def refusal(fault, slopes=()):
    """Why a graph was refused: by chance it may lack inputs, or parameters, which then have no slopes."""
    assert fault.code in {"compile.other_graph", "compile.inputs"}, fault
    assert not any(slopes), fault
    return fault.code


def random_graph(dice, leaves, size):
    """A result over all operations, in which most nodes are used more than once."""
    pool = list(leaves)
    while len(pool) < size + len(leaves):
        try:
            fresh = _operation(dice, pool)
        except (ArithmeticError, ValueError):
            continue
        pool += [x for x in fresh if math.isfinite(x.data) and abs(x.data) < 1000]
    roots = pool[-5:]
    return total([x * _number(dice) for x in roots]) if dice.random() < 0.5 else sum(roots)


def _number(dice):
    return dice.choice([dice.uniform(-2, 2), 0.5, 1, 2, -1])


def _operation(dice, pool):  # noqa: PLR0911
    def pick():
        return dice.choice(pool[-12:] if dice.random() < 0.7 else pool)

    x, y, number, kind = pick(), pick(), _number(dice), dice.randrange(18)
    if kind < 9:
        infix = INFIX["+-*"[kind % 3]]
        sides = dice.choice([(x, y), (x, y), (x, y), (x, number), (number, x)])
        return [infix(*sides)]
    if kind == 9:
        return [dice.choice([lambda: x / y, lambda: number / x, lambda: x / number])()]
    if kind == 10:
        powers = [lambda: x ** dice.choice([0, 1, 2, 3, -1, 0.5, 1.7]), lambda: dice.uniform(0.1, 2) ** x]
        return [dice.choice([*powers, lambda: abs(x) ** y])()]
    if kind == 11:
        return [x.leaky_relu(dice.choice([0.01, 0.2, 1.5]))]
    if kind < 14:
        return [getattr(x, dice.choice(METHODS))()]
    if kind == 14:
        return [getattr(x, dice.choice(["maximum", "minimum"]))(dice.choice([y, number]))]
    if kind == 17:
        choices = [lambda: x.clamp(-1, 1.5), lambda: atan2(x, y), lambda: atan2(y, number)]
        compared = dice.choice([lambda: x > y, lambda: x <= number, lambda: number < y])()
        return [dice.choice([*choices, lambda: where(compared, x * y, pick()), lambda: compared * x])()]
    several = [pick() for _ in range(dice.randrange(2, 6))]
    if kind == 15:
        others = dice.choice([[pick() for _ in several], [_number(dice) for _ in several]])
        return [dot(several, others), total(several)]
    return dice.choice(
        [
            lambda: [logsumexp(several)],
            lambda: [cross_entropy(several, dice.randrange(len(several)))],
            lambda: softmax(several),
        ]
    )()


def replayed(root, leaves, numbers):
    """The same graph computed by Element at other numbers: the new result and the new leaves."""
    computed, others = topological_order(root)
    made = {leaf: Element(number) for leaf, number in zip(leaves, numbers, strict=True)}
    for leaf in others:
        made.setdefault(leaf, Element(leaf.data))
    largest = {}
    for x in _after_their_largest(computed):
        shift = x._db
        if type(shift) is Largest:
            shift = largest.setdefault(id(shift), max(made[y].data for y in x._db.of))
        made[x] = _again(x, made, shift)
    return made[root], [made[leaf] for leaf in leaves]


def _again(x, made, setting):
    if x._op.startswith("where"):
        a, b, left, right = (made[y] for y in (*x._a, *x._b))
        return where(left > right if x._op == "where>" else left >= right, a, b)
    if x._op.startswith("clamp"):
        bounds = {"low": setting} if x._op == "clamp_min" else {"high": setting}
        return made[x._a].clamp(**bounds)
    if x._op == "total":
        return total([made[y] for y in x._a])
    if x._op == "dot":
        return dot([made[y] for y in x._a], [made[y] for y in x._b] if x._b else x._da)
    left = made[x._a] if x._a is not None else x._da
    right = made[x._b] if x._b is not None else setting
    if right is None:
        return getattr(left, {"-": "__neg__", "abs": "__abs__"}.get(x._op, x._op))()
    return INFIX[x._op](left, right) if x._op in INFIX else getattr(left, x._op)(right)


def random_network(dice):
    """A network in one of several styles of scalar code: its sizes, a function, its parameters."""
    sizes = [dice.randrange(1, 5) for _ in range(dice.randrange(2, 5))]
    bias, residual, style = dice.random() < 0.7, dice.random() < 0.3, dice.randrange(3)
    activation = dice.choice(["relu", "tanh", "sigmoid", "leaky_relu", "softplus"])
    layers = [
        [([_leaf(dice) for _ in range(i)], [_leaf(dice)] if bias else []) for _ in range(o)]
        for i, o in itertools.pairwise(sizes)
    ]
    parameters = [p for layer in layers for w, b in layer for p in w + b]
    if dice.random() < 0.5:
        parameters.sort(key=lambda p: any(p in b for layer in layers for _, b in layer))
    if dice.random() < 0.2:
        dice.shuffle(parameters)

    def answer(x):
        for k, layer in enumerate(layers):
            z = [_weighted(style, w, x, b) for w, b in layer]
            if k < len(layers) - 1:
                z = [getattr(one, activation)() for one in z]
            x = [a + b for a, b in zip(z, x, strict=True)] if residual and len(x) == len(z) else z
        return x

    return sizes, answer, parameters


def _leaf(dice):
    return Element(dice.uniform(-1, 1))


def _weighted(style, w, x, b):
    if style == 0:
        return sum((wi * xi for wi, xi in zip(w, x, strict=True)), *(b or [0]))
    if style == 1:
        return sum([dot(w, x), *b])
    z = b[0] if b else Element(0.0)
    for wi, xi in zip(w, x, strict=True):
        z = z - xi * wi
    return z


LOSSES = {
    "squares": lambda out, y: sum((z - y) ** 2 for z in out),
    "softplus": lambda out, y: out[0].softplus() - y * out[0],
    "hinge": lambda out, y: (1 - (2 * y - 1) * out[0]).relu(),
    "logarithms": lambda out, y: -(y * out[0].sigmoid().log() + (1 - y) * (1 - out[0].sigmoid()).log()),
    "classes": lambda out, y: cross_entropy([*out, y], 0),
}


def random_task(dice):
    """A network with samples: what a training graph is made of."""
    sizes, answer, parameters = random_network(dice)
    rows = [[dice.uniform(-1, 1) for _ in range(sizes[0])] for _ in range(dice.randrange(1, 9))]
    if dice.random() < 0.3:
        rows[-1] = rows[0]
    labels = [dice.choice([0.0, 1.0]) for _ in rows]
    penalty = dice.choice([0, 0.01])

    def loss(x, y, name):
        return LOSSES[name](answer(x), y)

    def held():
        return penalty * sum(p * p for p in parameters)

    return parameters, rows, labels, loss, held if penalty else lambda: 0


def seeds(first, last):
    return [random.Random(seed) for seed in range(first, last)]
