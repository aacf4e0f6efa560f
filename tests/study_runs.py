"""What a Run says of itself must be enough to train it again."""

import torch

from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.dataset import Batch
from soloneuron.result.fitting import fit

NEAR = 1e-6
"""One run and many at once are summed in another order; Adam divides such differences by small slopes."""


CHAOTIC = ("rate_1.05", "rate_3")
"""Beyond the limit of the rate a run enlarges every rounding."""

MOST = 6


def check_repeatable(runs):
    """Train again by nothing but settings, rows and the first theta; the last theta must be the same."""
    steady = [name for name in runs if name not in CHAOTIC][:MOST]
    assert steady
    for name in steady:
        run, told = runs[name], runs[name].settings
        assert told["rows"] == run.source.rows == len(run.data.labels)
        assert told["epochs_done"] == len(run.history.loss) == run.history.epochs[-1]
        if told.get("unit") == "update":
            check_walked(run)
        else:
            torch.testing.assert_close(again(run), run.history.theta[-1], rtol=NEAR, atol=NEAR)


def check_walked(run):
    """Rows drawn by chance cannot be drawn again; but what is told of every place must be true of it."""
    neuron, batch = Neuron(), Batch(run.data.features, run.data.labels)
    values, slopes = neuron.value_and_gradient(run.history.theta, batch)
    kept = [step for step in run.history.epochs if step < len(run.history.loss)]
    torch.testing.assert_close(run.history.loss[kept], values[: len(kept)])
    torch.testing.assert_close(run.history.gradient_norm, torch.linalg.vector_norm(slopes, dim=-1))


def again(run):
    """The last theta of the same training."""
    told = run.settings
    own = {**told["hyperparameters"], "learning_rate": told["learning_rate"]}
    penalty = told["penalty"]
    return fit(
        run.data,
        initial=run.history.theta[0],
        loss=told["loss"],
        optimizer=as_optimizer(told["optimizer"]).replace(**own),
        epochs=told["epochs"],
        batch_size=told["batch_size"],
        shuffle=told["shuffle"],
        seed=told["seed"],
        reduction=told["reduction"],
        penalty=None if penalty is None else as_penalty(penalty["name"], penalty["alpha"]),
        class_weight=told["class_weight"],
        bias=told["bias"],
        record_every=max(1, told["epochs"]),
    ).theta[-1]
