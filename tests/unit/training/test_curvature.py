"""One pass gives value, gradient and Hessian as the neuron itself does."""

import pytest
import torch

from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.optimizers import Newton
from soloneuron.records.dataset import Batch
from soloneuron.training.engines import choose
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.whole import WholeBatch
from soloneuron.training.plan import Plan, State

generator = torch.Generator().manual_seed(0)
X = torch.randn(70, 3, generator=generator, dtype=torch.float64) + 5
HARD = (torch.rand(70, generator=generator, dtype=torch.float64) < 0.4).double()
SOFT = torch.rand(70, generator=generator, dtype=torch.float64)
WEIGHTS = 2 * torch.rand(70, generator=generator, dtype=torch.float64)

CASES = {
    "plain": (Neuron(), HARD, None),
    "soft": (Neuron(), SOFT, None),
    "weighted": (Neuron(), HARD, WEIGHTS),
    "penalized": (Neuron(penalty=as_penalty("l2")), HARD, None),
    "without a bias": (Neuron(bias=False), HARD, WEIGHTS),
    **{name: (Neuron(as_loss(name)), HARD, WEIGHTS) for name in ("mse", "focal", "exponential", "huber")},
}


def kernel_of(neuron, data, monkeypatch):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 1)  # tiles of 32 rows
    plan = Plan(neuron, data, Newton(), batch_size=len(data.labels))
    return WholeBatch(plan, RowLayout(plan)).curvature


@pytest.mark.parametrize("case", CASES)
def test_one_pass_says_what_the_neuron_says(case, monkeypatch):
    neuron, y, s = CASES[case]
    data, theta = Batch(X, y, s), torch.linspace(-0.5, 0.3, 3 + neuron.bias, dtype=torch.float64)
    kernel = kernel_of(neuron, data, monkeypatch)
    found = kernel.second_order(theta, watch=True)
    value, gradient = neuron.value_and_gradient(theta, data)
    expected = value, gradient, neuron.hessian(theta, data)
    torch.testing.assert_close(tuple(found[:3]), expected, rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(kernel.value(theta), value, rtol=1e-12, atol=0)
    right = ((neuron.logits(theta, X) >= 0) == (y >= 0.5)).double() * (1.0 if s is None else s)
    assert found.accuracy.item() == pytest.approx(float(right.sum() / (70 if s is None else s.sum())))


def test_rows_of_32_bits_far_from_0_bend_as_in_64(monkeypatch):
    rows = (X + 1000).float()
    neuron, theta = Neuron(), torch.tensor([0.1, -0.2, 0.1, 0.0])
    found = kernel_of(neuron, Batch(rows, HARD.float(), None), monkeypatch).second_order(theta).hessian
    bend = neuron.loss.second_derivative(neuron.logits(theta, rows), HARD.float()).double()
    A = torch.cat([rows.double(), torch.ones(70, 1)], 1)
    expected = A.T @ (A * bend[:, None]) / 70
    # Two ways to the same logits differ in their last bit, which all bends share; their spread does not.
    assert torch.linalg.eigvalsh(found)[0] == pytest.approx(
        float(torch.linalg.eigvalsh(expected)[0]), rel=1e-2
    )


def test_newton_asks_the_kernel_once_an_update_and_gives_the_numbers_of_the_definition():
    data = Batch(X, HARD, WEIGHTS / WEIGHTS.mean())
    plan = Plan(Neuron(), data, Newton(), batch_size=70, mean_weight=1.0)
    start = State(0, torch.zeros(4, dtype=torch.float64))
    done = choose(plan).advance(start, 4)
    theta, rule = torch.zeros(4, dtype=torch.float64), Newton()
    state = rule.start(theta)
    for _ in range(4):
        rule.update(theta, plan.evaluation(0), state)
    torch.testing.assert_close(done.state.theta, theta, rtol=1e-10, atol=1e-12)
    assert done.state.evaluations == 4 * (1 + 4 + 1)
