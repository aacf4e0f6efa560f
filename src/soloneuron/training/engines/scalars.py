"""Descent for few features, or few numbers a batch, in plain Python floats.

A tensor operation costs a microsecond before it multiplies anything; two floats are multiplied in a
fiftieth of that. The loop over the columns is unrolled once for each width, which is what makes it fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, repeat
from math import exp, log

from torch import Tensor

from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.plan import Plan, State

WIDEST = 20
"""Above this many columns tensors are faster."""

WIDEST_IN_ORDER = 10
"""The same for single rows in file order, of which ``Blocks`` knows more: at rate * |x|^2 = 0.5 it takes 0.4
(float32) to 0.7 (float64) of the time of plain floats with 10 columns, at 5 as long to 1.4 times as long."""

LARGEST = 32
"""Above this many numbers in a batch of several rows tensors are faster."""

FACTORS = 1000
"""Factors in [1, 2] that fit under one logarithm."""

_Row = tuple[float, ...]
_Part = tuple[Sequence[_Row], float]
Loop = Callable[[Iterable[Sequence[_Part]], _Row], tuple[_Row, list[float]]]

_LOOP = """
def loop(epochs, theta):
    {seen}, = theta
    losses = []
    for parts in epochs:
        total = 0.0
        for rows, rate in parts:
            {before}
            odds = 1.0
            for {a}, in rows:
                t = {product}
                if t > 0.0:
                    e = exp(-t)
                    total += t
                    step = rate
                else:
                    e = exp(t)
                    step = rate * e
                f = 1.0 + e
                odds *= f
                step /= f
                {update}
            total += log(odds)
            {after}
        losses.append(total)
    return ({seen},), losses
"""


class Scalars:
    """Signed rows one by one: t = a theta, r = sigmoid(t), theta <- theta - rate r a.

    A batch of several rows looks at theta as it was before the batch. The loss of a row is
    softplus(t) = relu(t) + log(1 + e) with e = exp(-|t|); the factors 1 + e are multiplied before one
    logarithm.
    """

    patience = 200_000
    seamless = True

    def __init__(self, plan: Plan, layout: RowLayout, matrix: Tensor) -> None:
        self._plan, self.measure = plan, TileMeasuring(layout, layout.views(matrix))
        self._rows: list[_Row] = [tuple(row) for row in matrix.tolist()]
        self._loop = _unrolled(plan.columns, batch=plan.batch_size > 1)

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Few columns, and one row an update or few numbers."""
        few = plan.batch_size == 1 or plan.batch_size * plan.columns <= LARGEST
        widest = WIDEST_IN_ORDER if plan.batch_size == 1 and not plan.seeds else WIDEST
        return few and plan.columns <= widest

    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        recorder, theta = Recorder(self._plan, state, every), tuple(state.theta.tolist())
        losses: list[float] = []
        # From one recorded epoch to the next; without any, all of them at once.
        wanted = {done for done in range(epochs) if recorder.wants(done)} if every else set[int]()
        for start, end in pairwise(sorted({0, epochs} | wanted)):
            if start in wanted:
                recorder.keep(start, state.theta.new_tensor(theta))
            theta, more = self._loop(self._orders(state, start, end), theta)
            losses += more
        after = self._plan.after(state, epochs, state.theta.new_tensor(theta))
        return Stretch(after, state.theta.new_tensor(losses) / self._plan.rows, recorder.recorded())

    def _orders(self, state: State, start: int, end: int) -> Iterable[Sequence[_Part]]:
        """The parts of each epoch of a stretch."""
        if not self._plan.seeds:
            return repeat(self._fixed, end - start)
        first = self._plan.epoch(state)
        return (self._parts(self._shuffled(first + done)) for done in range(start, end))

    @cached_property
    def _fixed(self) -> list[_Part]:
        return self._parts(self._rows)

    def _shuffled(self, epoch: int) -> list[_Row]:
        order = self._plan.order(epoch)
        return self._rows if order is None else [self._rows[i] for i in order.tolist()]

    def _parts(self, rows: list[_Row]) -> list[_Part]:
        """What stands under one logarithm: a batch, or many single rows; and the rate of a row in it."""
        size = self._plan.batch_size
        parts: list[_Part] = []
        for start in range(0, len(rows), FACTORS if size == 1 else size):
            part = rows[start : start + (FACTORS if size == 1 else size)]
            batch = min(size, len(part))
            parts.append((part, float(self._plan.step_size(batch)) / batch))
        return parts


@lru_cache(maxsize=2 * WIDEST)
def _unrolled(columns: int, *, batch: bool) -> Loop:
    """The loop over epochs, parts and rows, written out for one number of columns.

    Row by row, the theta that is seen is the theta that moves; in a batch the one seen stands still.
    """
    width = range(columns)
    moved = "v" if batch else "w"
    seen, moving = (", ".join(f"{letter}{j}" for j in width) for letter in ("w", moved))
    source = _LOOP.format(
        seen=seen,
        before=f"{moving} = {seen}" if batch else "",
        after=f"{seen} = {moving}" if batch else "",
        a=", ".join(f"a{j}" for j in width),
        product=" + ".join(f"w{j} * a{j}" for j in width),
        update="; ".join(f"{moved}{j} -= step * a{j}" for j in width),
    )
    namespace: dict[str, Loop] = {}
    exec(source, {"exp": exp, "log": log}, namespace)
    return namespace["loop"]
