"""What a Run says of itself must be enough to train it again."""

from dataclasses import replace

import torch

from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.result.fitting import fit
from soloneuron.training.recipes import keywords_of

NEAR = 1e-6
"""One run and many at once are summed in another order; Adam divides such differences by small slopes."""


CHAOTIC = ("rate_1.05", "rate_3")
"""Beyond the limit of the rate a run enlarges every rounding."""

MOST = 4


def check_repeatable(runs):
    """Train again by nothing but recipe, rows and the first theta; the last theta must be the same."""
    steady = [name for name in runs if name not in CHAOTIC][:MOST]
    assert steady
    for name in steady:
        run = runs[name]
        assert run.source.rows == len(run.data.labels)
        assert len(run.history.loss) == run.history.epochs[-1]
        if run.history.unit == "update":
            check_walked(run)
        else:
            assert run.recipe.epochs == run.history.epochs[-1]
            torch.testing.assert_close(again(run), run.history.theta[-1], rtol=NEAR, atol=NEAR)


def check_walked(run):
    """Rows drawn by chance cannot be drawn again; but what is told of every place must be true of it."""
    neuron, batch = Neuron(), Batch(run.data.features, run.data.labels)
    values, slopes = neuron.value_and_gradient(run.history.theta, batch)
    torch.testing.assert_close(run.history.value, values)
    kept = [step for step in run.history.epochs if step < len(run.history.loss)]
    torch.testing.assert_close(run.history.loss[kept], values[: len(kept)])
    torch.testing.assert_close(run.history.gradient_norm, torch.linalg.vector_norm(slopes, dim=-1))


def again(run):
    """The last theta of the same training."""
    recipe = replace(run.recipe, record_every=max(1, run.recipe.epochs))
    return fit(run.data, initial=run.history.theta[0], **keywords_of(recipe)).theta[-1]
