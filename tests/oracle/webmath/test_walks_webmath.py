"""Whole trainings in the page go where Python's go, update after update."""

import math
from dataclasses import replace
from itertools import product

import pytest
import torch

from rounding import nudged, reordered
from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.terms import TERMS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.playing.config import Config, RaceEntry, default_rate
from soloneuron.playing.race import expanded, make_data, runner_plan
from soloneuron.training.loop import updates_of
from soloneuron.training.measures import measure
from soloneuron.training.plan import Plan
from soloneuron.training.stepping import first_state

UPDATES = 300

WITHIN = 1e-9
"""Of the largest weight: 1e-16 an update, through 300 updates of rules that divide by small numbers."""

PARTED = 1e-11
"""So far apart are two walks of Python itself, sums in another order, that the next updates part them."""

ALONE = 20
"""So many updates at least are compared of every walk."""

SMALL = 1e-3
"""Weights below it count as so large."""

RULES = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]
COSTS = ((False, 0.0), (True, 0.01))
CASES = list(product(COSTS, (None, 8, 1), LOSSES, RULES))


def case_of(config, loss, rule, start):
    return {
        "rule": rule, "rate": default_rate(rule), "loss": loss, "batch": config.batch, "bias": config.bias,
        "l2": config.l2, "seed": config.seed, "start": start, "updates": UPDATES,
    }  # fmt: skip


def path(plan, start, updates=UPDATES):
    """Theta after each update, the start first; Python's."""
    state = first_state(plan, torch.tensor(start, dtype=torch.float64))
    found = [state.theta.clone()]
    for _, update in zip(range(updates), updates_of(plan, state), strict=False):
        found.append(update.state.theta.clone())
    return torch.stack(found)


def apart(one, other):
    """How far another path has been away at most after each update, as a share of the weights.

    Where the first has left all numbers nothing is compared.
    """
    share = (one - other).abs().amax(1) / one.abs().amax(1).clamp(min=SMALL)
    share = torch.where(share.isfinite(), share, torch.inf)
    return torch.where(one.isfinite().all(1), share, 0.0).cummax(0).values


def ways(plan, start, weights):
    """Python's own path with rows or columns added in another order, and from the next numbers."""
    yield path(reordered(plan), start)
    turned = list(range(weights))[::-1] + list(range(weights, len(start)))
    swapped = replace(plan, data=plan.data._replace(features=plan.data.features.flip(1)))
    yield path(swapped, [start[i] for i in turned])[:, turned]
    # A batch of one row has no other order.
    yield path(plan, nudged(start))


def assert_same_walk(page, name, start, costs, batch, loss, rule, terms=()):
    """The page's path is Python's to 1e-9, for as long as Python's is its own."""
    bias, l2 = costs
    config = Config(data=name, seed=3, start=start, batch=batch, bias=bias, l2=l2, terms=terms)
    data, weights = expanded(make_data(config), config), [*start, *[0.0] * len(terms)]
    begun = [*weights, *[0.0] * bias]
    plan = runner_plan(config, data, loss, RaceEntry(rule, default_rate(rule)))
    page.ask("rows", [data.features.flatten(), data.labels, len(weights)])
    mine = page.ask("path", case_of(config, loss, rule, weights)).view(UPDATES + 1, -1)
    python = path(plan, begun)
    away = apart(python, mine)
    if away[-1] > WITHIN:
        itself = torch.stack([apart(python, other) for other in ways(plan, begun, len(weights))]).amax(0)
        away = away[itself < PARTED]
        assert len(away) > ALONE, "Python parts from itself so early that next to nothing was compared"
    assert away[-1] <= WITHIN, f"parted at update {int((away > WITHIN).nonzero()[0])}"


@pytest.fixture(scope="module")
def data():
    return make_data(Config(seed=3))


def test_the_page_has_every_rule_that_takes_gradients(page):
    assert page.ask("rules") == RULES


@pytest.mark.parametrize("case", CASES[::61], ids=str)
def test_some_walks_of_the_page_are_python_s(page, case):
    assert_same_walk(page, "clouds", (-6.0, -6.0), *case)


@pytest.mark.parametrize("case", CASES[7::173], ids=str)
def test_some_walks_over_all_further_terms_are_python_s(page, case):
    assert_same_walk(page, "circles", (0.5, -1.0), *case, terms=tuple(TERMS))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["circles", "xor"])
def test_more_walks_over_all_further_terms_are_python_s(page, name):
    for case in CASES[3::29]:
        assert_same_walk(page, name, (-6.0, -6.0), *case, terms=tuple(TERMS))


@pytest.mark.slow
@pytest.mark.parametrize("batch", [None, 8, 1])
def test_every_fifth_walk_of_the_page_is_python_s(page, batch):
    for case in [case for case in CASES if case[1] == batch][::5]:
        assert_same_walk(page, "clouds", (-6.0, -6.0), *case)


