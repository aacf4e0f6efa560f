"""A small character-level transformer written in scalars: attention, softmax, RMS norm."""

import itertools
import random

import pytest

from soloneuron.compiler import compile_graph
from soloneuron.element import Element, cross_entropy, dot, softmax

LETTERS = "abcde "


def transformer_step(text, width, heads, seed=1):
    """The mean loss of predicting each next letter, and the parameters."""
    dice, parameters = random.Random(seed), []

    def matrix(rows, columns):
        made = [[Element(dice.gauss(0, columns**-0.5)) for _ in range(columns)] for _ in range(rows)]
        parameters.extend(x for row in made for x in row)
        return made

    size, n = len(LETTERS), len(text) - 1
    letters, places = matrix(size, width), matrix(n, width)
    Q, K, V, W = (matrix(width, width) for _ in range(4))
    up, down, out = matrix(2 * width, width), matrix(width, 2 * width), matrix(size, width)

    def times(M, x):
        return [sum(w * a for w, a in zip(row, x, strict=True)) for row in M]

    def norm(x):
        scale = (sum(a * a for a in x) / len(x) + 1e-5) ** -0.5
        return [a * scale for a in x]

    keys, values, losses = [], [], []
    for t, (letter, following) in enumerate(itertools.pairwise(text)):
        x = [a + b for a, b in zip(letters[LETTERS.index(letter)], places[t], strict=True)]
        h = norm(x)
        q = times(Q, h)
        keys.append(times(K, h))
        values.append(times(V, h))
        mixed, d = [], width // heads
        for head in range(heads):
            part = slice(head * d, (head + 1) * d)
            p = softmax([dot(q[part], key[part]) * d**-0.5 for key in keys])
            mixed += [sum(pi * v[j] for pi, v in zip(p, values, strict=True)) for j in range(width)[part]]
        x = [a + b for a, b in zip(x, times(W, mixed), strict=True)]
        hidden = [z.relu() for z in times(up, norm(x))]
        x = [a + b for a, b in zip(x, times(down, hidden), strict=True)]
        losses.append(cross_entropy(times(out, norm(x)), LETTERS.index(following)))
    return sum(losses) / len(losses), parameters


def check(text, width, heads):
    loss, parameters = transformer_step(text, width, heads)
    f = compile_graph(loss, parameters)
    loss.backward()
    for _ in range(2):
        assert abs(f() - loss.data) < 1e-12
        assert max(abs(a - p.grad) for a, p in zip(f.gradient.tolist(), parameters, strict=True)) < 1e-12
    return f


def test_a_tiny_transformer_step_agrees_with_element():
    f = check("bad cab", 4, 2)
    start = f()
    for _ in range(20):
        f.theta.sub_(f.gradient, alpha=0.1)
        f()
    assert f() < start


@pytest.mark.stress
def test_a_larger_transformer_step_agrees_with_element():
    f = check("a cab bed a bad dab ", 16, 4)
    assert f.report.nodes > 50_000
    assert f.report.calls < 1500
