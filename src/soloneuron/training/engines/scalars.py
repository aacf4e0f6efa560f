"""Per-sample descent for few features, in plain Python floats.

A tensor operation costs a microsecond before it multiplies anything; two floats are multiplied in a
fiftieth of that. The loop over the columns is unrolled once for each width, which is what makes it fast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp, log

import torch
from torch import Tensor

from soloneuron.training.engines.signed import is_signed, signed_rows
from soloneuron.training.plan import Plan, State

WIDEST = 20
"""Above this many columns blocks of tensors are faster."""

Row = tuple[float, ...]
Sweep = Callable[[Sequence[Row], Row, float], tuple[Row, float]]

_SWEEP = """
def sweep(rows, theta, rate):
    {theta}, = theta
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
    return ({theta},), cost + log(odds)
"""


class Scalars:
    """Signed rows taken one by one: t = a theta, theta <- theta - rate sigmoid(t) a.

    The loss of a row is softplus(t) = relu(t) + log(1 + e) with e = exp(-|t|); the factors 1 + e lie in
    [1, 2] and are multiplied, for at most 1,000 rows, before one logarithm.
    """

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run, one row an update, few columns."""
        return not plan.runs and plan.batch_size == 1 and plan.columns <= WIDEST and is_signed(plan)

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rate = float(plan.step_size(1))
        self._rows: list[Row] = [tuple(row) for row in signed_rows(plan).tolist()]
        self._sweep = _unrolled(plan.columns)

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta: Row = tuple(state.theta.tolist())
        losses = []
        for epoch in range(state.epoch, state.epoch + epochs):
            order = self._plan.order(epoch)
            rows = self._rows if order is None else [self._rows[i] for i in order.tolist()]
            total = 0.0
            for start in range(0, len(rows), 1000):
                theta, cost = self._sweep(rows[start : start + 1000], theta, self._rate)
                total += cost
            losses.append(total / len(rows))
        dtype = state.theta.dtype
        after = State(state.epoch + epochs, torch.tensor(theta, dtype=dtype))
        return after, torch.tensor(losses, dtype=dtype)


@lru_cache(maxsize=WIDEST)
def _unrolled(columns: int) -> Sweep:
    """The sweep over some rows, written out for one number of columns."""
    source = _SWEEP.format(
        theta=", ".join(f"w{j}" for j in range(columns)),
        a=", ".join(f"a{j}" for j in range(columns)),
        product=" + ".join(f"w{j} * a{j}" for j in range(columns)),
        update="\n        ".join(f"w{j} -= step * a{j}" for j in range(columns)),
    )
    room: dict[str, Sweep] = {}
    exec(source, {"exp": exp, "log": log}, room)
    return room["sweep"]
