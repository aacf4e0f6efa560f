"""A sweep is its runs, one by one: the same numbers, in one clear order, in as few tensors as they fit in."""

from itertools import product

import pytest
import torch

from soloneuron import L1, L2, ElasticNet, fit, sweep
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.training.grid_keywords import read_grid
from tolerances import ENGINES


def rows(n=20, d=2):
    dice = torch.Generator().manual_seed(0)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    return X, (X.sum(1) + torch.randn(n, generator=dice, dtype=torch.float64) > 0).double()


def alone(settings, **options):
    """The run of ``fit`` that some settings of a grid spell."""
    own = {**settings, **options}
    l1, l2 = own.pop("l1", None), own.pop("l2", None)
    if l1 is not None and l2 is not None:
        own["penalty"] = ElasticNet(l1 + l2, l1_ratio=l1 / (l1 + l2) if l1 + l2 else 0.0)
    elif l1 is not None or l2 is not None:
        own["penalty"] = L2(l2) if l1 is None else L1(l1)
    if "seeds" in own:
        own |= {"seed": own.pop("seeds"), "shuffle": True}
    return fit(rows(), record_every=options["epochs"], **own)


def assert_its_runs(found, **options):
    """Every line of a sweep is the run alone, and its numbers are those of its line."""
    for line in found:
        one, own = alone(line.settings, **options), found.run(line.run)
        for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
            torch.testing.assert_close(
                getattr(own, name), getattr(one, name), rtol=ENGINES, atol=ENGINES, equal_nan=True
            )
        assert own.recipe == one.recipe
        assert own.outcome.kind == one.outcome.kind == line.outcome
        assert line.value == own.value[-1].item()
        assert line.evaluations == one.history.evaluations[-1]


def cells(names, brief):
    """Every name, those that are not brief in the slow run only."""
    return [pytest.param(name, marks=() if name in brief else pytest.mark.slow) for name in names]


@pytest.mark.parametrize("optimizer", cells(sorted(OPTIMIZERS), {"adam", "lbfgs"}))
def test_a_run_is_its_line_in_a_sweep_of_any_rule(optimizer):
    options = {"optimizer": optimizer, "epochs": 2}
    found = sweep(rows(), learning_rate=[0.05, 0.2], l1=[0.0, 0.01], l2=[0.1], **options)
    assert_its_runs(found, **options)


def test_a_run_is_its_line_in_a_sweep_over_everything():
    # Whole numbers too: they stand in the recipe as those of the run alone do.
    options = {"epochs": 2, "batch_size": 7, "l2": 1}
    found = sweep(
        rows(),
        loss=["nll", "mse"],
        learning_rate=["auto", 0.3],
        optimizer=["gradient_descent", "adam"],
        seeds=[5, 2],
        **options,
    )
    assert len(found) == 16
    assert_its_runs(found, **{**options, "l2": 1.0})


@pytest.mark.parametrize("axis", [{"batch_size": [None, 7, 1]}, {"seeds": [4, 0, 9]}, {"l1": [0.1, 0.0]}])
def test_one_axis_is_its_runs(axis):
    assert_its_runs(sweep(rows(), **axis, epochs=2), epochs=2)


def test_hyperparameters_and_starts_are_axes_too():
    starts = [[0.0, 1.0, 2.0], [1.0, 0.0, 0.0]]
    shown = {"beta1": [0.5, 0.9], "epsilon": 1e-3}
    found = sweep(rows(), initial=starts, optimizer="adam", hyperparameters=shown, epochs=2)
    assert [line.settings for line in found] == [
        {"initial": tuple(start), "beta1": beta} for start, beta in product(starts, shown["beta1"])
    ]
    for line in found:
        recipe = found.run(line.run).recipe.optimizer.settings
        assert (recipe["beta1"], recipe["epsilon"]) == (line.settings["beta1"], 1e-3)
        assert found.run(line.run).theta[0].tolist() == list(line.settings["initial"])


def test_runs_stand_in_row_major_order_of_the_keywords_as_they_were_given():
    one = sweep(rows(), l2=[0.1, 0.2], learning_rate=[0.1, 0.2, 0.3], epochs=1)
    other = sweep(rows(), learning_rate=[0.1, 0.2, 0.3], l2=[0.1, 0.2], epochs=1)
    assert [tuple(line.settings.items()) for line in one][:2] == [
        (("l2", 0.1), ("learning_rate", 0.1)),
        (("l2", 0.1), ("learning_rate", 0.2)),
    ]
    assert one.record.value.view(2, 3).T.flatten().tolist() == other.record.value.tolist()


TOGETHER = [
    ({"learning_rate": [0.1, 0.2], "l2": [0, 1], "l1": [0, 1]}, [(2, 2, 2)]),
    ({"learning_rate": [0.1, "auto", 0.2], "l2": [0, 1]}, [(2, 2), (2,)]),
    ({"loss": ["nll", "mse"], "l2": [0, 1]}, [(2,), (2,)]),
    ({"seeds": [1, 2, 3]}, [(3,)]),
    ({"seeds": [1, 2], "batch_size": [None, 2]}, [(2,), (2,)]),
    ({"seeds": [1, 2], "l2": [0, 1, 2]}, [(3,), (3,)]),
    ({"optimizer": ["lbfgs", "adam"], "l2": [0, 1]}, [(), (), (2,)]),
    ({"hyperparameters": {"clip_norm": [1.0, 2.0], "weight_decay": [0.0, 0.1]}}, [(2,), (2,)]),
    ({"learning_rate": [0.1, lambda t: 1 / t]}, [(), ()]),
    ({}, [()]),
]


@pytest.mark.parametrize(("settings", "shapes"), TOGETHER, ids=[",".join(given) for given, _ in TOGETHER])
def test_what_can_share_a_tensor_does(settings, shapes):
    grid = read_grid(settings)
    groups = list(grid.groups())
    assert [tuple(group.numbers.shape) for group in groups] == shapes
    numbers = torch.cat([group.numbers.flatten() for group in groups])
    assert sorted(numbers.tolist()) == list(range(grid.runs))


def test_a_sweep_has_the_same_bits_for_any_number_of_threads():
    bits = []
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            rates = torch.logspace(-3, 0, 200).tolist()
            found = sweep(rows(), learning_rate=rates, l2=[0.0, 0.1], batch_size=10, epochs=1)
            bits.append(found.record.value.tolist())
    finally:
        torch.set_num_threads(before)
    assert bits[0] == bits[1]


def test_an_overflow_is_an_outcome_and_the_other_runs_go_on():
    found = sweep(rows(), loss="exponential", learning_rate=[0.1, 1e6], epochs=8)
    assert [line.outcome for line in found] == ["finished", "overflow"]
    assert found.best.run == 0
    assert [found.run(run).outcome.kind for run in range(2)] == ["finished", "overflow"]


def test_a_shuffled_sweep_without_seeds_has_one_order_for_all():
    found = sweep(rows(), loss=["nll", "mse"], batch_size=4, shuffle=True, epochs=1)
    assert found.run(0).seeds == found.run(1).seeds != ()