# From round numbers a hinge's rows come to lie on its kink, to the last digit or not.
@pytest.mark.stress
@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("clouds", (-6.0, -6.0)),
        ("rare", (1.0, -2.0)),
        ("outliers", (3.0, -3.0)),
        ("assignment", (0.137, -0.211)),
    ],
)
@pytest.mark.parametrize("batch", [None, 8, 1])
def test_all_walks_of_the_page_are_python_s(page, name, start, batch):
    for case in [case for case in CASES if case[1] == batch]:
        assert_same_walk(page, name, start, *case)


@pytest.mark.parametrize(("batch", "bias"), [(None, True), (8, False)])
def test_losses_gradients_and_accuracies_on_the_way_are_python_s(page, data, batch, bias):
    config = Config(seed=3, batch=batch, bias=bias, l2=0.01)
    plan = runner_plan(config, data, "mse", RaceEntry("momentum", 0.05))
    page.ask("rows", [data.features.flatten(), data.labels, 2])
    case = {**case_of(config, "mse", "momentum", [-6.0, -6.0]), "updates": 60}
    found = page.ask("measured", case)
    python = path(plan, [-6.0, -6.0, *[0.0] * bias], 60)
    assert torch.allclose(found["path"], python[-1], rtol=1e-12)
    wanted = measure(plan.objective, python, plan.data)
    columns = torch.stack([wanted.value, wanted.gradient_norm, wanted.accuracy], 1)
    assert torch.allclose(found["measures"].view(-1, 3), columns, rtol=1e-12, atol=1e-15)
    assert found["seen"] == sum(plan.size(update) for update in range(60))


@pytest.mark.parametrize("rule", ["gradient_descent", "nag"])
@pytest.mark.parametrize("every", [1, 3])
def test_whoever_measures_a_walk_does_not_change_it(page, data, rule, every):
    page.ask("rows", [data.features.flatten(), data.labels, 2])
    case = {**case_of(Config(seed=3, bias=True), "nll", rule, [-1.0, 2.0]), "updates": 20}
    ended, plain = page.ask("glanced", [case, every]), page.ask("path", case).view(21, 3)[-1]
    assert torch.allclose(ended, plain, rtol=1e-14)


@pytest.mark.parametrize("rule", ["adam", "rprop", "nadam", "schedule_free_sgd"])
def test_a_walk_goes_on_from_a_kept_state_to_the_last_bit(page, data, rule):
    page.ask("rows", [data.features.flatten(), data.labels, 2])
    case = {**case_of(Config(seed=3, batch=32, bias=True), "nll", rule, [-1.0, 2.0]), "updates": 50}
    whole, resumed = page.ask("path", case).view(51, 3)[-1], page.ask("resumed", [case, 17])
    assert torch.equal(whole, resumed)


@pytest.mark.parametrize("loss", ["nll", "hinge"])
@pytest.mark.parametrize("rule", ["lbfgs", "newton"])
def test_a_search_takes_all_rows_and_goes_on_from_a_kept_state(page, data, rule, loss):
    page.ask("rows", [data.features.flatten(), data.labels, 2])
    case = {**case_of(Config(seed=3, batch=8, bias=True), loss, rule, [-1.0, 2.0]), "updates": 6}
    found, resumed = page.ask("measured", case), page.ask("resumed", [case, 3])
    plan = runner_plan(Config(bias=True), data, loss, RaceEntry(rule, case["rate"]))
    assert torch.allclose(found["path"], path(plan, [-1.0, 2.0, 0.0], 6)[-1], rtol=1e-9)
    assert torch.equal(found["path"], resumed)
    state = first_state(plan, torch.tensor([-1.0, 2.0, 0.0], dtype=torch.float64))
    *_, (_, last) = zip(range(6), updates_of(plan, state), strict=False)
    assert found["seen"] == last.state.rows


@pytest.mark.parametrize("rule", ["gradient_descent", "momentum", "adam"])
def test_a_surface_is_walked_down_as_in_python(page, rule):
    for name in SURFACES:
        surface, rate = SURFACES.load(name)(), 1e-3
        plan = Plan(surface, None, as_optimizer(rule, learning_rate=rate))
        found = page.ask("surface", [name, rule, rate, UPDATES])
        assert apart(path(plan, list(surface.start)), found["path"].view(-1, 2))[-1] <= WITHIN, name
        assert math.isnan(found["accuracy"])


def test_rows_of_any_width_are_trained_on(page):
    generator = torch.Generator().manual_seed(5)
    X = torch.randn(90, 6, generator=generator, dtype=torch.float64)
    y = (X.sum(1) + torch.randn(90, generator=generator, dtype=torch.float64) > 0).double()
    wide = replace(make_data(Config()), features=X, labels=y, feature_names=tuple("abcdef"))
    start = [0.5, -1.0, 0.25, 0.0, 1.0, -0.5]
    page.ask("rows", [X.flatten(), y, 6])
    for bias, batch in ((False, None), (True, 8)):
        config = Config(seed=3, batch=batch, bias=bias, l2=0.01)
        plan = runner_plan(config, wide, "focal", RaceEntry("adam", 0.2))
        found = page.ask("path", case_of(config, "focal", "adam", start)).view(UPDATES + 1, -1)
        python = path(plan, [*start, *[0.0] * bias])
        assert apart(python, found)[-1] <= WITHIN
