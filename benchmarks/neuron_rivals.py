"""One neuron as others train it, as an expert would write it: the rivals of ``neuron.py``.

torch is imported late: processes of scikit-learn need none of it.
"""

from __future__ import annotations

import math

import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier

from neuron_data import loss, rows, sparse_rows
from neuron_data import optimum as least
from processes import Prepared, by_fewest


def sgd(rate: float = 0.1, **settings: object) -> SGDClassifier:
    """scikit-learn's neuron at a constant rate."""
    return SGDClassifier(
        **{"loss": "log_loss", "penalty": None, "learning_rate": "constant", "eta0": rate, **settings}
    )


def sgd_epoch(n: int, d: int, between: tuple[int, int], *, rate: float, shuffle: bool) -> Prepared:
    """An epoch of SGDClassifier: the difference of two calls."""
    X, y = rows(n, d)
    return Prepared(
        lambda epochs: sgd(rate, shuffle=shuffle, max_iter=epochs, tol=None).fit(X, y), between=tuple(between)
    )


def sgd_partial_fit(n: int, d: int, *, batch: int | None = None, epochs: int = 1) -> Prepared:
    """Epochs of SGDClassifier.partial_fit: a call on all rows in order, or one a batch in a new order."""
    X, y = rows(n, d)
    model, generator = sgd(shuffle=False), np.random.default_rng(0)

    def call():
        order = generator.permutation(n) if batch else None
        for start in range(0, n, batch or n):
            part = slice(None) if order is None else order[start : start + batch]
            model.partial_fit(X[part], y[part], classes=[0, 1])

    return Prepared(lambda: [call() for _ in range(epochs)], units=1)


def sgd_fit(points: bool = False, n: int = 0, d: int = 0) -> Prepared:
    """SGDClassifier as it is: ``fit`` on five points, or ``partial_fit`` on some rows."""
    if points:
        X, y = _five_points()
        return Prepared(lambda: SGDClassifier(loss="log_loss").fit(X, y))
    X, y = rows(n, d, "float64")
    model = SGDClassifier(loss="log_loss").partial_fit(X, y, classes=[0, 1])
    return Prepared(lambda: model.partial_fit(X, y))


def sgd_run(X: np.ndarray, y: np.ndarray, rate: float) -> np.ndarray:
    """100 epochs per-sample; at the top of a module, so that joblib's processes find it."""
    return sgd(rate, shuffle=False, max_iter=100, tol=None).fit(X, y).coef_


def sgd_five_points() -> Prepared:
    X, y = _five_points()
    return Prepared(lambda: sgd_run(X, y, 0.1))


def sgd_pool(count: int) -> Prepared:
    """A run a rate, by joblib on two processes."""
    from joblib import Parallel, delayed

    (X, y), pool = _five_points(), Parallel(n_jobs=2)
    return Prepared(lambda: pool(delayed(sgd_run)(X, y, rate) for rate in np.linspace(0.001, 1, count)))


def _five_points() -> tuple[np.ndarray, np.ndarray]:
    from soloneuron.data.assignment import assignment_data

    data = assignment_data()
    return data.features.numpy(), data.labels.numpy()


def optimum(n: int, d: int) -> Prepared:
    """No rival: the least loss there is."""
    value = least(n, d)
    return Prepared(lambda: None, found=lambda: {"loss": value})


def logistic(
    n: int, d: int, *, solver: str, optimum: float, within: float, unequal: bool = False, scaled: bool = False
) -> Prepared:
    """LogisticRegression without a penalty, by as few iterations as arrive; if wanted on scaled columns."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = rows(n, d, "float64", unequal=unequal)

    def train(count):
        model = LogisticRegression(C=np.inf, solver=solver, tol=1e-14, max_iter=count)
        return make_pipeline(*[StandardScaler()] * scaled, model).fit(X, y)

    def value(count):
        model = train(count)
        features = model[:-1].transform(X) if scaled else X
        return loss(features, y, model[-1].coef_, model[-1].intercept_)

    return by_fewest(train, value, optimum * (1 + within))


def sparse_optimum(l2: float) -> Prepared:
    """No rival: the least loss with an L2 penalty on the sparse rows."""
    X, y = sparse_rows()
    model = LogisticRegression(C=1 / (len(y) * l2), tol=1e-9, max_iter=5000).fit(X, y)
    value = loss(X, y, model.coef_, model.intercept_, l2)
    return Prepared(lambda: None, found=lambda: {"loss": value})


def sparse_sgd_epoch(between: tuple[int, int]) -> Prepared:
    X, y = sparse_rows()
    return Prepared(lambda epochs: sgd(max_iter=epochs, tol=None).fit(X, y), between=tuple(between))


def sparse_fit(l2: float, optimum: float, within: float, *, solver: str) -> Prepared:
    """Fit with an L2 penalty, by as few epochs as arrive: SGDClassifier, its average, or lbfgs."""
    X, y = sparse_rows()

    def train(count):
        if solver == "lbfgs":
            return LogisticRegression(C=1 / (len(y) * l2), tol=1e-14, max_iter=count).fit(X, y)
        average = solver == "averaged"
        model = SGDClassifier(
            loss="log_loss", alpha=l2, max_iter=count, tol=None, average=average, random_state=0
        )
        return model.fit(X, y)

    def value(count):
        model = train(count)
        return loss(X, y, model.coef_, model.intercept_, l2)

    return by_fewest(train, value, optimum * (1 + within))


def grid_search(n: int, d: int, count: int, folds: int, epochs: int) -> Prepared:
    """GridSearchCV over the rates of SGDClassifier, on two processes."""
    from sklearn.model_selection import GridSearchCV

    X, y = rows(11 * n, d, "float64")
    search = GridSearchCV(
        sgd(max_iter=epochs, tol=None, random_state=0),
        {"eta0": np.logspace(-4, 1, count)},
        cv=folds,
        scoring="neg_log_loss",
        n_jobs=2,
    )

    def held_out():
        best = search.best_estimator_
        return {"held out": loss(X[n:], y[n:], best.coef_, best.intercept_)}

    return Prepared(lambda: search.fit(X[:n], y[:n]), found=held_out)


def probabilities(n: int, d: int) -> Prepared:
    X, y = rows(n, d)
    model = LogisticRegression().fit(X[:1000], y[:1000])
    return Prepared(lambda: model.predict_proba(X))


def numba_rates(count: int) -> Prepared:
    """100 per-sample epochs at every rate, as a loop that numba has compiled."""
    import numba

    @numba.njit
    def train(A, theta, rates, losses):
        for run in range(len(rates)):
            for epoch in range(losses.shape[1]):
                total = 0.0
                for i in range(A.shape[0]):
                    t = 0.0
                    for j in range(A.shape[1]):
                        t += A[i, j] * theta[run, j]
                    e = math.exp(-abs(t))
                    total += max(t, 0.0) + math.log1p(e)
                    r = 1.0 / (1.0 + e) if t > 0 else e / (1.0 + e)
                    for j in range(A.shape[1]):
                        theta[run, j] -= rates[run] * r * A[i, j]
                losses[run, epoch] = total / A.shape[0]

    X, y = _five_points()
    n, d = X.shape
    A = (1 - 2 * y[:, None]) * np.hstack([X, np.ones((n, 1))])
    rates = np.linspace(0.001, 1.0, count)
    return Prepared(lambda: train(A, np.zeros((count, d + 1)), rates, np.zeros((count, 100))))
