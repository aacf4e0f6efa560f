"""Newton's method on a few rows, in plain Python floats.

An update of five rows is a hundred operations of tensors, each of which costs a microsecond or more before it
multiplies anything, and a thousand products of floats, which cost less together than ten of them. The loop
over the columns is unrolled once for each width, as that of ``Scalars`` is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from math import exp, hypot, isfinite, log1p, sqrt
from operator import add, mul
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

from soloneuron.formulas.losses import NLL
from soloneuron.formulas.newton import RIDGE, TINY, halved
from soloneuron.formulas.penalties import L2
from soloneuron.optimizers import Newton
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Theta
from soloneuron.training.engine import Engine, Recorded, Stretch
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan, State

FLOAT_COLUMNS = 8
"""Above this many columns, the bias included, tensors are faster."""

FLOAT_PRODUCTS = 2_000
"""Products of two numbers of a row, over all rows, up to which floats take less than half of the time."""

Floats: TypeAlias = tuple[float, ...]


class _Pass(NamedTuple):
    """What one pass says of theta: sums over the rows, and the highest logit of the wrong class.

    Attributes:
        total: of the losses. right: rows on their right side less those that are not. highest: see there.
        gradient: (k,). bends: the rows of the lower half of the Hessian.
    """

    total: float
    right: int
    highest: float
    gradient: Floats
    bends: tuple[Floats, ...]


_Loops: TypeAlias = tuple[
    Callable[[Sequence[Floats], Floats], _Pass], Callable[[Sequence[Floats], Floats], float]
]

_SOURCE = """
def sums(rows, theta):
    {w}, = theta
    total, right, highest = 0.0, 0, -inf
    {g} = 0.0
    {h} = 0.0
    for {a}, edge in rows:
        t = {product}
        if t > 0.0:
            e = exp(-t)
            f = 1.0 + e
            total += t + log1p(e)
            r = 1.0 / f
        else:
            e = exp(t)
            f = 1.0 + e
            total += log1p(e)
            r = e / f
        if not t <= highest:
            highest = t
        right += (edge > t) - (edge < t)
        bend = e / f / f
        {slopes}
        {bends}
    return Pass(total, right, highest, ({g_list},), ({h_list},))

def value(rows, theta):
    {w}, = theta
    total = 0.0
    for {a}, edge in rows:
        t = {product}
        total += t + log1p(exp(-t)) if t > 0.0 else log1p(exp(t))
    return total
"""


class NewtonScalars:
    """``Newton`` on signed rows one by one: the same trials, and the same numbers to rounding.

    Whatever a float cannot settle, a number beyond the range or a matrix that is not positive definite, is
    left to the engine that this one accelerates, from the beginning of the stretch.

    Args:
        plan: one that suits.
        layout: its rows.
        otherwise: makes the engine that it accelerates.
    """

    patience = 1_000
    seamless = True

    def __init__(self, plan: Plan, layout: RowLayout, otherwise: Callable[[], Engine]) -> None:
        self._plan, self._layout, self._make = plan, layout, otherwise
        edges = layout.edges
        assert edges is not None, "rows in tiles do not suit"
        self._rows = [
            (*row, edge) for row, edge in zip(layout.matrix().tolist(), edges.tolist(), strict=True)
        ]
        self._sums, self._total = _unrolled(plan.columns)
        penalty = layout.neuron.penalty
        self._strength = float(penalty.strength) if isinstance(penalty, L2) else 0.0
        self._held = layout.X.shape[1] if self._strength else 0

    @staticmethod
    def suits(plan: Plan, layout: RowLayout) -> bool:
        """NLL on few whole numbers of rows and columns in float64, with an L2 penalty at most."""
        k, penalty = plan.columns, layout.neuron.penalty
        if type(plan.optimizer) is not Newton or k > FLOAT_COLUMNS or plan.rows * k * k > FLOAT_PRODUCTS:
            return False
        if type(layout.loss) is not NLL or not layout.folded or layout.weights is not None:
            return False
        ridged = (
            type(penalty) is L2 and isinstance(penalty.strength, float | int) and not penalty.penalize_bias
        )
        simple = plan.full_batch and plan.mean_weight is None and not plan.runs and layout.sharded is None
        simple &= isinstance(plan.learning_rate, float) and layout.X.dtype == torch.float64
        return simple and (penalty is None or ridged) and plan.hessian_coordinates is None

    @cached_property
    def _otherwise(self) -> Engine:
        return self._make()

    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        begun, theta, asked = self._plan.epoch(state), tuple(state.theta.tolist()), state.evaluations
        path, counts = list[Floats](), list[int]()
        r, step, fall = theta, theta, 0.0
        for _ in range(epochs):
            found = self._sums(self._rows, theta)
            loss, gradient = self._finished(found, theta)
            turned = _direction(self._bent(found), gradient)
            if turned is None or not isfinite(loss):
                return self._otherwise.advance(state, epochs, every)
            path.append((*theta, loss, *self._beside(found, gradient)))
            counts.append(asked)
            r, fall = turned, -sum(map(mul, gradient, turned))
            t, trials = self._gone(theta, r, loss, fall)
            asked += 1 + len(theta) + trials
            step = tuple([-t * d for d in r]) if t else (0.0,) * len(r)
            theta = tuple(map(add, theta, step))
        if not all(map(isfinite, theta)):
            return self._otherwise.advance(state, epochs, every)
        # One tensor for all that is handed out: to make one takes as long as the arithmetic of an update.
        k, rest = len(theta), (0.0,) * 2
        table = state.theta.new_tensor([*path, (*theta, 0.0, *rest), (*r, -fall, *rest), (*step, 0.0, *rest)])
        narrowed = state.theta.new_zeros(()) if state.memory is None else state.memory.slots["narrowed"]
        slots = {"r": table[-2, :k], "step": table[-1, :k], "decrement": table[-2, k], "narrowed": narrowed}
        memory = OptimizerState(Newton.name, slots, (0 if state.memory is None else state.memory.t) + epochs)
        rows = state.rows + (asked - state.evaluations) * self._plan.rows
        after = State(state.update + epochs, table[-3, :k], memory, asked, rows)
        kept = [done for done in range(epochs) if every and (begun + done) % every == 0]
        return Stretch(after, table[:-3, k], self._recorded(begun, kept, table[:-3], counts))

    def _recorded(self, begun: int, kept: list[int], path: Tensor, counts: list[int]) -> Recorded:
        """What is kept of a path: the epochs by number, from its beginning."""
        # Nearly always all of them: a training that is watched goes epoch by epoch.
        some = path if len(kept) == len(counts) else path[kept]
        epochs, asked = tuple(begun + done for done in kept), tuple(counts[done] for done in kept)
        if not kept:
            return Recorded(epochs, some[:, :-3], asked)
        apart = torch.zeros(len(kept), dtype=torch.bool)
        return Recorded(epochs, some[:, :-3], asked, Measures(some[:, -3], some[:, -2], some[:, -1], apart))

    def _gone(self, theta: Floats, r: Floats, loss: float, fall: float) -> tuple[float, int]:
        """How far to go against a direction, and how many trials that took."""
        trials = 0

        def along(step: float) -> float:
            nonlocal trials
            trials += 1
            return self._value(_moved(theta, r, step))

        first = self._plan.learning_rate
        return halved(along, along(first), loss, fall, torch.float64, first), trials

    def measure(self, thetas: Theta) -> Measures:
        """The measures of thetas (K, k), (K,) each."""
        found = []
        for theta in map(tuple, thetas.tolist()):
            seen = self._sums(self._rows, theta)
            loss, gradient = self._finished(seen, theta)
            found.append((loss, *self._beside(seen, gradient), float(seen.highest < 0)))
        value, norm, share, apart = thetas.new_tensor(found).T
        return Measures(value, norm, share, apart > 0)

    def _beside(self, found: _Pass, gradient: Floats) -> tuple[float, float]:
        """The length of the gradient, and the accuracy."""
        return hypot(*gradient), (self._plan.rows + found.right) / 2 / self._plan.rows

    def _value(self, theta: Floats) -> float:
        return self._total(self._rows, theta) / self._plan.rows + self._cost(theta)

    def _cost(self, theta: Floats) -> float:
        """Of the penalty."""
        return self._strength / 2 * sum(w * w for w in theta[: self._held])

    def _finished(self, found: _Pass, theta: Floats) -> tuple[float, Floats]:
        """Sums over rows as the objective's value and gradient."""
        n, held = self._plan.rows, self._held
        slopes = [
            g / n + self._strength * w * (j < held)
            for j, (g, w) in enumerate(zip(found.gradient, theta, strict=True))
        ]
        return found.total / n + self._cost(theta), tuple(slopes)

    def _bent(self, found: _Pass) -> list[list[float]]:
        """The lower half of the Hessian."""
        H = [[bend / self._plan.rows for bend in row] for row in found.bends]
        for j in range(self._held):
            H[j][j] += self._strength
        return H


