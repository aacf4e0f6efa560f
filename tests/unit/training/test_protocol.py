"""``compare`` on real trainings: the budget is kept by all, and the costs are those of single runs."""

import math
from typing import ClassVar

import pytest
import torch

from soloneuron import assignment_data, compare, fit, minimize
from soloneuron.errors import InputError, InputWarning
from soloneuron.formulas.arrival import arrivals
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers import Adam, Lookahead, Optimizer
from soloneuron.optimizers.settings import count
from soloneuron.training.protocol.starts import jittered

FEW = {"seeds": 4, "rates": (0.01, 0.1)}


class Twice(Optimizer):
    """Asks for two gradients an update."""

    def direction(self, g, workspace, context):  # noqa: ARG002
        return g

    def update(self, theta, objective, state):
        value, gradient = objective(theta)
        objective(theta - 0.01 * gradient)
        self.step(theta, gradient, state)
        return value


class Repeated(Optimizer):
    """Takes several steps an update, in its own words, and notes how many."""

    needs = "objective"
    iterations = count(5, 1)
    taken: ClassVar = set()

    def update(self, theta, objective, state):
        self.taken.add(self.iterations)
        value, _ = objective(theta)
        for _ in range(self.iterations):
            theta.sub_(objective(theta)[1], alpha=self.learning_rate)
        state.t += 1
        return value


class Asked:
    """A bowl that counts how often it is asked for a gradient."""

    start, lowest, name = (3.0, 2.0), 0.0, "asked"

    def __init__(self):
        self.calls = 0

    def value(self, theta, batch=None):  # noqa: ARG002
        return theta.square().sum(-1) * theta.new_tensor(0.5)

    def value_and_gradient(self, theta, batch=None):  # noqa: ARG002
        self.calls += 1
        return self.value(theta), theta.clone()


@pytest.mark.parametrize("method", ["gradient_descent", "nag", "lbfgs", Twice()])
def test_nobody_asks_for_more_gradients_than_the_budget_pays_for(method):
    for budget in (1, 7, 30):
        task = Asked()
        found = compare(task, [method], budget=budget, seeds=2, rates=(0.001,), target=1e-9)
        runs = 2 if method == "lbfgs" else 1
        # One call answers all runs of a tensor: once for those that tune, once for those that judge.
        assert task.calls <= 2 * budget
        assert task.calls >= (2 * budget - runs if method != "lbfgs" else 1)
        assert found.budget == budget


def test_a_rule_of_ones_own_is_raced_with_its_own_iterations():
    Repeated.taken.clear()
    compare("bowl", [Repeated()], budget=20, seeds=2, rates=(0.1,), target=1e-2)
    assert Repeated.taken == {5}


@pytest.mark.parametrize("method", ["gradient_descent", "nag", "adam", "adagrad_norm"])
def test_costs_are_those_of_each_run_alone(method):
    found = compare("rosenbrock", [method], budget=150, share=0.1, **FEW)
    (entry,) = found.entries
    start = torch.tensor(SURFACES.load("rosenbrock")().start, dtype=torch.float64)
    for row, seed in enumerate((1, 3)):
        path = minimize("rosenbrock", jittered(start, seed, 0.1), method, 150, learning_rate=entry.best_rate)
        values = torch.full((151,), math.nan, dtype=torch.float64)
        values[: len(path.values)] = path.values
        wanted = arrivals(values, torch.tensor(found.record.targets))
        assert torch.equal(entry.costs[row], wanted)


@pytest.mark.parametrize("options", [{}, {"batch_size": 2, "share": 0.3}], ids=["full", "batches"])
def test_on_rows_a_cost_is_counted_in_gradients_until_the_loss_of_all_rows_is_low(options):
    data = assignment_data()
    found = compare(data, ["adam"], budget=60, **{"share": 0.2, **FEW, **options})
    (entry,) = found.entries
    updates = 3 if options else 1
    for row, seed in enumerate((1, 3)):
        order = {"shuffle": True, "seed": seed, "batch_size": 2} if options else {}
        start = torch.zeros(3, dtype=torch.float64)
        run = fit(
            data,
            initial=start if options else jittered(start, seed, 0.1),
            optimizer="adam",
            learning_rate=entry.best_rate,
            epochs=60 // updates,
            **order,
        )
        wanted = updates * arrivals(run.history.value, torch.tensor(found.record.targets))
        assert torch.equal(entry.costs[row], wanted)


