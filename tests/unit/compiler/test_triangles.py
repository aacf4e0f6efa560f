"""Products that fill half of a grid are whole grids with a mask, and compute the same."""

import math
import random

import pytest
import torch

from soloneuron import Element, compile_graph
from soloneuron.element import dot, softmax


def own_softmax(z):
    exps = [x.exp() for x in z]
    whole = sum(exps)
    return [e / whole for e in exps]


def causal(i, _):
    return range(i + 1)


def whole(_, n):
    return range(n)


def later(i, n):
    return range(i, n)


def window(i, n):
    return range(max(0, i - 4), min(n, i + 5))


def attention(sees, *, n=7, d=3, heads=1, soft=softmax, seed=1):
    """Self-attention over n tokens in plain scalar code; its squared distance from the tokens."""
    dice = random.Random(seed)
    X = [[dice.uniform(-1, 1) for _ in range(d)] for _ in range(n)]
    own = [Element(dice.uniform(-1, 1)) for _ in range(3 * heads * d * d)]
    matrices = [[own[m + i * d : m + i * d + d] for i in range(d)] for m in range(0, len(own), d * d)]
    loss = 0.0
    for h in range(heads):
        q, k, v = (
            [[sum(w * x for w, x in zip(row, xs, strict=True)) for row in matrix] for xs in X]
            for matrix in matrices[3 * h : 3 * h + 3]
        )
        for i in range(n):
            keys = list(sees(i, n))
            scores = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) / math.sqrt(d) for j in keys]
            share = soft(scores)
            for c in range(d):
                mixed = sum(p * v[j][c] for p, j in zip(share, keys, strict=True))
                loss = loss + (mixed - X[i][c]) ** 2
            loss = loss - 0.1 * share[0].log()
    return loss / n, own


def agrees(f, loss, own):
    loss.zero_grad()
    loss.backward()
    for _ in range(2):
        assert math.isclose(f(), loss.data, rel_tol=1e-12)
        assert all(
            math.isclose(a, p.grad, rel_tol=1e-11, abs_tol=1e-12)
            for a, p in zip(f.gradient.tolist(), own, strict=True)
        )


@pytest.mark.parametrize("soft", [softmax, own_softmax])
@pytest.mark.parametrize(("sees", "heads"), [(causal, 1), (later, 1), (causal, 2), (window, 1), (whole, 1)])
def test_attention_that_does_not_see_everything_agrees_with_element(sees, heads, soft):
    loss, own = attention(sees, heads=heads, soft=soft)
    agrees(compile_graph(loss, own, backend="torch"), loss, own)


@pytest.mark.parametrize("soft", [softmax, own_softmax])
def test_causal_attention_takes_hardly_more_calls_than_full_attention_whatever_its_size(soft):
    calls = {}
    for n in (5, 9):
        for sees in (causal, whole):
            loss, own = attention(sees, n=n, soft=soft)
            calls[n, sees] = compile_graph(loss, own, backend="torch").report.calls
    assert calls[5, causal] == calls[9, causal]
    assert calls[9, causal] <= 1.15 * calls[9, whole]


def test_scores_far_apart_neither_overflow_nor_leak_through_the_mask():
    loss, own = attention(causal)
    f = compile_graph(loss, own, backend="torch")
    g = compile_graph(loss, own, backend="scalar")
    for h in (f, g):
        h.theta.mul_(5.0)
    assert math.isclose(f(), g(), rel_tol=1e-12)
    torch.testing.assert_close(f.gradient, g.gradient, rtol=1e-10, atol=1e-12)


def test_a_triangle_without_an_exponential_stays_a_triangle():
    own = [Element(0.1 * i + 0.2) for i in range(12)]
    rows = [own[i : i + 2] for i in range(0, 12, 2)]
    loss = sum(dot(rows[i], rows[j]).tanh() for i in range(6) for j in range(i + 1))
    agrees(compile_graph(loss, own, backend="torch"), loss, own)


def test_triangles_run_on_batches():
    dice = random.Random(2)
    n, d = 5, 2
    own = [Element(dice.uniform(-1, 1)) for _ in range(3 * d)]
    xs = [Element(dice.uniform(-1, 1)) for _ in range(n)]
    q, k, v = ([[w * x for w in own[m : m + d]] for x in xs] for m in range(0, 3 * d, d))
    loss = 0.0
    for i in range(n):
        share = softmax([dot(q[i], k[j]) for j in range(i + 1)])
        loss = loss + sum(p * v[j][0] for j, p in enumerate(share)).tanh()
    f, g = (compile_graph(loss, own, xs, backend=backend) for backend in ("torch", "scalar"))
    rows = [[dice.uniform(-2, 2) for _ in range(n)] for _ in range(3)]
    assert math.isclose(f(rows), g(rows), rel_tol=1e-12)
    torch.testing.assert_close(f.gradient, g.gradient, rtol=1e-11, atol=1e-12)