def _moved(theta: Floats, r: Floats, t: float) -> Floats:
    return tuple([w - t * d for w, d in zip(theta, r, strict=True)])


def _direction(H: list[list[float]], gradient: Floats) -> Floats | None:
    """H^-1 g by Cholesky's factor of the scaled H, as ``newton_direction``; None where there is none."""
    k = len(gradient)
    root = [1 / sqrt(max(abs(H[j][j]), TINY)) for j in range(k)]
    factor: list[list[float]] = []
    z: list[float] = []
    for i in range(k):
        row: list[float] = []
        for j in range(i):
            known = sum(map(mul, row, factor[j]))
            row.append((H[i][j] * root[i] * root[j] - known) / factor[j][j])
        pivot = H[i][i] * root[i] * root[i] + RIDGE - sum(x * x for x in row)
        if not 0 < pivot < float("inf"):
            return None
        row.append(sqrt(pivot))
        z.append((root[i] * gradient[i] - sum(map(mul, row, z))) / row[i])
        factor.append(row)
    for i in reversed(range(k)):
        z[i] = (z[i] - sum(factor[j][i] * z[j] for j in range(i + 1, k))) / factor[i][i]
    found = tuple(map(mul, z, root))
    return found if all(map(isfinite, found)) else None


@lru_cache(maxsize=FLOAT_COLUMNS)
def _unrolled(columns: int) -> _Loops:
    """The pass and the value alone, written out for one number of columns."""
    width = range(columns)
    lower = [[f"h{i}_{j}" for j in range(i + 1)] for i in width]
    source = _SOURCE.format(
        w=", ".join(f"w{j}" for j in width),
        a=", ".join(f"a{j}" for j in width),
        g=" = ".join(f"g{j}" for j in width),
        h=" = ".join(name for row in lower for name in row),
        product=" + ".join(f"w{j} * a{j}" for j in width),
        slopes="; ".join(f"g{j} += r * a{j}" for j in width),
        bends="; ".join(
            f"b = bend * a{i}; " + "; ".join(f"{name} += b * a{j}" for j, name in enumerate(row))
            for i, row in enumerate(lower)
        ),
        g_list=", ".join(f"g{j}" for j in width),
        h_list=", ".join(f"({', '.join(row)},)" for row in lower),
    )
    namespace: dict[str, object] = {"exp": exp, "log1p": log1p, "inf": float("inf"), "Pass": _Pass}
    exec(source, namespace)
    return namespace["sums"], namespace["value"]  # type: ignore[return-value]
