"""The hand-written gradients and the loop against torch.autograd, torch.optim.SGD and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import SGDClassifier

from soloneuron import fit
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from tolerances import ORACLE


def rows(n=40, d=3, seed=0, *, soft=False):
    dice = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    noise = torch.randn(n, generator=dice, dtype=torch.float64)
    y = torch.rand(n, generator=dice, dtype=torch.float64) if soft else ((X.sum(1) + noise) > 0).double()
    return X, y


@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
def test_the_gradient_and_hessian_are_those_of_autograd(loss, penalty, bias):
    X, y = rows(soft=as_loss(loss).soft_labels)
    weights = torch.rand(40, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    neuron = Neuron(as_loss(loss), as_penalty(penalty, 0.3), bias=bias)
    batch = Batch(X, y, weights)
    theta = torch.tensor([0.7, -1.1, 0.4, 0.2][: 3 + bias], dtype=torch.float64, requires_grad=True)
    value, gradient = neuron.value_and_gradient(theta.detach(), batch)
    oracle_value = neuron.value(theta, batch)
    (oracle,) = torch.autograd.grad(oracle_value, theta)
    assert value.item() == pytest.approx(oracle_value.item(), rel=ORACLE)
    torch.testing.assert_close(gradient, oracle, rtol=ORACLE, atol=ORACLE)
    bends = torch.autograd.functional.hessian(lambda point: neuron.value(point, batch), theta.detach())
    torch.testing.assert_close(neuron.hessian(theta.detach(), batch), bends, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("batch_size", [1, 7, 40])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_nll_training_is_torchs_linear_layer_with_sgd(batch_size, reduction):
    X, y = rows()
    model = torch.nn.Linear(3, 1, dtype=torch.float64)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    loss = torch.nn.BCEWithLogitsLoss(reduction=reduction)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses = []
    for _ in range(20):
        total = 0.0
        for start in range(0, 40, batch_size):
            part = slice(start, start + batch_size)
            optimizer.zero_grad()
            cost = loss(model(X[part])[:, 0], y[part])
            cost.backward()
            optimizer.step()
            total += cost.item() * (len(X[part]) if reduction == "mean" else 1)
        losses.append(total / 40)
    history = fit((X, y), learning_rate=0.05, epochs=20, batch_size=batch_size, reduction=reduction)
    theta = torch.cat([model.weight[0], model.bias]).detach()
    torch.testing.assert_close(history.theta[-1], theta, rtol=ORACLE, atol=ORACLE)
    assert history.loss.tolist() == pytest.approx(losses, rel=ORACLE)


@pytest.mark.parametrize("d", [2, 30])
def test_per_sample_training_is_scikit_learns_recursion(d):
    X, y = rows(n=60, d=d)
    rival = SGDClassifier(
        loss="log_loss",
        penalty=None,
        learning_rate="constant",
        eta0=0.1,
        shuffle=False,
        max_iter=15,
        tol=None,
    ).fit(X.numpy(), y.numpy())
    history = fit((X, y), learning_rate=0.1, epochs=15, batch_size=1)
    theta = np.append(rival.coef_[0], rival.intercept_)
    assert history.theta[-1].tolist() == pytest.approx(theta.tolist(), rel=1e-11, abs=1e-12)


def test_full_batch_descent_reaches_scikit_learns_optimum():
    from sklearn.linear_model import LogisticRegression

    X, y = rows(n=200)
    best = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(X.numpy(), y.numpy())
    history = fit((X, y), learning_rate="auto", epochs=5000, record_every=5000)
    assert history.outcome.kind == "converged"
    optimum = np.append(best.coef_[0], best.intercept_)
    assert history.theta[-1].tolist() == pytest.approx(optimum.tolist(), rel=1e-5, abs=1e-6)


def test_the_metrics_are_the_textbooks():
    from soloneuron.formulas.metrics import accuracy, metrics

    p = torch.tensor([0.9, 0.8, 0.3, 0.4], dtype=torch.float64)
    y = torch.tensor([1.0, 0.0, 0.0, 1.0], dtype=torch.float64)
    found = metrics(p, y)
    assert found.accuracy == 0.5 == accuracy(torch.logit(p), y).item()
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.2, 0.7, 0.4]).mean())
    assert found.brier == pytest.approx(np.mean([0.01, 0.64, 0.09, 0.36]))
    assert found.roc_auc == 0.75
    assert found.calibration_error == pytest.approx((0.1 + 0.8 + 0.3 + 0.6) / 4)
    assert metrics(p, torch.ones(4)).roc_auc is None
