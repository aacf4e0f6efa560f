"""When a watched loss has stopped falling, whatever its unit."""

import math

import pytest
import torch

from soloneuron.formulas.losses import Hinge
from soloneuron.formulas.penalties import L2
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.training.arrival import Arrival
from soloneuron.training.prepare import prepare
from soloneuron.training.scale import untrained_loss
from soloneuron.training.stopping import Patience, Validation, Watcher
from soloneuron.training.watching import pulled

LOSSES = [0.7, 0.5, 0.499, 0.4985, 0.498, 0.4979]


@pytest.mark.parametrize("unit", [1.0, 1e-6, 1e6])
def test_patience_does_not_ask_in_which_unit_the_loss_is(unit):
    patience = Patience(tol=0.01, longest=3, untrained=0.7 * unit)
    assert [patience.ends([loss * unit]) for loss in LOSSES] == [False] * 4 + [True] * 2


def test_the_loss_of_untrained_weights_has_no_penalty_and_counts_rows_by_their_weights():
    rows = Batch(torch.ones(2, 3), torch.tensor([0.0, 1.0]), torch.tensor([0.5, 1.5]))
    assert untrained_loss(Neuron(Hinge()), rows) == 1


def test_the_loss_of_held_rows_counts_them_by_weights_of_mean_one_and_leaves_the_penalty_out():
    plan = prepare(([[0.0], [1.0]], [0, 1]), penalty="l2").plan
    theta = torch.tensor([2.0, 0.0], dtype=torch.float64)
    held = Batch(*(torch.tensor(x, dtype=torch.float64) for x in ([[1.0], [-1.0]], [1.0, 1.0], [6.0, 2.0])))
    right, wrong = math.log1p(math.exp(-2)), math.log1p(math.exp(2))
    assert Validation.of(plan, held).loss(theta) == pytest.approx(0.75 * right + 0.25 * wrong, rel=1e-14)


def test_a_training_ends_at_the_optimum():
    X = torch.linspace(-1, 1, 12, dtype=torch.float64)[:, None]
    y = torch.tensor([0, 1] * 6, dtype=torch.float64)
    training = prepare(X, y, optimizer="lbfgs", epochs=6, penalty=L2(0.1))
    patience = Patience(tol=0.0, longest=100, untrained=1.0)
    assert pulled(training, Watcher(Arrival(training.plan), patience)) == "optimum"


def test_patience_lasts_while_what_is_promised_is_halved():
    patience = Patience(tol=0.1, longest=2, untrained=1.0)
    ends = [patience.ends([0.5], promised) for promised in (1.0, 0.4, 0.1, 0.09, 0.08)]
    assert ends == [False, False, False, False, True]
