"""A table of costs: everybody gets the same."""

import math

import pytest
import torch

from soloneuron import assignment_data, fit, minimize
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers import Adam, Optimizer
from soloneuron.optimizers.settings import count
from soloneuron.training.cost_table import RATES, tabulate_costs
from soloneuron.training.ranking import Curve, rank

GRID = (0.003, 0.03, 0.3)


@pytest.mark.parametrize("name", ["gradient_descent", "momentum", "nag"])
def test_the_grid_as_one_tensor_is_every_rate_alone(name):
    found = tabulate_costs("ravine", [name], rates=GRID, steps=250)
    for k, rate in enumerate(GRID):
        path = minimize("ravine", None, name, 250, learning_rate=rate)
        above = [
            cost for cost, value in zip(path.evaluations, path.values, strict=True) if value > found.target
        ]
        wanted = above[-1] + 1 if above[-1] < 250 and not path.overflow else math.inf
        assert found.entries[0].steps[0, k] == wanted


def test_one_who_passes_by_the_target_and_leaves_has_not_arrived():
    """On the plateau plain descent at the largest rate is low after 14 to 17 steps, and ends high."""
    found = tabulate_costs(
        "plateau", ["gradient_descent"], start=PLATEAU, rates=RATES[-1:], steps=100, share=0.01
    )
    path = minimize("plateau", PLATEAU, "gradient_descent", 100, learning_rate=RATES[-1])
    assert (path.values <= found.target).any(0).all()
    assert (path.values[-1] > found.target).all()
    assert found.entries[0].costs == (math.inf,) * len(PLATEAU)


PLATEAU = [[-4.0, 3.0], [-3.75, 3.25], [-4.25, 2.75]]


@pytest.mark.parametrize("budget", [3, 20, 60])
def test_a_line_search_gets_as_many_evaluations_as_the_others(budget):
    found = tabulate_costs("rosenbrock", ["lbfgs", "adam"], rates=GRID, steps=budget, share=0.1)
    assert found.steps == budget
    asked = [0]

    def value(theta):
        return SURFACES.load("rosenbrock")().value(theta)

    def slope(theta):
        asked[0] += 1
        return SURFACES.load("rosenbrock")().value_and_gradient(theta)[1]

    for entry in found.entries:
        assert all(steps <= budget or math.isinf(steps) for steps in entry.steps.flatten().tolist())
    tabulate_costs((value, slope), ["lbfgs"], start=[-1.2, 1.0], rates=GRID[:1], steps=budget)
    # The update that the budget cuts short had been begun; one direction asks 25 times at most.
    assert asked[0] <= 2 * budget + 26


def test_a_line_search_is_looked_at_after_every_direction_and_pays_for_no_point_twice():
    whole = minimize("rosenbrock", None, "lbfgs", 2)
    # Products of what is remembered are made anew at every update: they differ in their last bit.
    target = whole.values[1] * (1 + 1e-12)
    found = tabulate_costs("rosenbrock", ["lbfgs"], rates=(1.0,), steps=whole.evaluations[1], target=target)
    assert found.entries[0].costs == (whole.evaluations[1],)


@pytest.mark.parametrize("name", ["gradient_descent", "nag", "adagrad_norm", "adam", "lbfgs"])
def test_several_starts_at_once_are_each_start_alone_with_one_target(name):
    starts = [[-1.2, 1.0], [-1.1, 0.9], [0.5, 2.0]]
    together = tabulate_costs("rosenbrock", [name], start=starts, rates=GRID, steps=80, share=0.1)
    assert together.entries[0].steps.shape == (3, 3)
    for k, start in enumerate(starts):
        alone = tabulate_costs(
            "rosenbrock", [name], start=start, rates=GRID, steps=80, target=together.target
        )
        assert torch.equal(alone.entries[0].steps[0], together.entries[0].steps[k])
    assert together.target == tabulate_costs("rosenbrock", [name], rates=GRID, steps=1, share=0.1).target


