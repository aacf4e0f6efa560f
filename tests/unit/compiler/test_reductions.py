"""Long chains of products, maxima and minima are single calls, with the gradient of the chain."""

import math
import random
from functools import reduce

import pytest

from soloneuron import Element, compile_graph
from soloneuron.element import maximum, minimum
from soloneuron.element.functions import dot


def agrees(loss, own):
    f = compile_graph(loss, own, backend="torch")
    loss.zero_grad()
    loss.backward()
    for _ in range(2):
        assert math.isclose(f(), loss.data, rel_tol=1e-12, abs_tol=1e-12)
        slopes = zip(f.gradient.tolist(), own, strict=True)
        assert all(math.isclose(a, p.grad, rel_tol=1e-11, abs_tol=1e-12) for a, p in slopes)
    return f


@pytest.mark.parametrize("zeros", [(), (3,), (0,), (11,), (2, 7), range(12)])
def test_a_product_is_one_call_and_its_gradient_is_right_with_zeros_among_the_factors(zeros):
    dice = random.Random(1)
    own = [Element(0.0 if i in zeros else dice.uniform(-2, 2)) for i in range(12)]
    f = agrees(reduce(lambda x, y: x * y, own), own)
    assert f.source.count(" prod(") == 1
    assert f.report.calls < 14


def test_a_long_product_goes_to_torch_by_itself():
    own = [Element(1 + 0.001 * math.sin(i)) for i in range(400)]
    product = own[0]
    for x in own[1:]:
        product = product * x
    f = compile_graph(product.log(), own)
    assert f.report.backend == "torch"
    product.log().backward()
    assert f.report.calls < 20
    f()
    assert all(math.isclose(a, p.grad, rel_tol=1e-10) for a, p in zip(f.gradient.tolist(), own, strict=True))


@pytest.mark.parametrize("choose", [maximum, minimum])
def test_pooling_is_one_call_for_all_windows(choose):
    dice = random.Random(2)
    own = [Element(dice.uniform(-1, 1)) for _ in range(24)]
    pooled = [reduce(choose, own[i : i + 4]) for i in range(0, 24, 4)]
    balanced = [choose(choose(*own[i : i + 2]), choose(*own[i + 2 : i + 4])) for i in range(0, 24, 4)]
    f = agrees(dot(pooled, pooled) + sum(b.tanh() for b in balanced), own)
    name = "amax" if choose is maximum else "amin"
    assert f.source.count(f" {name}(") == 1 or f.source.count(f" {name}(") == 2
    assert "maximum(" not in f.source


def test_a_part_of_a_chain_that_others_read_stays_a_node():
    own = [Element(0.5 + 0.1 * i) for i in range(20)]
    half = reduce(lambda x, y: x * y, own[:10])
    agrees(reduce(lambda x, y: x * y, own[10:], half) + half.tanh() + half * own[3], own)


def test_chains_that_vary_by_sample_are_reduced_too():
    own, x = [Element(0.9 + 0.01 * i) for i in range(9)], Element(0.5)
    product = reduce(lambda a, b: a * b, [p + x for p in own])
    f = compile_graph(product + reduce(maximum, [p * x for p in own]), own, [x], backend="torch")
    g = compile_graph(product + reduce(maximum, [p * x for p in own]), own, [x], backend="scalar")
    rows = [[0.3], [-0.95], [1.5]]
    assert math.isclose(f(rows), g(rows), rel_tol=1e-12)
    assert f.gradient.tolist() == pytest.approx(g.gradient.tolist(), rel=1e-11)
    assert " prod(" in f.source
    assert " amax(" in f.source


def test_a_chain_of_what_varies_by_sample_and_what_does_not_stays_a_chain():
    own, x = [Element(0.9 + 0.01 * i) for i in range(9)], Element(0.5)
    loss = minimum(minimum(own[0], own[1].exp()), (own[2] * x).cosh())
    loss = loss + reduce(lambda a, b: a * b, [*own, x]) + maximum(maximum(own[3] * x, own[4]), own[5])
    f, g = (compile_graph(loss, own, [x], backend=backend) for backend in ("torch", "scalar"))
    rows = [[0.3], [-0.95], [1.5]]
    assert math.isclose(f(rows), g(rows), rel_tol=1e-12)
    assert f.gradient.tolist() == pytest.approx(g.gradient.tolist(), rel=1e-11)
