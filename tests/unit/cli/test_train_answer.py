"""What a training leaves behind for records and machines."""

import math

import torch

from soloneuron.cli.screen import Screen
from soloneuron.cli.train_answer import run_metrics
from soloneuron.records.dataset import Dataset
from soloneuron.result.run import Run
from soloneuron.training.prepare import prepare

ROWS = Dataset(
    features=torch.tensor([[0.0, 0.0], [9.0, -9.0]], dtype=torch.float64),
    labels=torch.tensor([1.0, 0.0], dtype=torch.float64),
    feature_names=("x", "z"),
)


def measured_at(theta):
    return run_metrics(Run.of(prepare(ROWS, initial=theta, epochs=0), ROWS).record, ROWS, None)


def test_metrics_are_unknown_where_the_sums_leave_the_range_of_numbers(capsys):
    measured = measured_at([1e308, 1e308, 0])
    assert measured.roc_auc is None
    assert all(map(math.isnan, (measured.accuracy, measured.log_loss, measured.brier)))
    Screen("en").metrics({"training": measured})
    assert "accuracy -" in " ".join(capsys.readouterr().out.split())


def test_metrics_are_known_where_they_do_not():
    assert measured_at([1.0, 0.0, 0.0]).accuracy == 0.0
