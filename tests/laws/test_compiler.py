"""What is compiled is what Element computes: values and gradients, whole graphs and batches."""

import math
import random

import pytest
import torch

from element_graphs import (
    COMPARED,
    LOSSES,
    compare_graphs,
    near,
    random_graph,
    random_task,
    refusal,
    replayed,
)
from soloneuron.compiler import compile_graph
from soloneuron.element import Element, total
from soloneuron.errors import InputError
from tolerances import ENGINES

FEW, SOME, MANY = range(25), range(25, 175), range(175, 1825)


def moderate(result, leaves):
    """Whether a graph is far enough from poles to be compared at all."""
    try:
        result.backward()
    except (ArithmeticError, ValueError):
        return False
    numbers = [float(result.data), *(float(leaf.grad) for leaf in leaves)]
    return all(math.isfinite(x) and abs(x) < 1e6 for x in numbers)


def alike(numbers, others):
    """Whether two backends agree, to the roundings of a few dozen operations."""
    return all(abs(a - b) <= ENGINES * max(1, abs(a)) for a, b in zip(numbers, others, strict=True))


def check_whole(seed):
    dice = random.Random(seed)
    leaves = [Element(dice.uniform(-2, 2)) for _ in range(dice.randrange(2, 7))]
    result = random_graph(dice, leaves, dice.randrange(3, 60))
    own = leaves[: dice.randrange(1, len(leaves) + 1)]
    if not moderate(result, own):
        return "too large"
    by_backend = []
    for backend in ("torch", "scalar"):
        try:
            f = compile_graph(result, own, backend=backend)
        except InputError as fault:
            return refusal(fault, [p.grad for p in own])
        for _ in range(2):
            assert near(f(), result.data), (seed, backend)
            assert all(near(a, p.grad) for a, p in zip(f.gradient.tolist(), own, strict=True)), (
                seed,
                backend,
            )
        by_backend.append([f(), *f.gradient.tolist()])
    assert alike(*by_backend), seed
    return COMPARED


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
    except InputError as fault:
        return refusal(fault)
    rows = [[x.data + dice.uniform(-0.3, 0.3) for x in inputs] for _ in range(dice.randrange(1, 5))]
    weights = dice.choice([None, [dice.uniform(0, 2) for _ in rows]])
    value, gradient = 0.0, [0.0] * k
    for row, weight in zip(rows, weights or [1] * len(rows), strict=True):
        try:
            one, parts = replayed(result, own + inputs, [*(p.data for p in own), *row])
        except (ArithmeticError, ValueError):
            return "beyond a function's domain"
        if not moderate(one, parts):
            return "too large"
        share = weight / (len(rows) if f.reduction == "mean" else 1)
        value += share * one.data
        gradient = [g + share * p.grad for g, p in zip(gradient, parts[:k], strict=True)]
    assert f.weighs_lanes
    for _ in range(2):
        for h in (f, g):
            assert near(h(rows, weights), value), (seed, h)
            assert all(near(a, b) for a, b in zip(h.gradient.tolist(), gradient, strict=True)), (seed, h)
    assert alike(*([h(rows, weights), *h.gradient.tolist()] for h in (f, g))), seed
    return COMPARED


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
    compare_graphs(check_whole, FEW, left_out=0.05)


def test_random_graphs_replayed_on_a_batch_equal_the_loop_over_samples():
    compare_graphs(check_batch, FEW, left_out=0.3)


@pytest.mark.slow
def test_more_random_graphs_agree_whole_and_on_a_batch():
    compare_graphs(check_whole, SOME, left_out=0.05)
    compare_graphs(check_batch, SOME, left_out=0.3)


@pytest.mark.parametrize("name", LOSSES)
def test_networks_in_every_style_of_scalar_code_agree_whole_and_replayed(name):
    for seed in range(4):
        check_network(seed, name)


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(MANY.start, MANY.stop, 150))
def test_many_random_graphs_agree_with_element(start):
    compare_graphs(check_whole, range(start, start + 150), left_out=0.1)
    compare_graphs(check_batch, range(start, start + 150), left_out=0.4)


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
