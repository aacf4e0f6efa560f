"""Descent for few features, or few numbers a batch, in plain Python floats.

A tensor operation costs a microsecond before it multiplies anything; two floats are multiplied in a
fiftieth of that. The loop over the columns is unrolled once for each width, which is what makes it fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import exp, log

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows
from soloneuron.training.plan import Plan, State

WIDEST = 20
"""Above this many columns tensors are faster."""

LARGEST = 32
"""Above this many numbers in a batch of several rows tensors are faster."""

FACTORS = 1000
"""Factors in [1, 2] that fit under one logarithm."""

Row = tuple[float, ...]
Sweep = Callable[[Sequence[Row], Row, float], tuple[Row, float]]

_SWEEP = """
def sweep(rows, theta, rate):
    {seen}, = {moved}, = theta
    cost, odds = 0.0, 1.0
    for {a}, in rows:
        t = {product}
        if t > 0.0:
            e = exp(-t)
            cost += t
            step = rate / (1.0 + e)
        else:
            e = exp(t)
            step = rate * e / (1.0 + e)
        odds *= 1.0 + e
        {update}
    return ({moved},), cost + log(odds)
"""


class Scalars:
    """Signed rows one by one: t = a theta, r = sigmoid(t), theta <- theta - rate r a.

    A batch of several rows looks at theta as it was before the batch. The loss of a row is
    softplus(t) = relu(t) + log(1 + e) with e = exp(-|t|); the factors 1 + e are multiplied before one
    logarithm.
    """

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run, few columns, and one row an update or few numbers."""
        few = plan.batch_size == 1 or plan.batch_size * plan.columns <= LARGEST
        return few and plan.columns <= WIDEST and not plan.runs and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows: list[Row] = [tuple(row) for row in signed_rows(plan).tolist()]
        self._sweep = _unrolled(plan.columns, batch=plan.batch_size > 1)

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta: Row = tuple(state.theta.tolist())
        sweep, losses = self._sweep, []
        fixed = None if self._plan.seeds else list(self._parts(self._rows))
        for epoch in range(state.epoch, state.epoch + epochs):
            total = 0.0
            for rows, rate in fixed or self._parts(self._shuffled(epoch)):
                theta, cost = sweep(rows, theta, rate)
                total += cost
            losses.append(total / self._plan.rows)
        dtype = state.theta.dtype
        after = State(state.epoch + epochs, torch.tensor(theta, dtype=dtype))
        return after, torch.tensor(losses, dtype=dtype)

    def _shuffled(self, epoch: int) -> list[Row]:
        order = self._plan.order(epoch)
        return self._rows if order is None else [self._rows[i] for i in order.tolist()]

    def _parts(self, rows: list[Row]) -> Iterator[tuple[list[Row], float]]:
        """What one call of the sweep takes: a batch, or many single rows; and the rate of a row in it."""
        size = self._plan.batch_size
        for start in range(0, len(rows), FACTORS if size == 1 else size):
            part = rows[start : start + (FACTORS if size == 1 else size)]
            batch = min(size, len(part))
            yield part, float(self._plan.step_size(batch)) / batch


@lru_cache(maxsize=2 * WIDEST)
def _unrolled(columns: int, *, batch: bool) -> Sweep:
    """The sweep over some rows, written out for one number of columns.

    Row by row, the theta that is seen is the theta that moves; in a batch the one seen stands still.
    """
    width = range(columns)
    moved = "v" if batch else "w"
    source = _SWEEP.format(
        seen=", ".join(f"w{j}" for j in width),
        moved=", ".join(f"{moved}{j}" for j in width),
        a=", ".join(f"a{j}" for j in width),
        product=" + ".join(f"w{j} * a{j}" for j in width),
        update="; ".join(f"{moved}{j} -= step * a{j}" for j in width),
    )
    room: dict[str, Sweep] = {}
    exec(source, {"exp": exp, "log": log}, room)
    return room["sweep"]
