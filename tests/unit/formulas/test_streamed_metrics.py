"""Metrics of rows that come in parts are those of all rows at once."""

from dataclasses import asdict

import pytest
import torch

from soloneuron.formulas.metrics import metrics
from soloneuron.formulas.streamed_metrics import StreamedMetrics


def streamed(p, y, size):
    ones = int(y.sum())
    made = StreamedMetrics((len(y) - ones, ones), lambda count, dtype: torch.empty(count, dtype=dtype))
    for part, labels in zip(p.split(size), y.split(size), strict=True):
        made.add(part, labels)
    return made.metrics()


@pytest.mark.parametrize("tied", [False, True])
def test_parts_of_any_size_give_the_metrics_of_all_rows(tied):
    dice = torch.Generator().manual_seed(0)
    p = torch.rand(501, generator=dice, dtype=torch.float64)
    p = (p * 8).round() / 8 if tied else p
    y = (torch.rand(501, generator=dice) < p).double()
    for size in (1, 7, 501):
        assert asdict(streamed(p, y, size)) == pytest.approx(asdict(metrics(p, y)), rel=1e-12)


def test_one_class_alone_has_no_rank():
    p, y = torch.tensor([0.25, 0.5]), torch.tensor([0.0, 0.0])
    assert streamed(p, y, 2).roc_auc is None
