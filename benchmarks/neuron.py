"""How fast does one neuron train?  python benchmarks/neuron.py [name ...]

Ratios against torch.nn + autograd + SGD, scikit-learn, and, where installed, joblib, numba and JAX jit, each
pair measured in turn in this process. Large shapes in float32.
"""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import torch

from soloneuron.data.assignment import assignment_data
from soloneuron.result.fitting import fit, train_neuron
from soloneuron.training.prepare import prepare

from harness import Report, in_turn, installed, seconds, told
from neuron_rivals import Linear, jax_epochs, numba_sweep, sklearn, sklearn_run


def rows(n: int, d: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(n + d)
    X = torch.randn(n, d, generator=generator) / d**0.5
    noise = torch.randn(n, generator=generator)
    return X, ((X.sum(1) + 0.5 * noise) > 0).to(X.dtype)


def whole_calls(report: Report) -> None:
    data = assignment_data()
    X, y = data.features.tolist(), data.labels.tolist()
    Xn, yn = np.array(X), np.array(y)

    def several(call):
        """Ten calls in a row: one call of half a millisecond would time the caches of what ran before it."""
        return lambda: [call() for _ in range(10)]

    def ours(batch_size):
        return several(lambda: train_neuron(X, y, [0.1, -0.2], 0.0, 0.1, 100, batch_size=batch_size))

    def nn_full():
        rival = Linear(2, 0.1, torch.float64)
        Xt, yt = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
        return [rival.step(Xt, yt) for _ in range(100)]

    def nn_rows():
        rival = Linear(2, 0.1, torch.float64)
        Xt, yt = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
        return [sum(rival.step(Xt[i : i + 1], yt[i : i + 1]) for i in range(5)) / 5 for _ in range(100)]

    def sklearn_rows():
        return sklearn_run(Xn, yn, 0.1)

    full, single = (f"{kind} (5,2), 100 epochs, ten whole calls" for kind in ("full batch", "per-sample"))
    report.race(full, ours(None), "torch.nn loop", several(nn_full), rounds=9, asked=30)
    report.race(single, ours(1), "torch.nn loop", several(nn_rows), rounds=5, asked=150)
    report.race(single, ours(1), "scikit-learn fit", several(sklearn_rows), rounds=15, asked=1.3)


def full_batch(report: Report) -> None:
    shapes = (((1_000_000, 2), 2.7), ((100_000, 30), 2.2), ((1_000_000, 30), 1.9), ((200_000, 500), 2.2))
    for (n, d), asked in shapes:
        X, y = rows(n, d)
        rival, epochs = Linear(d, 0.1), max(1, round(4e7 / (n * d)))
        training = prepare((X, y), learning_rate=0.1, epochs=10**9, record_every=10**9, dtype=torch.float32)

        def ours():
            return training._engine.advance(training.state, epochs)

        def nn():
            return [rival.step(X, y) for _ in range(epochs)]

        work = f"full batch ({n:.0e},{d}), {epochs} epochs"
        report.race(work, ours, "torch.nn", nn, rounds=9, asked=asked)
        if installed("jax"):
            report.race(work, ours, "JAX jit", jax_epochs(X, y, epochs), rounds=7)


def mini_batch(report: Report) -> None:
    from torch.utils.data import DataLoader, TensorDataset

    n, d, m = 20_000, 30, 32
    X, y = rows(n, d)
    Xn, yn = X.numpy(), y.numpy()
    rival, classifier = Linear(d, 0.1), sklearn()
    loader = DataLoader(TensorDataset(X, y), batch_size=m, shuffle=True)
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

    def partial():
        order = np.random.default_rng(0).permutation(n)
        for start in range(0, n, m):
            chosen = order[start : start + m]
            classifier.partial_fit(Xn[chosen], yn[chosen], classes=[0, 1])

    work = "mini-batch 32 shuffled, d=30, an epoch"
    report.race(work, ours, "torch.nn sliced", sliced, rounds=5, asked=35)
    report.race(work, ours, "DataLoader", loaded, rounds=5, asked=55)
    report.race(work, ours, "scikit-learn partial_fit", partial, rounds=5, asked=45)


def per_sample(report: Report) -> None:
    for n, d, asked in ((4096, 500, 1.5), (1024, 5000, 3.0)):
        X, y = rows(n, d)
        Xn, yn = X.numpy(), y.numpy()

        def ours():
            settings = {"batch_size": 1, "learning_rate": 0.1, "epochs": 20, "record_every": 20}
            fit((X, y), dtype=torch.float32, **settings)

        def theirs():
            classifier = sklearn(shuffle=False)
            for _ in range(20):
                classifier.partial_fit(Xn, yn, classes=[0, 1])

        work = f"per-sample, 20 epochs, d={d}, n={n}"
        report.race(work, ours, "scikit-learn partial_fit", theirs, rounds=7, asked=asked)


def sweeps(report: Report) -> None:
    data = assignment_data()
    X, y = data.features.numpy(), data.labels.numpy()

    def ours(runs):
        rates = torch.linspace(0.001, 1.0, runs, dtype=torch.float64)[:, None]
        return lambda: fit(data, learning_rate=rates, epochs=100, batch_size=1, record_every=100)

    if installed("joblib"):
        from joblib import Parallel, delayed

        with Parallel(n_jobs=2) as pool:

            def pooled():
                return pool(delayed(sklearn_run)(X, y, rate) for rate in np.linspace(0.001, 1, 1000))

            work = "1,000 learning rates, per-sample, 5x2"
            report.race(work, ours(1000), "joblib + scikit-learn, 2 proc", pooled, rounds=7, asked=50)
    if installed("numba"):
        loop = numba_sweep(X, y, np.linspace(0.001, 1.0, 10_000))
        work = "10,000 learning rates, per-sample, 5x2"
        report.race(work, ours(10_000), "numba loop, one thread", loop, rounds=9, asked=5)


def start_up(report: Report) -> None:
    def python(*words):
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    asked = {"import soloneuron": 0.15, "soloneuron --help": 0.5, "an empty Python": None}
    words = (("-c", "import soloneuron"), ("-m", "soloneuron", "--help"), ("-c", "pass"))
    taken = in_turn(dict(zip(asked, (python(*some) for some in words), strict=True)), 7)
    for name, time in taken.items():
        report.alone(name, time, asked=asked[name])


PARTS = (whole_calls, full_batch, mini_batch, per_sample, sweeps, start_up)


def main() -> int:
    warnings.simplefilter("ignore")
    report = Report(
        "How fast does one neuron train? Medians of rounds that take turns.",
        *("torch", "numpy", "scikit-learn", "joblib", "numba", "jax"),
    )
    chosen = [part for part in PARTS if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]]
    taken = sum(seconds(lambda: part(report)) for part in chosen)
    print(f"\n{told(taken)} in all")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
