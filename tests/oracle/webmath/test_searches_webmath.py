"""L-BFGS and Newton's method of the page go where the library's go, at the same price."""

import pytest
import torch

from optimizer_variants import once
from rounding import relative, reordered
from soloneuron.data.catalogue import make_dataset
from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.penalties import L2
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.training.prepare import prepare
from soloneuron.training.stepping import first_state, next_state

NAMES = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs == "objective"]

ONE_SEARCH = 1e-11
"""From the same state: a search divides differences of values that are nearly alike."""

AS_ROWS = 100
"""And so many times what another order of the rows changes, where rounding decides what a search tries."""

ORDERS = 5
"""So many others are tried: one alone may change nothing by chance."""

WON = 1e-8
"""Of the value: a search goes by differences, and those of an update that has won less are rounding."""

UPDATES = 12

SURE = 1e-8
"""With no more room than this an update is known, and its price as well."""

MOST_ARE_SURE = 8
"""So many of the updates at least: where the library itself takes other ways, nothing is compared."""

TASKS = [("clouds", False, 0.0), ("outliers", True, 0.01)]
MORE = [("xor", False, 0.0), ("xor", True, 0.01), ("outliers", True, 0.0), ("outliers", False, 0.0)]
SMOOTH = ("bowl", "ravine", "rotated_ravine", "rosenbrock", "beale", "himmelblau")


def flat(state):
    return {"theta": state.theta, "slots": {k: x.double().reshape(-1) for k, x in state.memory.slots.items()}}


def blurred(plan, before, after):
    """How far an update has gone that has won nothing to speak of, as a share of the weights."""
    first, last = (float(plan.objective.value(state.theta, plan.data)) for state in (before, after))
    return 0.0 if abs(first - last) > WON * abs(first) else relative(before.theta, after.theta)


def steps(name, loss, data, *, bias, l2):
    """States, their next ones, and how far these are known: by another order of rows, and by rounding."""
    rule, penalty = as_optimizer(name, **once(name)), L2(l2) if l2 else None
    plan = prepare(data, loss=loss, optimizer=rule, bias=bias, penalty=penalty).plan
    others = [reordered(plan, draw) for draw in range(1, ORDERS + 1)]
    state = first_state(plan, torch.tensor([1.0, -2.0] + [0.0] * bias, dtype=torch.float64))
    for _ in range(UPDATES):
        after = next_state(plan, state).copy()
        moved = max(relative(next_state(other, state).theta, after.theta) for other in others)
        yield state, after, max(ONE_SEARCH, AS_ROWS * moved, blurred(plan, state, after))
        state = after


@pytest.mark.parametrize(
    ("rows", "bias", "l2"), [*TASKS, *(pytest.param(*task, marks=pytest.mark.slow) for task in MORE)]
)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", NAMES)
def test_one_update_from_the_same_state_is_that_of_the_rule(page, name, loss, rows, bias, l2):
    data = make_dataset(rows, seed=3)
    taken = list(steps(name, loss, data, bias=bias, l2=l2))
    task = {"name": name, "rate": 1.0, "loss": loss, "bias": bias, "l2": l2}
    found = page.ask(
        "updates", {**task, "x": data.features, "y": data.labels, "states": [flat(s) for s, _, _ in taken]}
    )
    for one, (state, after, room) in zip(found, taken, strict=True):
        assert relative(one["theta"], after.theta) <= room
        if "step" in after.memory.slots:
            moved = one["slots"]["step"] - after.memory.slots["step"]
            assert float(moved.abs().max()) <= room * float(after.theta.abs().max())
        assert one["slots"].keys() == after.memory.slots.keys()
        if room <= SURE:
            assert one["calls"] * len(data.labels) == after.rows - state.rows
    assert sum(room <= SURE for _, _, room in taken) >= MOST_ARE_SURE


@pytest.mark.parametrize("loss", ["nll", "hinge"])
@pytest.mark.parametrize("name", NAMES)
def test_a_whole_run_is_that_of_the_rule_and_costs_as_many_rows(page, name, loss):
    data = make_dataset("outliers", seed=3)
    *_, (_, last, _) = taken = list(steps(name, loss, data, bias=True, l2=0.01))
    task = {
        "name": name,
        "rate": 1.0,
        "loss": loss,
        "bias": True,
        "l2": 0.01,
        "x": data.features,
        "y": data.labels,
    }
    found = page.ask("run", {**task, "start": taken[0][0].theta, "steps": UPDATES})
    path = torch.stack([after.theta for _, after, _ in taken])
    assert relative(found["path"].view(path.shape), path) <= 1e-9
    assert found["rows"] == last.rows


@pytest.mark.parametrize("surface", SMOOTH)
def test_lbfgs_takes_the_same_way_down_a_surface(page, surface):
    formula, rule = SURFACES.load(surface)(), as_optimizer("lbfgs", iterations=1)
    theta = torch.tensor(formula.start, dtype=torch.float64)
    state, path = rule.start(theta), []
    for _ in range(UPDATES):
        rule.update(theta, lambda x: (formula.value(x), formula.gradient(x)), state)
        path.append(theta.clone())
    found = page.ask("surface", ["lbfgs", surface, UPDATES]).view(UPDATES, 2)
    assert relative(found, torch.stack(path)) <= 1e-9
