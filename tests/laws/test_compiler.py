"""What is compiled is what Element computes: values and gradients, whole graphs and batches."""

import math
import random

import pytest
import torch

from element_graphs import LOSSES, near, random_graph, random_task, replayed
from soloneuron.compiler import compile_graph
from soloneuron.element import Element, total
from soloneuron.errors import InputError

FEW, SOME, MANY = range(25), range(25, 175), range(175, 1825)


def moderate(result, leaves):
    """Whether a graph is far enough from poles to be compared at all."""
    try:
        result.backward()
    except (ArithmeticError, ValueError):
        return False
    numbers = [float(result.data), *(float(leaf.grad) for leaf in leaves)]
    return all(math.isfinite(x) and abs(x) < 1e6 for x in numbers)


def check_whole(seed):
    dice = random.Random(seed)
    leaves = [Element(dice.uniform(-2, 2)) for _ in range(dice.randrange(2, 7))]
    result = random_graph(dice, leaves, dice.randrange(3, 60))
    own = leaves[: dice.randrange(1, len(leaves) + 1)]
    if not moderate(result, own):
        return False
    for backend in ("torch", "scalar"):
        try:
            f = compile_graph(result, own, backend=backend)
        except InputError:
            return False
        for _ in range(2):
            assert near(f(), result.data), (seed, backend)
            assert all(near(a, p.grad) for a, p in zip(f.gradient.tolist(), own, strict=True)), (
                seed,
                backend,
            )
    return True


def check_batch(seed):
    dice = random.Random(seed)
    leaves = [Element(dice.uniform(-2, 2)) for _ in range(dice.randrange(3, 7))]
    result = random_graph(dice, leaves, dice.randrange(3, 50))
    k = dice.randrange(1, len(leaves))
    own, inputs = leaves[:k], leaves[k : dice.randrange(k + 1, len(leaves) + 1)]
    try:
        reduction = dice.choice(["mean", "sum"])
        f = compile_graph(result, own, inputs, reduction=reduction)
        g = compile_graph(result, own, inputs, reduction=reduction, backend="scalar")
    except InputError:
        return False
    rows = [[x.data + dice.uniform(-0.3, 0.3) for x in inputs] for _ in range(dice.randrange(1, 5))]
    weights = dice.choice([None, [dice.uniform(0, 2) for _ in rows]])
    value, gradient = 0.0, [0.0] * k
    for row, weight in zip(rows, weights or [1] * len(rows), strict=True):
        try:
            one, parts = replayed(result, own + inputs, [*(p.data for p in own), *row])
        except (ArithmeticError, ValueError):
            return False
        if not moderate(one, parts):
            return False
        share = weight / (len(rows) if f.reduction == "mean" else 1)
        value += share * one.data
        gradient = [g + share * p.grad for g, p in zip(gradient, parts[:k], strict=True)]
    if weights and not f.weighs_lanes:
        return False
    for _ in range(2):
        for h in (f, g):
            assert near(h(rows, weights), value), (seed, h)
            assert all(near(a, b) for a, b in zip(h.gradient.tolist(), gradient, strict=True)), (seed, h)
    return True


def check_network(seed, name):
    dice = random.Random(seed)
    parameters, rows, labels, loss, held = random_task(dice)
    number = dice.choice([float, Element])
    losses = [loss([number(x) for x in row], number(y), name) for row, y in zip(rows, labels, strict=True)]
    result = dice.choice([sum, total])(losses) * (1 / len(losses)) + held()
    result.backward()
    whole = compile_graph(result, parameters)
    x, y = [Element(v) for v in rows[0]], Element(labels[0])
    lanes = compile_graph(loss(x, y, name) + held(), parameters, [*x, y])
    batch = [[*row, label] for row, label in zip(rows, labels, strict=True)]
    for f, arguments in ((whole, ()), (lanes, (batch,))):
        for _ in range(2):
            assert near(f(*arguments), result.data), (seed, name)
            slopes = zip(f.gradient.tolist(), parameters, strict=True)
            assert all(near(a, p.grad) for a, p in slopes), (seed, name)


def test_random_graphs_agree_with_element():
    assert sum(map(check_whole, FEW)) > 0.7 * len(FEW)


def test_random_graphs_replayed_on_a_batch_equal_the_loop_over_samples():
    assert sum(map(check_batch, FEW)) > 0.5 * len(FEW)


@pytest.mark.slow
def test_more_random_graphs_agree_whole_and_on_a_batch():
    assert sum(map(check_whole, SOME)) > 0.8 * len(SOME)
    assert sum(map(check_batch, SOME)) > 0.5 * len(SOME)


@pytest.mark.parametrize("name", LOSSES)
def test_networks_in_every_style_of_scalar_code_agree_whole_and_replayed(name):
    for seed in range(4):
        check_network(seed, name)


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(MANY.start, MANY.stop, 150))
def test_many_random_graphs_agree_with_element(start):
    assert sum(map(check_whole, range(start, start + 150))) > 100
    assert sum(map(check_batch, range(start, start + 150))) > 75


@pytest.mark.fuzz
@pytest.mark.parametrize("name", LOSSES)
def test_many_networks_agree_whole_and_replayed(name):
    for seed in range(4, 150):
        check_network(seed, name)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_precision_and_threads_do_not_change_the_answer(dtype, threads):
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        parameters, rows, labels, loss, held = random_task(random.Random(3))
        x, y = [Element(v) for v in rows[0]], Element(labels[0])
        f = compile_graph(loss(x, y, "softplus") + held(), parameters, [*x, y], dtype=dtype)
        batch = [[*row, label] for row, label in zip(rows, labels, strict=True)]
        value = f(batch)
        assert f.gradient.dtype == dtype
    finally:
        torch.set_num_threads(before)
    results = [loss(row, label, "softplus") for row, label in zip(rows, labels, strict=True)]
    wanted = total(results) / len(results) + held()
    assert abs(value - wanted.data) < (1e-6 if dtype == torch.float32 else 1e-12)
