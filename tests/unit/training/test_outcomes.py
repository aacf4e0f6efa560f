"""Planted endings: of every kind of run the judge names the kind and its cause."""

import pytest
import torch

from soloneuron import assignment_data, fit, prepare, train_neuron
from soloneuron.data.catalogue import make_dataset
from soloneuron.errors import TrainingWarning
from soloneuron.records.history import FAILED, Outcome
from soloneuron.texts import table
from soloneuron.training.limits import rate_limits
from soloneuron.training.reasons import cure, reason
from soloneuron.training.trends import trend_of


def clouds(apart=0.6, *, rows=60, ones=0.5, scale=(1.0, 1.0), offset=0.0):
    """Two clouds that overlap, or at a distance of 5 do not."""
    y = (torch.arange(rows) < rows * ones).double()
    noise = torch.randn(rows, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return (noise + apart * (2 * y[:, None] - 1)) * torch.tensor(scale, dtype=torch.float64) + offset, y


def noise_beside(rows, scale):
    """Rows whose second column is noise of another scale."""
    noise = torch.randn(len(rows[1]), generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    return torch.stack([rows[0][:, 0], noise * scale], 1), rows[1]


def limit(rows, **options):
    plan = prepare(rows, **options).plan
    return rate_limits(plan, torch.zeros(plan.columns, dtype=torch.float64)).guaranteed


DATA = assignment_data()
MIXED = ([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])
RAW = clouds(scale=(1e3, 1e-2))
FAR = {"initial": [0.0, 0.0, -25.0]}
DICE = {"shuffle": True, "seed": 1}

ENDINGS = {
    # name: (rows, how it is trained, the kind, the cause)
    "mse on a plateau": (DATA, {"loss": "mse", "rate": 1, "epochs": 100, **FAR}, "plateau", "saturated"),
    "mae on one": (clouds(), {"loss": "mae", "rate": 1, "epochs": 50, **FAR}, "plateau", "saturated"),
    "a slope that underflows": (
        DATA,
        {"loss": "mse", "rate": 1, "epochs": 5, "initial": [0, 0, -800.0]},
        "plateau",
        "saturated",
    ),
    "features of 1e-9": (clouds(scale=(1e-9, 1e-9)), {"rate": 1, "epochs": 60}, "plateau", "scale"),
    "of 1e-9, classes uneven": (
        clouds(ones=0.2, scale=(1e-9, 1e-9)),
        {"rate": 1, "epochs": 200},
        "plateau",
        "scale",
    ),
    "noise of 1e5 beside": (noise_beside(clouds(), 1e5), {"rate": "auto", "epochs": 50}, "plateau", "scale"),
    "an offset of 1e4": (clouds(offset=1e4), {"rate": "auto", "epochs": 50}, "plateau", "scale"),
    "a tiny rate": (clouds(), {"rate": 1e-8, "epochs": 50}, "plateau", "small_rate"),
    "a tiny rate from far": (clouds(), {"rate": 1e-9, "epochs": 50, **FAR}, "plateau", "small_rate"),
    "a cycle below the start": (MIXED, {"rate": 2.6, "epochs": 200}, "oscillating", "rate"),
    "2.8 times the limit": (clouds(0.3), {"rate": 2.8 * limit(clouds(0.3))}, "oscillating", "rate"),
    "momentum far too fast": (
        MIXED,
        {"optimizer": "momentum", "rate": 20, "epochs": 50},
        "oscillating",
        "rate",
    ),
    "lion humming": (clouds(), {"optimizer": "lion", "rate": 0.5, "epochs": 100}, "oscillating", "rate"),
    "a tangent that leads too far": (
        make_dataset("xor"),
        {"optimizer": "polyak_step", "rate": 1, "epochs": 5, "bias": False, "initial": [-6.0, -6.0]},
        "worse_than_untrained",
        "rate",
    ),
    "raw columns, 20,000 limits": (RAW, {"rate": 2e4 * limit(RAW), "epochs": 50}, "oscillating", "scale"),
    "one epoch up": (MIXED, {"rate": 20, "epochs": 1}, "diverging", "rate"),
    "three epochs up": (
        MIXED,
        {"loss": "squared_hinge", "rate": 2.5, "epochs": 3},
        "diverging",
        "rate",
    ),
    "climbing on": (MIXED, {"loss": "squared_hinge", "rate": 2.01, "epochs": 30}, "diverging", "rate"),
    "up, down and up": (clouds(0.2), {"rate": 20, "epochs": 3}, "worse_than_untrained", "rate"),
    "thrown onto a plateau": (MIXED, {"loss": "mse", "rate": 2000}, "plateau", "rate"),
    "overflow": (MIXED, {"loss": "exponential", "rate": 20}, "overflow", "rate"),
    "overflow of raw columns": (
        clouds(scale=(1e200, 1.0)),
        {"loss": "squared_hinge", "rate": 1},
        "overflow",
        "scale",
    ),
    "slowed by raw columns": (RAW, {"rate": "auto", "epochs": 50}, "plateau", "scale"),
    "sure and wrong, mse": (
        clouds(1.5),
        {"loss": "mse", "rate": 0.3, "epochs": 60, "initial": [-6.0, -6.0, 0.0]},
        "plateau",
        "saturated",
    ),
    "sure and wrong, a tiny rate": (
        clouds(1.5),
        {"rate": 1e-4, "epochs": 200, "initial": [-6.0, -6.0, 0.0]},
        "plateau",
        "small_rate",
    ),
    "sure and wrong, on its way": (
        clouds(1.5),
        {"rate": 0.3, "epochs": 12, "initial": [-6.0, -6.0, 0.0]},
        "finished",
        None,
    ),
    "arrived": (MIXED, {"rate": 1.8, "epochs": 400}, "converged", None),
    "arrived in units of 1e9": (
        ([[0.0], [1e9], [2e9], [3e9]], [0, 1, 0, 1]),
        {"rate": 1.8e-18, "epochs": 400, "bias": False},
        "converged",
        None,
    ),
    "arrived in units of 1e-9": (
        ([[0.0], [1e-9], [2e-9], [3e-9]], [0, 1, 0, 1]),
        {"rate": 1.8e18, "epochs": 400, "bias": False},
        "converged",
        None,
    ),
    "nothing to learn": (
        ([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]], [0, 0, 1, 1]),
        {"rate": 1, "epochs": 5},
        "converged",
        None,
    ),
    "held back": (clouds(5.0), {"rate": 0.5, "epochs": 60, "penalty": "l2"}, "finished", None),
    "a hinge without a mistake": (clouds(5.0), {"loss": "hinge", "rate": 0.5}, "converged", None),
    "on its way": (MIXED, {"rate": 0.5, "epochs": 10}, "finished", None),
    "on its way from far": (clouds(), {"rate": 0.5, "epochs": 20, **FAR}, "finished", None),
    "apart": (clouds(5.0), {"rate": 1, "epochs": 100}, "finished", None),
    "apart, with mse": (clouds(5.0), {"rate": 1, "loss": "mse", "epochs": 100}, "finished", None),
    "noise of single rows": (
        clouds(),
        {"rate": 0.05, "epochs": 30, "batch_size": 1, **DICE},
        "finished",
        None,
    ),
    "a hinge with mistakes": (clouds(), {"loss": "hinge", "rate": 0.5, "epochs": 60}, "finished", None),
    "parts in file order": (clouds(), {"rate": 0.05, "epochs": 30, "batch_size": 4}, "finished", None),
    "a swing of momentum": (
        clouds(scale=(1.0, 10.0)),
        {"optimizer": "momentum", "rate": 0.02, "epochs": 40},
        "finished",
        None,
    ),
    "no epochs": (clouds(), {"epochs": 0}, "finished", None),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_planted_ending_is_called_what_it_is(name):
    rows, options, kind, cause = ENDINGS[name]
    options = dict(options)
    rate = options.pop("rate", None)
    history = prepare(rows, learning_rate=rate, **options).run().history()
    outcome = history.outcome
    assert (outcome.kind, outcome.fields.get("cause")) == (kind, cause)
    assert bool(cure(outcome)) == bool(cure(outcome, "ru")) == (cause is not None)
    assert cure(outcome, "ru") in reason(outcome, "ru")


def test_the_table_has_every_kind_and_every_cause_has_a_cure_in_both_languages():
    kinds = {kind for _, _, kind, _ in ENDINGS.values()}
    assert kinds > FAILED
    causes = {cause for *_, cause in ENDINGS.values() if cause}
    for language in ("en", "ru"):
        assert causes < table(language, "outcomes")["cures"].keys()


@pytest.mark.parametrize("epochs", range(20, 60, 3))
def test_a_cycle_above_the_start_is_a_bad_end_whichever_phase_it_ends_in(epochs):
    assert fit(MIXED, learning_rate=20.0, epochs=epochs).outcome.kind == "oscillating"


def test_units_change_no_verdict():
    X, y = clouds()
    for size in (1e-9, 1e9):
        for rate in (1e-9, 0.5, 50.0):
            kinds = {
                fit(X * c, y, learning_rate=rate / c / c, epochs=30, bias=False).outcome.kind
                for c in (1.0, size)
            }
            assert len(kinds) == 1


def at(losses, *, monotone=False):
    path = torch.tensor(losses, dtype=torch.float64)[:, None]
    return trend_of((path[0], path[-1]), path[:-1], noisy=False, monotone=monotone)


def test_a_run_that_falls_does_not_cycle_though_it_is_above_its_start():
    """A rate far too large throws the run up; then it comes down."""
    path = at([1.0, *torch.linspace(50.0, 10.0, 40).tolist()])
    assert path.risen
    assert not path.cycling
    assert not path.rising


def test_a_swing_that_dies_down_is_no_cycle_and_one_that_stays_is():
    swing = torch.arange(80.0).cos()
    assert at((1 + swing).tolist()).cycling
    assert not at((1 + swing * torch.logspace(0, -3, 80)).tolist()).cycling


def test_who_bounced_and_falls_does_not_cycle_and_who_bounces_on_does():
    fallen = [9.9, 5.5, 3.2, 3.4, 1.6, 1.3, 0.33, 0.22, 0.32, 0.19, 0.14, 0.11, 0.1, 0.096, 0.09, 0.086]
    thrown = [1.0] * 12 + [0.3, 0.2, 0.9, 0.19, 0.18, 0.17, 0.16, 0.15, 0.14, 0.13, 0.12, 0.11]
    lower = [10.0 - 0.4 * step + 1.0 * (step % 2) for step in range(24)]
    for losses in (fallen, thrown, lower):
        assert not at(losses, monotone=True).cycling
    assert at([1.0 + 5e-5 * (step % 2) - 1e-7 * step for step in range(24)], monotone=True).cycling


def test_both_limits_of_the_rate_are_told_together():
    for rate in (3.4, 10.0, 50.0):
        outcome = fit(MIXED, learning_rate=rate, epochs=100).outcome
        assert outcome.fields["guaranteed_ratio"] > 1
        assert "guaranteed limit 1.9" in outcome.reason
        assert "local limit" in outcome.reason
    flat = fit(DATA, loss="mse", initial=[0, 0, -25.0], learning_rate=1.0, epochs=100).outcome
    assert "limit" not in flat.reason


def test_no_limit_of_plain_descent_is_named_for_another_optimizer():
    outcome = fit(MIXED, optimizer="momentum", learning_rate=20.0, epochs=50).outcome
    assert outcome.kind == "oscillating"
    assert "limit" not in outcome.reason


def test_every_run_of_a_sweep_is_judged_as_it_would_be_alone():
    rates = [1e-9, 0.5, 2.6, 50.0]
    tensor = torch.tensor(rates, dtype=torch.float64)[:, None]
    together = fit(MIXED, learning_rate=tensor, epochs=60).outcomes
    alone = [fit(MIXED, learning_rate=rate, epochs=60).outcome for rate in rates]
    assert [outcome.kind for outcome in together] == [outcome.kind for outcome in alone]
    assert [o.fields.get("cause") for o in together] == [o.fields.get("cause") for o in alone]


def test_train_neuron_warns_of_a_bad_end_with_its_cure():
    rows = ([[300.0, 1.0], [100.0, 2.0], [-200.0, 1.0], [150.0, 0.0]], [1, 0, 0, 1])
    with pytest.warns(TrainingWarning, match="standardize"):
        train_neuron(*rows, [0.0, 0.0], 0.0, 10.0, 20)
    train_neuron([[1.0, 2.0], [2.0, 1.0]], [1, 0], [0.1, -0.2], 0.0, 0.1, 2)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_outcomes_of_older_files_are_still_told(language):
    numbers = {"learning_rate": 3.0, "limit": 1.5, "ratio": 2.0, "full_batch": True, "which": "local"}
    old = Outcome("oscillating", 9, "", {"loss": 2.0, "start": 1.0, "window": 4, **numbers})
    assert "standardize" in reason(old, language)
    assert "1.5" in reason(old, language)


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize("name", ["mse on a plateau", "features of 1e-9", "2.8 times the limit", "arrived"])
def test_sparse_rows_are_judged_as_dense_ones(name):
    rows, options, kind, cause = ENDINGS[name]
    X = torch.as_tensor(rows.features if name == "mse on a plateau" else rows[0], dtype=torch.float64)
    y = rows.labels if name == "mse on a plateau" else rows[1]
    options = {**options, "learning_rate": options["rate"]}
    del options["rate"]
    outcome = prepare(X.to_sparse_csr(), y, **options).run().history().outcome
    assert (outcome.kind, outcome.fields.get("cause")) == (kind, cause)