@pytest.mark.parametrize("options", [{}, {"batch_size": 2}], ids=["full", "batches"])
def test_on_data_the_loss_is_that_over_all_rows_after_every_epoch(options):
    found = tabulate_costs(
        assignment_data(), ["adam"], rates=GRID, epochs=8, seeds=(5,), target=0.5, **options
    )
    seeded = {"shuffle": True, "seed": 5} if options else {}
    for k, rate in enumerate(GRID):
        history = fit(assignment_data(), optimizer="adam", learning_rate=rate, epochs=8, **options, **seeded)
        neuron = fit(assignment_data(), initial=history.theta[-1], epochs=1).loss[0]
        assert found.entries[0].gaps[0, k].item() + found.lowest == pytest.approx(float(neuron), abs=1e-9)


def test_batches_are_the_same_for_everybody_and_cost_counts_updates():
    found = tabulate_costs(
        assignment_data(), ["sgd", Twin()], rates=GRID, epochs=10, batch_size=2, seeds=(1, 2)
    )
    mine, twin = found.entries
    assert torch.equal(mine.steps, twin.steps)
    assert mine.steps.shape == (2, 3)
    assert found.steps == 30
    assert found.seeds == (1, 2)


class Twin(Optimizer):
    def direction(self, g, desk, now):  # noqa: ARG002
        return g


class Repeated(Optimizer):
    """A rule of somebody's own that takes several steps an update, in its own words."""

    needs = "objective"
    iterations = count(5, 1)

    def update(self, theta, objective, state):
        values = []
        for _ in range(self.iterations):
            value, g = objective(theta.clone())
            values.append(value)
            theta.sub_(g, alpha=self.learning_rate)
        state.t += 1
        return values[0]


def test_a_rule_of_ones_own_keeps_its_iterations_and_pays_for_each():
    found = tabulate_costs("bowl", [Repeated()], rates=(0.1,), steps=100, share=1e-3)
    # Every step leaves 0.81 of the value: 33 of them, which end in the seventh update.
    assert found.entries[0].costs == (35,)


def course(*columns):
    values = torch.tensor(columns, dtype=torch.float64).T
    return Curve(values, torch.arange(len(values))[:, None].expand_as(values))


def ranked(*courses, **options):
    settings = {"rates": (0.1, 0.2), "seeds": (), "lowest": 0.0, "target": 1.0, "share": 0.01, "budget": 9}
    return rank("t", [f"m{k}" for k in range(len(courses))], courses, **(settings | options))


SLOW = course([9, 8, 7, 6, 1], [9, 9, 9, 9, 9])
FAST = course([9, 0.5, math.nan, 0.2, math.inf], [9, 0.5, 0.7, 1.0, 0.2])


def test_each_method_is_told_at_its_own_best_rate():
    found = ranked([SLOW], [FAST])
    assert [(e.best_rate, e.best_steps, e.share) for e in found.entries] == [(0.1, 4, 0.5), (0.2, 1, 0.5)]
    assert found.entries[1].steps.tolist() == [[math.inf, 1]]


def test_no_rate_of_the_grid_lets_a_sign_method_hit_the_minimum_at_once():
    assert all(abs(rate - 1) > 0.1 for rate in RATES)
    assert (
        min(
            tabulate_costs("ravine", ["adam", "rprop", "lion"]).entries, key=lambda e: e.best_steps
        ).best_steps
        > 2
    )


WRONG = [
    ({"optimizers": []}, "one at least"),
    ({"optimizers": [Adam(learning_rate=0.1)]}, "leave its rate to the grid"),
    ({"optimizers": ["adam"], "rates": [0.1, 0]}, "rates must be finite numbers > 0"),
    ({"optimizers": ["adam"], "rates": []}, "rates must be finite numbers > 0"),
    ({"optimizers": ["adam"], "loss": "mse"}, "loss is a setting of training on a Dataset"),
    ({"optimizers": ["adam"], "share": 1.0}, "share must lie between 0 and 1"),
    ({"optimizers": ["adam"], "steps": 0}, "steps must be >= 1"),
    ({"optimizers": ["adam"], "start": [[[1.0, 2.0]]]}, "one point .k,. or several"),
    ({"optimizers": ["adam"], "start": torch.zeros(0, 2)}, "a vector of finite numbers"),
]


@pytest.mark.parametrize(("call", "words"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_compared_is_said(call, words):
    with pytest.raises(InputError, match=words):
        tabulate_costs("bowl", **call)


def test_a_line_search_is_not_compared_on_changing_batches():
    with pytest.raises(InputError, match="compare it without batch_size"):
        tabulate_costs(assignment_data(), ["lbfgs"], batch_size=2)
