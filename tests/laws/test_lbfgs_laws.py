"""L-BFGS on rows: neither scale nor offset of a column matters, and the host waits once an evaluation."""

import pytest
import torch

from meetings import Meetings
from soloneuron import fit
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.surfaces import Rosenbrock
from soloneuron.neuron import Neuron
from soloneuron.optimizers import LBFGS
from soloneuron.records.dataset import Batch
from soloneuron.training.evaluation import Counted, Evaluation

generator = torch.Generator().manual_seed(0)
X = torch.randn(300, 4, generator=generator, dtype=torch.float64)
W = 2 * torch.randn(4, generator=generator, dtype=torch.float64)
Y = (torch.rand(300, generator=generator, dtype=torch.float64) < torch.sigmoid(X @ W + 0.5)).double()
SCALES = torch.tensor([1e-6, 1.0, 1e3, 1e6], dtype=torch.float64)

KINDS = {
    "tiny": X * 1e-6,
    "huge": X * 1e6,
    "all sizes": X * SCALES,
    "far from zero": X + 1000,
    "all at once": X * SCALES + 1e8 * SCALES,
    "constant": torch.cat([X, torch.full((300, 1), 7.0)], 1),
    "repeated": torch.cat([X, X * 3], 1),
}


def predicted(data, optimizer, epochs, **settings):
    return fit(data, Y, optimizer=optimizer, epochs=epochs, **settings).predict_proba(data)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_may_come_as_they_are(kind):
    best = predicted(X, "newton", 12)
    found = predicted(KINDS[kind], "lbfgs", 3)
    torch.testing.assert_close(found, best, rtol=0, atol=1e-5)


def test_neither_do_sums_or_a_neuron_without_a_bias_mind_scale():
    found = predicted(X + 1000, "lbfgs", 3, reduction="sum")
    torch.testing.assert_close(found, predicted(X, "newton", 12), rtol=0, atol=1e-5)
    found = predicted(X * SCALES, "lbfgs", 3, bias=False)
    torch.testing.assert_close(found, predicted(X, "newton", 12, bias=False), rtol=0, atol=1e-5)


def test_features_of_hundreds_do_not_throw_the_exponential_loss_out_of_all_numbers():
    found = predicted(X * 500, "lbfgs", 3, loss="exponential")
    torch.testing.assert_close(found, predicted(X, "newton", 20, loss="exponential"), rtol=0, atol=1e-5)


def test_coordinates_are_chosen_by_a_part_of_many_rows_and_by_all_where_a_column_is_rare(monkeypatch):
    rare = torch.zeros(300, 1, dtype=torch.float64)
    rare[[31, 77, 131], 0] = 1e6
    for data in (X * SCALES + 100 * SCALES, torch.cat([X, rare], 1)):
        best = predicted(data, "newton", 20, penalty="l2")
        with monkeypatch.context() as patched:
            patched.setattr("soloneuron.training.column_coordinates.ENOUGH_ROWS", 30)
            found = predicted(data, "lbfgs", 5, penalty="l2")
        torch.testing.assert_close(found, best, rtol=0, atol=3e-5)


def is_measured(number):
    """Not the count of pairs, which lives on the host."""
    return number.is_floating_point()


@pytest.mark.slow  # a second of imports
def test_host_and_device_meet_at_most_once_an_evaluation(monkeypatch):
    told, tolist = [], torch.Tensor.tolist
    monkeypatch.setattr(torch.Tensor, "tolist", lambda x: told.append(x) or tolist(x))
    rows = Batch(X, Y, None)
    asked = [Evaluation(Neuron(as_loss(loss)), rows) for loss in ("nll", "mse", "hinge")]
    asked += [Evaluation(Neuron(), rows, 300.0, lambda: Neuron().coordinates(rows)), Evaluation(Rosenbrock())]
    for evaluation in asked:
        theta, rule = torch.zeros(2 if evaluation.batch is None else 5, dtype=torch.float64), LBFGS()
        state = rule.start(theta)
        for _ in range(5):
            told.clear()
            counted = Counted(evaluation)
            with Meetings(is_measured) as meetings:
                rule.update(theta, counted, state)
            assert meetings.count + len(told) <= counted.calls
