"""One run is a sweep of one: whatever has run axes, a run among many is the run alone."""

from dataclasses import replace
from itertools import product

import pytest
import torch

from soloneuron import L1, L2, ElasticNet, Training, fit, prepare
from soloneuron.errors import InputError, ShapeError
from soloneuron.training import measures
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.run_axes import part_of_runs
from tolerances import ENGINES

STRENGTHS = (0.3, 0.0)
RATES = (0.1, 0.4)
SEEDS = (3, 4)


def column(numbers, *axes):
    return torch.tensor(numbers, dtype=torch.float64).view(-1, *[1] * len(axes), 1)


def rows(n=23, d=3, seed=0):
    dice = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    return X, (X.sum(1) + torch.randn(n, generator=dice, dtype=torch.float64) > 0).double()


def row_weights(runs, n=23):
    """Some rows count nothing, as those of a fold that is held out."""
    dice = torch.Generator().manual_seed(1)
    drawn = torch.rand(runs, n, generator=dice, dtype=torch.float64)
    return torch.where(drawn > 0.3, drawn, 0.0)


def many(penalty, **options):
    """Rates x strengths x (seeds and row weights), which share an axis."""
    return prepare(
        rows(),
        penalty=penalty(column(STRENGTHS, "seed")),
        learning_rate=column(RATES, "strength", "seed"),
        seed=SEEDS,
        shuffle=True,
        sample_weight=row_weights(2),
        epochs=2,
        batch_size=5,
        **options,
    )


PENALTIES = {
    "l1": L1,
    "l2": L2,
    "elastic_net": lambda strength: ElasticNet(strength, l1_ratio=0.3),
    "held bias": lambda strength: L2(strength, penalize_bias=True),
}


@pytest.mark.parametrize(
    ("penalty", "optimizer"),
    [
        ("l1", "gradient_descent"),
        ("elastic_net", "adam"),
        pytest.param("l2", "nag", marks=pytest.mark.slow),
        pytest.param("held bias", "gradient_descent", marks=pytest.mark.slow),
    ],
)
def test_a_run_of_many_strengths_and_row_weights_is_the_run_alone(penalty, optimizer):
    from soloneuron.result.run import Run

    penalty = PENALTIES[penalty]
    together = Run.of(many(penalty, optimizer=optimizer).run())
    grid = product(RATES, STRENGTHS, enumerate(SEEDS))
    for run, (rate, strength, (fold, seed)) in enumerate(grid):
        alone = fit(
            rows(),
            penalty=penalty(strength),
            learning_rate=rate,
            seed=seed,
            shuffle=True,
            sample_weight=row_weights(2)[fold],
            epochs=2,
            batch_size=5,
            optimizer=optimizer,
        )
        own = together[run]
        for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
            torch.testing.assert_close(getattr(own, name), getattr(alone, name), rtol=0, atol=ENGINES)
        assert own.seeds == alone.seeds
        assert own.recipe == alone.recipe


def test_some_runs_of_a_plan_do_what_they_do_among_the_others():
    training = many(L2, optimizer="adam")
    plan, start = training.plan, training.state
    whole, losses, _ = Stepwise(plan).advance(start, 2)
    for part in (slice(0, 3), slice(3, 4), slice(4, 8)):
        own = part_of_runs(plan, part)
        theta = start.theta.flatten(0, -2)[part]
        after, found, _ = Stepwise(own).advance(start._replace(theta=theta), 2)
        torch.testing.assert_close(after.theta, whole.theta.flatten(0, -2)[part], rtol=0, atol=ENGINES)
        torch.testing.assert_close(found, losses.flatten(1)[:, part], rtol=0, atol=ENGINES)


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_engines_take_run_axes_of_any_shape(optimizer, batch_size):
    training = prepare(
        rows(),
        optimizer=optimizer,
        penalty=L2(column(STRENGTHS, "fold")),
        learning_rate=column((0.1, 0.2, 0.4), "strength", "fold"),
        sample_weight=row_weights(2),
        batch_size=batch_size,
        shuffle=True,
        seed=0,
        epochs=2,
    )
    wanted, losses, _ = Stepwise(training.plan).advance(training.state, 2)
    training.run()
    assert training.state.theta.shape == (3, 2, 2, 4)
    torch.testing.assert_close(training.state.theta, wanted.theta, rtol=0, atol=ENGINES)
    torch.testing.assert_close(training.losses, losses, rtol=0, atol=ENGINES)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_losses_that_nobody_reads_change_no_bit_of_theta(optimizer):
    options = {"penalty": L2(column(STRENGTHS, "fold")), "sample_weight": row_weights(2), "batch_size": 5}
    training = prepare(rows(), optimizer=optimizer, epochs=3, **options)

    unread = Training(replace(training.plan, losses=False), training.state, epochs=3)
    assert torch.equal(training.run().state.theta, unread.run().state.theta)


