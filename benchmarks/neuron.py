"""How fast does one neuron train?  python benchmarks/neuron.py [name ...]

Ratios against torch.nn + autograd + SGD, scikit-learn, and, where installed, joblib, numba and JAX jit, each
pair measured in turn in this process. Large shapes in float32.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings

import numpy as np
import torch

from soloneuron.data.assignment import assignment_data
from soloneuron.training.api import fit, prepare, train_neuron

from harness import Report, machine, ratio, seconds

REPORT = Report()


def rows(n: int, d: int, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor]:
    dice = torch.Generator().manual_seed(n + d)
    X = torch.randn(n, d, generator=dice, dtype=dtype) / d**0.5
    noise = torch.randn(n, generator=dice, dtype=dtype)
    return X, ((X.sum(1) + 0.5 * noise) > 0).to(dtype)


class Linear:
    """The rival as people write it: torch.nn.Linear, BCEWithLogitsLoss, autograd, torch.optim.SGD."""

    def __init__(self, d: int, rate: float, dtype: torch.dtype) -> None:
        self.model = torch.nn.Linear(d, 1, dtype=dtype)
        self.loss = torch.nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate)

    def step(self, X: torch.Tensor, y: torch.Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(X)[:, 0], y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def whole_calls() -> None:
    data = assignment_data()
    X, y = data.features.tolist(), data.labels.tolist()

    def ours(batch_size):
        return lambda: train_neuron(X, y, [0.1, -0.2], 0.0, 0.1, 100, batch_size=batch_size)

    def several(call):
        """Ten calls in a row: one call of half a millisecond would time the caches of what ran before it."""
        return lambda: [call() for _ in range(10)]

    def nn_full():
        rival = Linear(2, 0.1, torch.float64)
        Xt, yt = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
        return [rival.step(Xt, yt) for _ in range(100)]

    def nn_rows():
        rival = Linear(2, 0.1, torch.float64)
        Xt, yt = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
        return [sum(rival.step(Xt[i : i + 1], yt[i : i + 1]) for i in range(5)) / 5 for _ in range(100)]

    def sklearn_rows():
        from sklearn.linear_model import SGDClassifier

        rival = SGDClassifier(
            loss="log_loss",
            penalty=None,
            learning_rate="constant",
            eta0=0.1,
            shuffle=False,
            max_iter=100,
            tol=None,
        )
        return rival.fit(Xn, yn)

    Xn, yn = np.array(X), np.array(y)
    REPORT.line(
        "full batch (5,2), 100 epochs, ten whole calls",
        "torch.nn loop",
        ratio(several(ours(None)), several(nn_full), 9),
        30,
    )
    REPORT.line(
        "per-sample (5,2), 100 epochs, ten whole calls",
        "torch.nn loop",
        ratio(several(ours(1)), several(nn_rows), 5),
        150,
    )
    REPORT.line(
        "per-sample (5,2), 100 epochs, ten whole calls",
        "scikit-learn fit",
        ratio(several(ours(1)), several(sklearn_rows), 15),
        1.3,
    )


def full_batch() -> None:
    for (n, d), asked in (
        ((1_000_000, 2), 2.7),
        ((100_000, 30), 2.2),
        ((1_000_000, 30), 1.9),
        ((200_000, 500), 2.2),
    ):
        X, y = rows(n, d)
        rival = Linear(d, 0.1, torch.float32)
        training = prepare((X, y), learning_rate=0.1, epochs=10**9, record_every=10**9, dtype=torch.float32)
        epochs = max(1, round(4e7 / (n * d)))
        state = training.state
        measured = ratio(
            lambda: training._engine.advance(state, epochs),
            lambda: [rival.step(X, y) for _ in range(epochs)],
            9,
        )
        REPORT.line(f"full batch epoch ({n:.0e},{d})", "torch.nn", measured, asked)
        if _installed("jax"):
            REPORT.line(
                f"full batch epoch ({n:.0e},{d})", "JAX jit", _against_jax(training, X, y, epochs), None
            )


def _against_jax(training, X, y, epochs):
    import jax
    import jax.numpy as jnp

    Xj, yj = jnp.asarray(X.numpy()), jnp.asarray(y.numpy())

    def cost(theta):
        z = Xj @ theta[:-1] + theta[-1]
        return jnp.mean(jnp.logaddexp(0.0, z) - yj * z)

    @jax.jit
    def step(theta):
        value, gradient = jax.value_and_grad(cost)(theta)
        return theta - 0.1 * gradient, value

    def theirs():
        theta = jnp.zeros(X.shape[1] + 1)
        for _ in range(epochs):
            theta, _ = step(theta)
        return theta.block_until_ready()

    return ratio(lambda: training._engine.advance(training.state, epochs), theirs, 7)


def mini_batch() -> None:
    from sklearn.linear_model import SGDClassifier
    from torch.utils.data import DataLoader, TensorDataset

    n, d, m = 20_000, 30, 32
    X, y = rows(n, d)
    rival, loader = (
        Linear(d, 0.1, torch.float32),
        DataLoader(TensorDataset(X, y), batch_size=m, shuffle=True),
    )
    training = prepare(
        (X, y), learning_rate=0.1, epochs=10**9, batch_size=m, shuffle=True, seed=0, dtype=torch.float32
    )

    def ours():
        training._engine.advance(training.state, 1)

    def sliced():
        order = torch.randperm(n)
        for start in range(0, n, m):
            chosen = order[start : start + m]
            rival.step(X[chosen], y[chosen])

    def loaded():
        for Xb, yb in loader:
            rival.step(Xb, yb)

    sk = SGDClassifier(loss="log_loss", penalty=None, learning_rate="constant", eta0=0.1)
    Xn, yn = X.numpy(), y.numpy()

    def partial():
        order = np.random.default_rng(0).permutation(n)
        for start in range(0, n, m):
            chosen = order[start : start + m]
            sk.partial_fit(Xn[chosen], yn[chosen], classes=[0, 1])

    REPORT.line("mini-batch 32 shuffled, d=30", "torch.nn sliced", ratio(ours, sliced, 5), 35)
    REPORT.line("mini-batch 32 shuffled, d=30", "DataLoader", ratio(ours, loaded, 5), 55)
    REPORT.line("mini-batch 32 shuffled, d=30", "scikit-learn partial_fit", ratio(ours, partial, 5), 45)


def per_sample() -> None:
    from sklearn.linear_model import SGDClassifier

    for n, d, asked in ((4096, 500, 1.5), (1024, 5000, 3.0)):
        X, y = rows(n, d)
        Xn, yn = X.numpy(), y.numpy()

        def ours(X=X, y=y):
            settings = {"batch_size": 1, "learning_rate": 0.1, "epochs": 20, "record_every": 20}
            fit((X, y), dtype=torch.float32, **settings)

        def theirs(Xn=Xn, yn=yn):
            rival = SGDClassifier(
                loss="log_loss", penalty=None, learning_rate="constant", eta0=0.1, shuffle=False
            )
            for _ in range(20):
                rival.partial_fit(Xn, yn, classes=[0, 1])

        REPORT.line(
            f"per-sample, 20 epochs, d={d}, n={n}", "scikit-learn partial_fit", ratio(ours, theirs, 7), asked
        )


def sweeps() -> None:
    data = assignment_data()

    def ours(runs):
        rates = torch.linspace(0.001, 1.0, runs, dtype=torch.float64)[:, None]
        return lambda: fit(data, learning_rate=rates, epochs=100, batch_size=1, record_every=100)

    if _installed("joblib"):
        REPORT.line(
            "1,000 learning rates, per-sample, 5x2", "joblib + scikit-learn, 2 proc", _joblib(ours(1000)), 50
        )
    if _installed("numba"):
        theirs = _numba(data, 10_000)
        REPORT.line(
            "10,000 learning rates, per-sample, 5x2",
            "numba loop, one thread",
            ratio(ours(10_000), theirs, 9),
            5,
        )


def _sklearn_run(X, y, rate):
    from sklearn.linear_model import SGDClassifier

    settings = {"learning_rate": "constant", "shuffle": False, "max_iter": 100, "tol": None}
    return SGDClassifier(loss="log_loss", penalty=None, eta0=rate, **settings).fit(X, y).coef_


def _joblib(ours):
    from joblib import Parallel, delayed

    data = assignment_data()
    X, y = data.features.numpy(), data.labels.numpy()
    with Parallel(n_jobs=2) as pool:
        return ratio(
            ours, lambda: pool(delayed(_sklearn_run)(X, y, rate) for rate in np.linspace(0.001, 1, 1000)), 7
        )


def _numba(data, runs):
    import math

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

    sign = 1 - 2 * data.labels.numpy()[:, None]
    A = sign * np.hstack([data.features.numpy(), np.ones((5, 1))])
    rates = np.linspace(0.001, 1.0, runs)
    return lambda: train(A, np.zeros((runs, 3)), rates, np.zeros((runs, 100)))


def start_up() -> None:
    def python(*words):
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    empty = min(seconds(python("-c", "pass")) for _ in range(5))
    for name, words, most in (
        ("import soloneuron", ("-c", "import soloneuron"), 0.15),
        ("soloneuron --help", ("-m", "soloneuron", "--help"), 0.5),
    ):
        taken = sorted(seconds(python(*words)) for _ in range(7))[3]
        verdict = "" if taken <= most else "  SHORT"
        print(f"{name:46s} {taken:.3f} s (asked <= {most} s; an empty Python {empty:.3f} s){verdict}")
        if verdict:
            REPORT.short.append(f"{name}: {taken:.3f} s")


def _installed(name: str) -> bool:
    from importlib.util import find_spec

    if find_spec(name) is None:
        print(f"({name} is not installed: pip install 'soloneuron[bench]' compares with it)")
        return False
    return True


PARTS = (whole_calls, full_batch, mini_batch, per_sample, sweeps, start_up)

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    machine("soloneuron", "torch", "numpy", "scikit-learn", "joblib", "numba", "jax")
    began = time.perf_counter()
    for part in PARTS:
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part()
    print(f"\n{time.perf_counter() - began:.0f} s in all")
    sys.exit(REPORT.close())
