"""No record prints a wall of numbers: whatever it holds, it is one short line."""

import pytest
import torch

from soloneuron import L2, Adam, GradientDescent, compare, fit, minimize, prepare, sweep
from soloneuron.brief import brief_value
from soloneuron.records.dataset import Dataset

X = torch.arange(4000, dtype=torch.float64).reshape(400, 10) / 4000 - 0.5
Y = (X[:, 0] > 0).double()


def records():
    run = fit(X, Y, epochs=50)
    many = fit(X, Y, learning_rate=torch.rand(60, 1, generator=torch.Generator().manual_seed(0)), epochs=3)
    table = sweep(X, Y, learning_rate=[0.1, 0.2], l2=[0.0, 0.1, 0.2], epochs=2)
    training = prepare(X, Y)
    yield from (run, run.history, run.record, run.data, run.model(), run.model().record)
    yield from (many, many.history, many[7], table, table.record, table[0])
    yield from (minimize("rosenbrock", steps=30), compare("ravine", ["momentum", "adam"], budget=30, seeds=4))
    yield from (training, training.plan, training.state, training.recorded, training.plan.data)
    yield from (L2(torch.ones(60, 1)), GradientDescent(learning_rate=torch.ones(60, 1)))


def test_every_record_is_one_short_line():
    for record in records():
        shown = repr(record)
        assert "\n" not in shown
        assert len(shown) < 330, shown
        assert not shown.startswith("<"), shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (torch.tensor([1.0, 2.5]), "[1, 2.5]"),
        (torch.zeros(5), "tensor (5,)"),
        (torch.zeros(1, 1), "tensor (1, 1)"),
        (torch.tensor(float("nan")), "nan"),
        ((1,), "(1,)"),
        ("a" * 100, repr("a" * 60 + "…")),
        ({"a": 1, "b": "c"}, "{'a': 1, 'b': 'c'}"),
        (list(range(9)), "[0, 1, 2, ... 9 in all]"),
        (Dataset(torch.zeros(3, 2), torch.zeros(3), ("a" * 30, "b" * 30)), "Dataset(…)"),
        (torch.zeros(2, device="meta"), "tensor (2,)"),
    ],
)
def test_a_value_is_shown_whole_only_where_it_is_short(value, shown):
    assert brief_value(value) == shown


def test_a_rule_is_written_with_all_its_digits():
    assert repr(Adam(learning_rate=0.123456789)) == "Adam(learning_rate=0.123456789)"
