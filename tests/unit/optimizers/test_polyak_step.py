"""Polyak's step size: it takes the value, brings every step nearer, and asks no more than that."""

import math
from itertools import pairwise

import pytest
import torch

import optimizer_formulas as formulas
from optimizer_checks import RTOL, SLOPE, START, falling, slope
from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers import PolyakStep
from soloneuron.optimizers.schedules import Cosine


def sizes(x):
    """A sum of sizes, with a kink in every coordinate; the least value is 1."""
    return x.abs().sum(-1) + 1, x.sign()


def hills(x, t=1):
    """Something smooth whose gradient is ``slope``."""
    wave = SLOPE * (x**2 / 2 - torch.cos(3 * x) / 3) + 0.1 * math.sin(t) * x
    return wave.sum(-1) + 4, slope(x, t)


@pytest.mark.parametrize(
    ("ours", "letters"),
    [
        ({}, {}),
        ({"lowest": 1.5, "learning_rate": 0.5}, {"lowest": 1.5, "rate": 0.5}),
        ({"largest": 0.05}, {"largest": 0.05}),
        ({"learning_rate": falling}, {"rate": falling}),
    ],
)
def test_it_equals_its_formula(ours, letters):
    rule, theta = PolyakStep(**ours), START.clone()
    state = rule.start(theta)
    for t in range(1, 13):
        rule.update(theta, lambda x, t=t: hills(x, t), state)

    def plain(x, t):
        value, g = hills(torch.tensor(x, dtype=torch.float64), t)
        return value.item(), g.tolist()

    expected = formulas.polyak_step(START.tolist(), plain, 12, **letters)
    torch.testing.assert_close(theta, torch.tensor(expected, dtype=torch.float64), rtol=RTOL, atol=RTOL)


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.9])
def test_no_step_of_a_rate_below_two_leads_away_from_the_minimum(rate):
    rule, theta = PolyakStep(learning_rate=rate, lowest=1.0), START.clone()
    state, distances = rule.start(theta), [START.norm().item()]
    for _ in range(400):
        rule.update(theta, sizes, state)
        distances.append(theta.norm().item())
    assert all(b <= a * (1 + 1e-12) for a, b in pairwise(distances))
    assert distances[-1] < 1e-3


def test_a_lowest_value_too_high_is_where_it_stops():
    rule, theta = PolyakStep(lowest=3.0), START.clone()
    state = rule.start(theta)
    for _ in range(200):
        value = rule.update(theta, sizes, state)
    assert value.item() == pytest.approx(3.0, abs=1e-6)


def test_runs_go_their_own_ways():
    starts = torch.stack([START, 3 * START, torch.zeros_like(START)])
    rule, together = PolyakStep(), starts.clone()
    state = rule.start(together)
    for _ in range(5):
        rule.update(together, hills, state)
    for row, start in zip(together, starts, strict=True):
        alone = start.clone()
        own = rule.start(alone)
        for _ in range(5):
            rule.update(alone, hills, own)
        torch.testing.assert_close(row, alone, rtol=RTOL, atol=RTOL)


def test_a_gradient_of_zero_moves_nothing():
    rule, theta = PolyakStep(learning_rate=Cosine(1.0, steps=9)), START.clone()
    rule.update(theta, lambda x: (x.sum() * 0 + 5, torch.zeros_like(x)), rule.start(theta))
    assert theta.equal(START)


def broken(t):
    if t == 2:
        raise RuntimeError("no rate")
    return 0.5


@pytest.mark.parametrize("starts", [(7,), (2, 7)])
@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda x: (x.abs(), x.sign()), ShapeError, "must give one value a run"),
        (lambda x: (x.new_zeros(0), x.sign()), ShapeError, r"got \(0,\)"),
        (hills, RuntimeError, "no rate"),
    ],
)
def test_a_refusal_leaves_theta_and_state_bit_for_bit(starts, wrong, error, words):
    rule, theta = PolyakStep(learning_rate=broken), START.expand(starts).clone()
    state = rule.start(theta)
    rule.update(theta, hills, state)
    before, kept = theta.clone(), state.copy()
    with pytest.raises(error, match=words):
        rule.update(theta, wrong, state)
    assert theta.equal(before)
    assert state.t == kept.t == 1
    assert all(slot.equal(kept.slots[name]) for name, slot in state.slots.items())


def test_what_is_refused_changes_nothing():
    rule, theta = PolyakStep(), START.clone()
    state = rule.start(theta)
    with pytest.raises(InputError, match="call update"):
        rule.step(theta, theta, state)
    with pytest.raises(InputError, match="gradient must be"):
        rule.update(theta, lambda x: (x.sum(), x[:2]), state)
    assert theta.equal(START)
    assert state.t == 0
    assert state.slots["f"].item() == 0
    for wrong in ({"weight_decay": 0.1}, {"clip_norm": 1.0}, {"maximize": True}):
        with pytest.raises(InputError, match="whole objective"):
            PolyakStep(**wrong)
    for lowest in (math.nan, math.inf, "low"):
        with pytest.raises(InputError, match="lowest must be finite"):
            PolyakStep(lowest=lowest)
