"""The rivals of ``neuron.py`` that compute on tensors or are compiled: torch.nn, JAX, and a loop in C."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from neuron_data import rows
from processes import Prepared, by_fewest

C_LOOP = r"""
#include <math.h>
#define BLOCK 256
/* Full-batch descent on row-major X (n, D): blocks stay in cache, every loop over a block is vectorized. */
void train(const float *X, const float *y, long n, float *w, float *b, float rate, long epochs,
           float *losses) {
    for (long e = 0; e < epochs; e++) {
        float g[D] = {0};
        double gb = 0, total = 0;
        for (long first = 0; first < n; first += BLOCK) {
            const int m = n - first < BLOCK ? n - first : BLOCK;
            const float *rows = X + first * D, *labels = y + first;
            float z[BLOCK], r[BLOCK], loss = 0, rb = 0;
            for (int i = 0; i < m; i++) {
                float s = *b;
                for (int j = 0; j < D; j++) s += rows[i * D + j] * w[j];
                z[i] = s;
            }
            for (int i = 0; i < m; i++) {
                const float q = expf(-fabsf(z[i])), positive = 1 / (1 + q);
                loss += fmaxf(z[i], 0) - labels[i] * z[i] + logf(1 + q);
                r[i] = (z[i] > 0 ? positive : 1 - positive) - labels[i];
                rb += r[i];
            }
            for (int i = 0; i < m; i++)
                for (int j = 0; j < D; j++) g[j] += r[i] * rows[i * D + j];
            gb += rb;
            total += loss;
        }
        for (int j = 0; j < D; j++) w[j] -= rate * g[j] / n;
        *b -= rate * gb / n;
        losses[e] = total / n;
    }
}
"""


def c_loop(n: int, d: int, epochs: int, flags: Sequence[str] = ()) -> Prepared:
    """The loop, compiled for this machine and this number of columns.

    Without -ffast-math the compiler may not reorder sums, and calls expf and logf a number at a time.
    """
    flags = ["-O3", "-march=native", *flags, "-shared", "-fPIC", f"-DD={d}"]
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "loop.c"), Path(folder, "loop.so")
        source.write_text(C_LOOP)
        subprocess.run(["gcc", *flags, str(source), "-o", str(library), "-lm"], check=True)
        train = ctypes.CDLL(str(library)).train
    X, y = rows(n, d)
    pointer = ctypes.POINTER(ctypes.c_float)
    losses = np.zeros(epochs, np.float32)

    def call():
        w, b = np.zeros(d, np.float32), np.zeros(1, np.float32)
        at = [part.ctypes.data_as(pointer) for part in (X, y, w, b, losses)]
        train(*at[:2], ctypes.c_long(n), *at[2:4], ctypes.c_float(0.1), ctypes.c_long(epochs), at[4])

    call()
    if not losses[-1] < losses[0]:
        raise RuntimeError(f"the loop in C does not train: {losses}")
    return Prepared(call)


class Linear:
    """torch.nn.Linear, BCEWithLogitsLoss, autograd, and an optimizer of torch in its fused form."""

    def __init__(self, d: int, optimizer: str = "SGD", dtype: object = None, **settings: object) -> None:
        import torch

        self.model = torch.nn.Linear(d, 1, dtype=dtype)
        self.loss = torch.nn.BCEWithLogitsLoss()
        kind = getattr(torch.optim, optimizer)
        self.optimizer = kind(self.model.parameters(), **{"lr": 0.1, "fused": True, **settings})

    def step(self, X: object, y: object) -> object:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(X)[:, 0], y)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def torch_full(n: int, d: int, epochs: int) -> Prepared:
    """Full-batch epochs, losses kept."""
    import torch

    X, y = (torch.from_numpy(part) for part in rows(n, d))
    rival = Linear(d)
    return Prepared(lambda: [rival.step(X, y) for _ in range(epochs)], units=epochs)


def torch_batches(
    n: int, d: int, batch: int, *, units: int = 1, loader: bool = False, **optimizer: object
) -> Prepared:
    """An epoch of shuffled batches: rows gathered by a permutation, or a DataLoader."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    X, y = (torch.from_numpy(part) for part in rows(n, d))
    rival = Linear(d, **optimizer)
    loaded = DataLoader(TensorDataset(X, y), batch_size=batch, shuffle=True)

    def gathered():
        for chosen in torch.randperm(n).split(batch):
            yield X.index_select(0, chosen), y.index_select(0, chosen)

    return Prepared(lambda: [rival.step(*part) for part in (loaded if loader else gathered())], units=units)


def torch_lbfgs(n: int, d: int, *, optimum: float, within: float) -> Prepared:
    """torch.optim.LBFGS with the strong Wolfe search, by as few iterations as arrive."""
    import torch

    X, y = (torch.from_numpy(part) for part in rows(n, d, "float64"))
    cost = torch.nn.functional.binary_cross_entropy_with_logits

    def train(count):
        model = torch.nn.Linear(d, 1, dtype=X.dtype)
        torch.nn.init.zeros_(model.weight)
        torch.nn.init.zeros_(model.bias)
        optimizer = torch.optim.LBFGS(
            model.parameters(), max_iter=count, max_eval=10 * count, line_search_fn="strong_wolfe",
            tolerance_grad=0, tolerance_change=0,
        )  # fmt: skip

        def closure():
            optimizer.zero_grad()
            value = cost(model(X)[:, 0], y)
            value.backward()
            return value

        optimizer.step(closure)
        return model

    def value(count):
        with torch.no_grad():
            return cost(train(count)(X)[:, 0], y).item()

    return by_fewest(train, value, optimum * (1 + within))


def torch_five_points(batch_size: int | None) -> Prepared:
    """100 epochs on five points, a loss an epoch."""
    import torch

    from soloneuron.data.assignment import assignment_data

    data = assignment_data()
    X, y = data.features, data.labels

    def call():
        rival = Linear(2, dtype=torch.float64)
        parts = [(X, y)] if batch_size is None else list(zip(X.split(1), y.split(1), strict=True))
        return [sum(rival.step(*part) for part in parts).item() / len(parts) for _ in range(100)]

    return Prepared(call)


def jax_scan(n: int, d: int, epochs: int) -> Prepared:
    """Full-batch epochs as one compiled scan, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, list(os.sched_getaffinity(0))[-1:])
    import jax
    import jax.numpy as jnp

    X, y = (jnp.asarray(part) for part in rows(n, d))

    def cost(theta, X, y):
        z = X @ theta[:-1] + theta[-1]
        return jnp.mean(jnp.logaddexp(0.0, z) - y * z)

    def step(theta, _, X, y):
        value, gradient = jax.value_and_grad(cost)(theta, X, y)
        return theta - 0.1 * gradient, value

    @jax.jit
    def train(theta, X, y):
        return jax.lax.scan(lambda theta, _: step(theta, _, X, y), theta, length=epochs)

    return Prepared(lambda: jax.block_until_ready(train(jnp.zeros(d + 1), X, y)))
