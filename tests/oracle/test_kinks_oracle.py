"""At kinks the default estimator is no worse than scikit-learn and a linear program."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from soloneuron import NeuronClassifier

RAW, SICK = load_breast_cancer(return_X_y=True)
SCALED = StandardScaler().fit_transform(RAW)
SIGN = 2 * SICK - 1


def value(model, X, penalty, loss="nll"):
    w, b = model.coef_[0], model.intercept_[0]
    m = SIGN * (X @ w + b)
    cost = np.logaddexp(0, -m) if loss == "nll" else np.maximum(0, 1 - m)
    return cost.mean() + penalty(w)


@pytest.mark.slow
@pytest.mark.parametrize("alpha", [1e-2, 1e-1])
@pytest.mark.parametrize("optimizer", ["auto", "lbfgs"])
def test_l1_is_as_low_as_saga_and_as_sparse(alpha, optimizer):
    rival = LogisticRegression(
        l1_ratio=1.0, solver="saga", C=1 / (alpha * len(SICK)), tol=1e-6, max_iter=5000
    ).fit(SCALED, SICK)
    model = NeuronClassifier(penalty="l1", alpha=alpha, optimizer=optimizer).fit(SCALED, SICK)

    def l1(w):
        return alpha * np.abs(w).sum()

    assert value(model, SCALED, l1) <= value(rival, SCALED, l1) * (1 + 1e-5)
    assert np.count_nonzero(model.coef_) <= np.count_nonzero(rival.coef_)


def test_l1_and_hinge_arrive_on_raw_columns():
    raw = NeuronClassifier(loss="hinge").fit(RAW, SICK)
    assert (raw.history_.outcome.kind, raw.history_.value[-1], raw.score(RAW, SICK)) == ("converged", 0, 1)
    raw = NeuronClassifier(penalty="l1", alpha=1e-4).fit(RAW, SICK)
    assert raw.history_.outcome.kind == "converged"
    assert raw.history_.value[-1] < 0.06307


def test_the_hinge_is_as_low_as_a_linear_program():
    X, n = SCALED[:, :5], len(SICK)
    A = -np.c_[SIGN[:, None] * np.c_[X, np.ones(n)], np.eye(n)]
    bounds = [(None, None)] * 6 + [(0, None)] * n
    least = linprog(np.r_[np.zeros(6), np.ones(n) / n], A_ub=A, b_ub=-np.ones(n), bounds=bounds).fun
    model = NeuronClassifier(loss="hinge").fit(X, SICK)
    assert value(model, X, lambda _: 0.0, "hinge") == pytest.approx(least, rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [np.asarray, csr_matrix], ids=["dense", "sparse"])
def test_hinge_with_l2_is_as_low_as_liblinear(rows):
    alpha = 0.01
    rival = LinearSVC(
        loss="hinge", C=1 / (alpha * len(SICK)), fit_intercept=False, tol=1e-6, max_iter=100_000
    )
    rival.fit(SCALED, SICK).intercept_ = np.zeros(1)
    model = NeuronClassifier(loss="hinge", penalty="l2", alpha=alpha, fit_intercept=False)
    model.fit(rows(SCALED), SICK)

    def l2(w):
        return alpha / 2 * w @ w

    assert value(model, SCALED, l2, "hinge") <= value(rival, SCALED, l2, "hinge") * (1 + 1e-4)
