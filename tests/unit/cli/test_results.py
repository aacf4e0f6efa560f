"""What a training leaves behind for records and machines."""

import math

import torch

from soloneuron.cli.results import measure
from soloneuron.cli.screen import Screen
from soloneuron.records.dataset import Dataset
from soloneuron.training.prepare import prepare

ROWS = Dataset(
    features=torch.tensor([[0.0, 0.0], [9.0, -9.0]], dtype=torch.float64),
    labels=torch.tensor([1.0, 0.0], dtype=torch.float64),
    feature_names=("x", "z"),
)


def test_metrics_are_unknown_where_the_sums_leave_the_range_of_numbers(capsys):
    measured = measure(prepare(ROWS, initial=[1e308, 1e308, 0], epochs=0), ROWS, None)
    assert measured.roc_auc is None
    assert all(map(math.isnan, (measured.accuracy, measured.log_loss, measured.brier)))
    Screen("en").metrics({"training": measured})
    assert "accuracy -" in " ".join(capsys.readouterr().out.split())


def test_metrics_are_known_where_they_do_not():
    assert measure(prepare(ROWS, initial=[1.0, 0.0, 0.0], epochs=0), ROWS, None).accuracy == 0.0