def test_a_method_costs_the_same_in_any_company_and_order():
    alone = compare("ravine", ["momentum"], budget=200, **FEW)
    among = compare("ravine", ["lbfgs", "adam", "momentum"], budget=200, **FEW)
    assert torch.equal(alone.entries[0].costs, among.entries[2].costs)
    assert alone.target == among.target


def test_the_order_of_starts_says_nothing():
    starts = [[-1.2, 1.0], [-1.1, 0.9], [0.5, 2.0], [-0.9, 1.2]]
    one, other = (
        compare("rosenbrock", ["adam", "momentum"], start=points, budget=200, rates=(0.01, 0.1), share=0.1)
        for points in (starts, [*starts[::-1], starts[0]])
    )
    assert one.target == other.target
    for a, b in zip(one.entries, other.entries, strict=True):
        assert torch.equal(a.costs, b.costs)


@pytest.mark.slow
def test_on_rosenbrock_no_offset_of_the_grid_makes_another_winner():
    found = set()
    for k in range(16):
        rates = [10 ** (place / 4 + k / 64 - 4) for place in range(20)]
        found.add(compare("rosenbrock", ["gradient_descent", "momentum", "adam"], rates=rates).winner)
    assert len(found) == 1


def test_a_random_budget_is_the_same_for_all_and_tunes_what_a_method_has():
    found = compare(
        "ravine",
        ["gradient_descent", "momentum", "lbfgs"],
        budget=60,
        seeds=2,
        share=0.1,
        tune={"momentum": (0.5, 0.95), "dampening": [0.0, 0.1]},
        trials=6,
    )
    plain, heavy, searching = found.entries
    assert len(plain.rates) == len(heavy.rates) == 6
    assert set(heavy.settings) == {"learning_rate", "momentum", "dampening"}
    assert 0.5 <= heavy.settings["momentum"] <= 0.95
    assert set(plain.settings) == {"learning_rate"}
    assert [count for count, _ in plain.by_trials] == [1, 2, 4, 6]
    assert searching.best_rate is None


class Raises(Optimizer):
    def direction(self, g, workspace, context):  # noqa: ARG002
        if context.t > 3:
            raise RuntimeError("three are\nenough")
        return g


def test_a_method_that_raises_is_told_and_the_others_are_judged():
    found = compare("bowl", ["adam", Raises(), "momentum"], budget=60, seeds=12)
    assert found.entries[1].fault == "RuntimeError: three are enough"
    assert {name for pair in found.pairs for name in (pair.first, pair.second)} == {"adam", "momentum"}
    assert "RuntimeError: three are enough" in found.summary()
    alone = compare("bowl", [Raises()], budget=60, seeds=2)
    assert (alone.fields["kind"], alone.winner) == ("raised", None)


def test_values_that_are_no_numbers_are_a_run_that_does_not_arrive():
    def value(theta):
        return torch.where(theta[..., 0] < 0.5, math.nan, theta.square().sum(-1))

    found = compare(
        (value, lambda theta: 2 * theta), ["momentum"], start=[1.0], budget=40, seeds=2, target=0.1
    )
    assert found.entries[0].arrived == 0


def test_a_line_search_is_compared_in_batches_by_saying_that_it_cannot():
    found = compare(assignment_data(), ["lbfgs", "adam"], batch_size=2, budget=9, seeds=2)
    assert "lbfgs" in found.entries[0].fault.lower()
    assert found.entries[1].fault == ""


@pytest.mark.parametrize(("old", "budget"), [({"steps": 40}, 40), ({"epochs": 10}, 10)])
def test_old_names_of_the_budget_are_understood_with_a_warning(old, budget):
    with pytest.warns(InputWarning, match="has become budget"):
        found = compare(assignment_data(), ["adam"], seeds=2, rates=(0.1,), **old)
    assert found.budget == budget


