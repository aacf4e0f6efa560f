"""The idea on one screen is the idea: it gives the numbers of Element."""

import math
import random
from pathlib import Path

from soloneuron.element import Element, one_screen
from soloneuron.element.one_screen import SimpleElement

INFIX = [lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y]
METHODS = [
    lambda x: x.relu(),
    lambda x: x.tanh(),
    lambda x: x.exp(),
    lambda x: -x,
    lambda x: x**3,
    lambda x: x**-1,
]


def grown(dice, leaves):
    """The same random graph, of whichever numbers it is grown from."""
    pool = list(leaves)
    for _ in range(dice.randrange(1, 25)):
        x, y = dice.choice(pool), dice.choice([dice.choice(pool), dice.uniform(-2, 2)])
        operation = dice.choice(INFIX + METHODS)
        try:
            fresh = operation(x, y) if operation in INFIX else operation(x)
        except (ArithmeticError, ValueError):
            continue
        if abs(fresh.data) < 100:
            pool.append(fresh)
    return sum(pool[len(leaves) :], 0.0 * pool[0])


def test_it_equals_element_on_random_graphs():
    for seed in range(500):
        starts = [random.Random(-1 - seed).uniform(-2, 2) for _ in range(3)]
        results = []
        for kind in (SimpleElement, Element):
            leaves = [kind(x) for x in starts]
            end = grown(random.Random(seed), leaves)
            end.backward()
            results.append([end.data, *(leaf.grad for leaf in leaves)])
        assert all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(*results, strict=True)), (
            seed
        )


def test_it_fits_on_a_screen():
    assert len(Path(one_screen.__file__).read_text(encoding="utf-8").splitlines()) <= 90
