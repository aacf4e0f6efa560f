"""A line search on many rows: no copy of them is made, and some of them show where to begin."""

import pytest
import torch

from soloneuron.formulas import pairwise
from soloneuron.formulas.penalties import L2, ElasticNet
from soloneuron.neuron import Neuron
from soloneuron.optimizers import LBFGS, Newton
from soloneuron.records.dataset import Batch
from soloneuron.training.engines import choose
from soloneuron.training.evaluation import Counted, Evaluation
from soloneuron.training.kernels.all_rows import AllRows
from soloneuron.training.kernels.in_place import RowsInPlace
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.measures import measure
from soloneuron.training.prepare import prepare

DICE = torch.Generator().manual_seed(1)
X = torch.randn(500, 4, generator=DICE, dtype=torch.float64)
Y = (X.sum(1) + torch.randn(500, generator=DICE, dtype=torch.float64) > 0).double()
CASES = {
    "plain": {},
    "no bias": {"bias": False},
    "weights": {"sample_weight": torch.linspace(0, 2, 500).tolist()},
    "soft labels": {"loss": "mse", "labels": Y * 0.8 + 0.1},
    "a kink": {"loss": "hinge", "penalty": L2(0.1)},
    "sums": {"reduction": "sum", "penalty": ElasticNet(0.1)},
    "far from 0": {"offset": 1e6},
}


@pytest.mark.parametrize("case", CASES)
def test_rows_in_place_say_what_the_definition_says(case, monkeypatch):
    monkeypatch.setattr(pairwise, "TILE_BYTES", 800)
    options = dict(CASES[case])
    rows = X + options.pop("offset", 0.0)
    plan = prepare(rows, options.pop("labels", Y), optimizer="newton", **options).plan
    kernel = RowsInPlace(RowLayout(plan), lambda: plan.hessian_coordinates)
    theta = torch.linspace(-1, 1, plan.columns, dtype=torch.float64) / float(rows.abs().max())
    ask, fast = plan.evaluation(0), AllRows(plan, kernel, kernel).evaluation(0)
    near = {"rtol": 1e-12, "atol": 1e-12 * float(rows.abs().max())}
    for found, wanted in zip(fast.second_order(theta), ask.second_order(theta), strict=True):
        torch.testing.assert_close(found, wanted, **near)
    for found, wanted in zip(fast(theta), ask(theta), strict=True):
        torch.testing.assert_close(found, wanted, **near)
    torch.testing.assert_close(fast.value(theta), ask.value(theta), **near)
    thetas = torch.stack([theta, 2 * theta])
    for found, wanted in zip(kernel.measure(thetas), measure(plan.objective, thetas, plan.data), strict=True):
        torch.testing.assert_close(found, wanted, **near)
    rounded, wanted = (one.rounded(torch.tensor(0.1, dtype=torch.float64)) for one in (fast, ask))
    if case == "a kink":
        for one, other in zip(rounded.second_order(theta), wanted.second_order(theta), strict=True):
            torch.testing.assert_close(one, other, **near)


def test_many_rows_stay_where_they_are_for_a_line_search_alone():
    many = torch.randn(40_000, 3, dtype=torch.float64, generator=DICE)
    labels = (many[:, 0] > 0).double()
    for optimizer, standing in (("lbfgs", True), ("newton", True), ("adam", False)):
        engine = choose(prepare(many, labels, optimizer=optimizer).plan)
        assert isinstance(engine._kernel._rows, RowsInPlace) == standing


@pytest.mark.parametrize("rule", [LBFGS(), Newton()], ids=["lbfgs", "newton"])
def test_a_search_that_some_rows_lead_astray_goes_its_own_way(rule, monkeypatch):
    wrong = Evaluation(Neuron(), Batch(X, 1 - Y, None))
    found = []
    for sample in (None, wrong):
        monkeypatch.setattr(Evaluation, "sample", lambda _, sample=sample: sample)
        theta, evaluation = torch.zeros(5, dtype=torch.float64), Evaluation(Neuron(), Batch(X, Y, None))
        state = rule.start(theta)
        rule.update(theta, evaluation, state)
        found.append((theta, state.t))
    torch.testing.assert_close(found[0][0], found[1][0], rtol=0, atol=0)
    assert found[0][1] == found[1][1]


def test_a_tenth_of_many_rows_saves_passes_over_all(monkeypatch):
    many = torch.randn(60_000, 20, dtype=torch.float64, generator=DICE)
    labels = (many.sum(1) + torch.randn(60_000, generator=DICE, dtype=torch.float64) > 0).double()
    calls, values = [], []
    for sampled in (True, False):
        if not sampled:
            monkeypatch.setattr(Evaluation, "sample", lambda _: None)
        theta = torch.zeros(21, dtype=torch.float64)
        counted, rule = Counted(Evaluation(Neuron(), Batch(many, labels, None))), LBFGS()
        rule.update(theta, counted, rule.start(theta))
        calls.append(counted.calls)
        values.append(float(counted.value(theta)))
    assert calls[0] < calls[1]
    assert values[0] == pytest.approx(values[1], rel=1e-7)