@pytest.mark.parametrize("at_once", [1, 23 * 5, 10**6])
def test_however_many_logits_are_held_each_run_is_measured_with_its_own_numbers(at_once, monkeypatch):
    wanted = many(L2).run().history()
    monkeypatch.setattr(measures, "LOGITS_AT_ONCE", at_once)
    found = many(L2).run().history()
    for name in ("value", "gradient_norm", "accuracy"):
        torch.testing.assert_close(getattr(found, name), getattr(wanted, name), rtol=0, atol=ENGINES)


@pytest.mark.parametrize("batch_size", [None, 5])
def test_a_safe_rate_is_that_of_each_run(batch_size):
    options = {"learning_rate": "auto", "epochs": 0, "batch_size": batch_size}
    weights = row_weights(2)
    together = prepare(rows(), penalty=L2(column(STRENGTHS, "fold")), sample_weight=weights, **options)
    rates = together.plan.learning_rate
    assert rates.shape == (2, 2, 1)
    for (i, strength), j in product(enumerate(STRENGTHS), range(2)):
        alone = prepare(rows(), penalty=L2(strength), sample_weight=weights[j], **options)
        assert rates[i, j, 0].item() == pytest.approx(alone.plan.learning_rate, rel=1e-14)


def test_strengths_take_the_dtype_of_theta():
    run = fit(rows(), penalty=ElasticNet(column(STRENGTHS), l1_ratio=column((0.0, 0.5))), epochs=2,
              dtype=torch.float32)  # fmt: skip
    assert (run.theta.dtype, run.value.dtype) == (torch.float32, torch.float32)


REFUSED = [
    ({"penalty": lambda: L2(torch.tensor([[0.1], [-0.1]]))}, "strength must be finite and >= 0"),
    ({"penalty": lambda: L2(torch.tensor([[0.1], [torch.inf]]))}, "strength must be finite and >= 0"),
    ({"penalty": lambda: L1(torch.ones(2, 3))}, r"strength must be one number, or a tensor \(R, 1\)"),
    ({"penalty": lambda: ElasticNet(0.1, l1_ratio=torch.tensor([[2.0]]))}, r"l1_ratio must lie in \[0, 1\]"),
    ({"sample_weight": [[1.0] * 23, [0.0] * 23]}, "0 for every row, got only 0 in run 1"),
    ({"sample_weight": [[1.0] * 22 + [-1.0]] * 2}, "sample_weight must be >= 0, got -1 in row 22"),
    ({"sample_weight": torch.ones(2, 7)}, "sample_weight must hold 23 numbers a run"),
    ({"sample_weight": torch.ones(2, 23), "reduction": "sum"}, "reduction must be 'mean'"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_faulty_numbers_of_runs_are_one_sentence(options, said):
    with pytest.raises(InputError, match=said):
        fit(rows(), **{name: made() if callable(made) else made for name, made in options.items()})


def test_run_axes_that_do_not_agree_are_named():
    with pytest.raises(ShapeError, match=r"learning_rate \(3,\), sample_weight \(2,\)"):
        fit(rows(), learning_rate=column((0.1, 0.2, 0.3)), sample_weight=torch.ones(2, 23))