WRONG = [
    ({"optimizers": []}, "one at least"),
    ({"optimizers": [Adam(learning_rate=0.1)]}, "leave its rate to the grid"),
    ({"optimizers": ["adam", "adam"]}, "given once"),
    ({"rates": [0.1, 0]}, "rates must be finite numbers > 0"),
    ({"rates": []}, "rates must be finite numbers > 0"),
    ({"loss": "mse"}, "loss is a setting of training on a Dataset"),
    ({"share": 1.0}, "share must lie between 0 and 1"),
    ({"budget": 0}, "budget must be >= 1"),
    ({"budget": 0.5}, "budget must be a whole number"),
    ({"seeds": 0}, "seeds must be >= 1"),
    ({"seeds": []}, "seeds must be one at least"),
    ({"start": [[[1.0, 2.0]]]}, "one point .k,. or several"),
    ({"start": torch.zeros(0, 2)}, "a vector of finite numbers"),
    ({"start": [0.0, 0.0]}, "start must lie above the target"),
    ({"target": 1e9}, "start must lie above the target"),
    ({"target": math.nan}, "target must be a finite number"),
    ({"jitter": 0}, "jitter must be finite and > 0"),
    ({"tune": {"momentun": (0, 1)}}, "unknown hyperparameter 'momentun'"),
    ({"tune": {"beta1": (1, 0)}}, "two numbers .low, high. or a list"),
    ({"tune": {"beta1": (0.5, 3.0)}}, "beta1 must lie in"),
    ({"tune": []}, "tune must name hyperparameters"),
    ({"steps": 3, "budget": 3}, "budget must be given once"),
    ({"optimizers": ["sgd", "gradient_descent"]}, "given once, got gradient_descent twice"),
    ({"optimizers": [Lookahead("adam"), Lookahead("adam")]}, "given once"),
    ({"optimizers": [Adam]}, "must be a name of the catalogue or an Optimizer"),
    ({"rates": 0.1}, "rates must be finite numbers > 0, got 0.1"),
    ({"rates": ["fast"]}, "rates must be finite numbers > 0"),
    ({"seeds": 2**64}, "seeds must be <= 10000"),
    ({"start": [1.0, 2.0, 3.0]}, "start must have 2 numbers for bowl"),
    ({"tune": {"learning_rate": (0.1, 1)}}, "learning_rate is tuned in any case"),
]


@pytest.mark.parametrize(("call", "words"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_compared_is_said(call, words):
    with pytest.raises(InputError, match=words):
        compare("bowl", **{"optimizers": ["adam"], **call})


def test_a_task_without_a_value_at_its_start_is_said():
    with pytest.raises(InputError, match="at the start must be a finite number, got nan"):
        compare((lambda theta: theta.sum(-1) * math.nan, lambda theta: theta), ["adam"], start=[1.0])


@pytest.mark.parametrize("name", ["optimizer", "learning_rate", "initial", "shuffle", "seed", "record_every"])
def test_what_the_protocol_decides_cannot_be_set_beside_it(name):
    with pytest.raises(InputError, match=f"{name} is decided by the protocol: leave it out"):
        compare(assignment_data(), ["adam"], batch_size=2, budget=6, seeds=2, **{name: 1})


def test_a_task_that_nobody_solves_keeps_what_was_measured():
    def value(theta):
        return theta.square().sum(-1)

    tasks = {
        "never": {"target": -1.0},
        "budget of one": {"budget": 1, "share": 1e-9},
        "no numbers": {},
    }
    for kind, options in tasks.items():
        function = (
            (lambda x: torch.where(value(x) < 4, math.nan, value(x))) if kind == "no numbers" else value
        )
        found = compare(
            (function, lambda theta: 2 * theta),
            ["momentum", "adam", "lbfgs"],
            start=[1.0, 2.0],
            **{"budget": 20, "seeds": 12, "rates": (0.01, 0.02), **options},
        )
        assert found.winner is None
        assert [entry.fault for entry in found.entries] == [""] * 3
        assert found.summary()
        for figure in ("profile", "targets", "rates", "tuning"):
            found.plot(figure)
