"""Compile time is linear in the nodes of a graph: held by counting visits, not by a clock."""

import math
import random
import sys

import pytest

from element_graphs import random_graph
from soloneuron.compiler import interface
from soloneuron.element import Element, dot, softmax


def pendulum(n, own):
    a, b = own[:2]
    for _ in range(n):
        b = b - 0.1 * a.sin()
        a = a + 0.01 * b
    return a


def horner(n, own):
    y = own[0]
    for i in range(n):
        y = y * 0.5 + own[i % len(own)]
    return y


def alternating(n, own):
    y = own[0] * own[1]
    for i in range(n):
        y = own[i % 3] * own[3] - y
    return y


def prepended(n, own):
    y = own[0] * own[1]
    for i in range(n):
        y = own[i % 3] * own[3] + y
    return y


def nested(n, own):
    y = own[0]
    for i in range(n):
        y = (y - own[i % 4]) / 1.5 - own[1]
    return y


def recurrent(n, own):
    h = own[:3]
    for _ in range(n // 3):
        h = [dot(own[i : i + 3], h).tanh() for i in range(3)]
    return sum(h)


def irregular(n, own):
    return random_graph(random.Random(1), own, n)


def banded(n, own):
    w = [Element(0.1 * i) for i in range(n)]
    own += w
    return sum((w[i] * w[i + 1] + w[i + 1] * w[i + 2]).tanh() for i in range(n - 2))


def attention(n, own):
    z = softmax([own[i % 6] * 0.1 * i for i in range(n)])
    return sum(p * own[i % 5] for i, p in enumerate(z))


def samples(n, own):
    """A network of 20 numbers on n samples, written a number at a time."""
    rows, last = [own[:3]] * 4, [Element(0.3 * i) for i in range(4)]
    own += last
    hidden = [
        [(row[0] * math.sin(k) + row[1] * math.cos(k * j) + row[2]).relu() for j, row in enumerate(rows)]
        for k in range(n)
    ]
    return sum((1 - dot(last, h)).relu() for h in hidden) / n


GRAPHS = [pendulum, horner, alternating, prepended, nested, recurrent, irregular, banded, attention, samples]


def visits(make, n, backend):
    """How many functions, ours and NumPy's, a compilation calls, and how many terms its graph has."""
    own = [Element(math.sin(i + 1), f"w{i}") for i in range(6)]
    loss = make(n, own)
    count = 0

    def seen(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    interface._programs.clear()
    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        f = interface.compile_graph(loss, own, backend=backend)
    finally:
        sys.setprofile(before)
    # Text grows as the work does.
    return count, len(f.source), f.report.nodes


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(("backend", "n"), [("torch", 24), ("scalar", 60)])
def test_twice_the_graph_is_at_most_twice_the_visits(make, backend, n):
    small, large = visits(make, n, backend), visits(make, 2 * n, backend)
    growth = large[2] / small[2]
    assert growth > 1.2
    assert large[0] < 1.15 * growth * small[0] + 300
    assert large[1] < 1.3 * growth * small[1] + 500


@pytest.mark.slow
@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(("backend", "n"), [("torch", 200), ("scalar", 1000)])
def test_large_graphs_too_are_visited_in_proportion(make, backend, n):
    small, large = visits(make, n, backend), visits(make, 2 * n, backend)
    assert large[0] < 1.1 * large[2] / small[2] * small[0] + 300


REGULAR = [(make, "torch", 100) for make in (prepended, banded, attention, samples)]
STRAIGHT = [(make, "scalar", 60) for make in (horner, alternating, prepended, nested)]


@pytest.mark.parametrize(("make", "backend", "n"), REGULAR + STRAIGHT)
def test_one_more_node_of_a_regular_graph_or_a_straight_line_costs_sixty_visits_at_most(make, backend, n):
    # A visit takes a fifth of a microsecond: sixty are the twelve that a node may cost.
    small, large = visits(make, n, backend), visits(make, 2 * n, backend)
    assert large[0] - small[0] < 60 * (large[2] - small[2])
