"""Nonlinear conjugate gradients: a direction that does not undo the last one, and a line search along it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Self

import torch
from torch import Tensor

from soloneuron.optimizers.searching import Asked, Searching, tried
from soloneuron.optimizers.settings import count, number
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.wolfe import Trial, search
from soloneuron.shapes import Gradient, Theta, Values

CONJUGATE_FLATNESS = 0.1
"""How flat a step must end: flatter than a quasi-Newton method asks, or directions lose their conjugacy."""


class ConjugateGradient(Searching):
    """Steepest descent that remembers its last direction, by the formula of Polak and Ribiere.

    Formula, with h the gradient before::

        beta = max(g . (g - h) / (h . h), 0)       0 at the first step
        r <- g + beta r;  g where g . r <= 0
        theta <- theta - t r                       t by the strong Wolfe conditions, with c2 = 0.1

    On a quadratic of k coordinates with exact searches it is there in k steps. Where a search does not move,
    g - h is 0 and the next direction the gradient. Kinks of a loss are rounded off as for ``LBFGS``; those of
    a penalty are not known, so weights do not become exactly 0. Scale matters: standardize columns.

    It asks for as many evaluations as the search wants, so it has ``update(theta, objective, state)`` only,
    and theta is one vector (d+1,).

    Args:
        learning_rate: how far the very first trial moves theta at most, finite and > 0, 1 unless given.
        iterations: how many directions an update follows at most, >= 1; 20 unless given.
        evaluations: when an update stops, >= 1; 25 unless given.
        gradient_tolerance: an update ends when no coordinate of g is larger; 1e-7 unless given.
        change_tolerance: or when theta or the value change by less; 1e-9 unless given.

    Raises:
        InputError: weight decay, clipping or maximize, which belong into the objective here.
        ShapeError: theta with run axes.

    Source: Polak and Ribiere (1969) with the maximum of Gilbert and Nocedal, SIAM Journal on Optimization 2
    (1992); Nocedal and Wright, Numerical Optimization (2006), section 5.2. SciPy's fmin_cg is the same with a
    search of its own; torch and optax have none.
    """

    name = "conjugate_gradient"
    on_sample = 0
    narrowest = 1e-7
    asks_again = True
    iterations = count(20, 1)
    evaluations = count(25, 1)
    gradient_tolerance = number(1e-7, "[0, inf)", tensor=False)
    change_tolerance = number(1e-9, "[0, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading: of one direction, so only with ``iterations=1``."""
        if self.iterations > 1:
            return ()
        return (
            "d = g - h",
            "a = dot(g, d)",
            "b = dot(h, h)",
            "beta = max(a / b, 0) if b > 0 else 0",
            "r = g + beta * r",
            "c = dot(g, r)",
            "r = r if c > 0 else g",
            "h = g",
            "t = search(r)",
            "step = -t * r",
            "theta = theta + step",
        )

    def one_direction(self) -> Self:
        """With ``iterations=1``."""
        return self.replace(iterations=1)

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for the last direction and step, the gradient before, and the decrease that was foretold."""
        foretold = theta.new_zeros((), dtype=torch.float64)
        return {**super().begin(theta), "h": torch.zeros_like(theta), "foretold": foretold}

    def names(self, gradient: Gradient, before: OptimizerState, after: OptimizerState) -> dict[str, Any]:
        """The direction and the gradient before, the t of the line search, and the gradient that it saw."""
        seen = {"grad": lambda _: after.slots["h"]}
        return {**before.slots, **super().names(gradient, before, after), **seen}

    def promise(self, state: OptimizerState) -> None:
        """Nobody knows: a slope along one direction says little of the others."""

    def descend(self, function: Asked, theta: Theta, state: OptimizerState) -> tuple[Values, Tensor]:
        """Follow up to ``iterations`` directions."""
        slots = state.slots
        # All is worked out beside theta and state: an objective that raises leaves both as they were.
        line = _Line(function, theta.clone(), slots["r"], slots["h"], float(slots["foretold"]))
        value, g = function(theta)
        here, used, t, step = line.read(0.0, value, g), 1, state.t, torch.zeros_like(theta)
        for _ in range(self.iterations):
            t += 1
            start = line.turned(here)
            step = torch.zeros_like(theta)
            if not self.gradient_tolerance * function.scale < line.reach(here.notes) < math.inf:
                break
            here, asks = search(
                line,
                start,
                line.first(start, self.learning_rate),
                lambda: line.reach(line.r),
                flatness=CONJUGATE_FLATNESS,
            )
            used += asks
            step = line.gone(start, here)
            small = float(step.abs().max()) <= self.change_tolerance
            small |= abs(here.f - start.f) < self.change_tolerance * function.scale
            if small or used >= self.evaluations:
                break
        theta.copy_(line.x)
        for name, kept in (("r", line.r), ("h", line.h), ("step", step)):
            slots[name].copy_(kept)
        slots["foretold"].fill_(line.foretold)
        state.t = t
        return value, (torch.as_tensor(value) - here.f).to(theta)


class _Line:
    """The objective against one direction after another.

    Args:
        function: the objective.
        x: where it all begins.
        r: the last direction.
        h: the gradient where that one was chosen, 0 where there was none.
        foretold: the last step times the slope that it began with.
    """

    def __init__(self, function: Asked, x: Theta, r: Tensor, h: Gradient, foretold: float) -> None:
        self._function = function
        self.x, self.r, self.h, self.foretold = x, r, h, foretold

    def turned(self, here: Trial[Gradient]) -> Trial[Gradient]:
        """Choose the direction where the line stands: its trial at 0."""
        g, h = here.notes, self.h
        square = float(h.dot(h))
        beta = max(float(g.dot(g - h)) / square, 0.0) if square > 0 else 0.0
        r = g + beta * self.r
        self.r = r if float(g.dot(r)) > 0 else g
        self.h = g
        return replace(here, t=0.0, slope=-float(g.dot(self.r)))

    def first(self, start: Trial[Gradient], longest: float) -> float:
        """The first step to try: one that foretells the same decrease as the last, or a short one."""
        # Of the slope nothing, or next to nothing, is left where g . g underflows.
        step = self.foretold / start.slope if start.slope else 0.0
        if 0 < step < math.inf:
            return step
        return longest * min(1.0, 1 / float(start.notes.abs().sum()))

    def __call__(self, t: float) -> Trial[Gradient]:
        """The trial of a step."""
        found = tried(self._function, self.x.sub(self.r, alpha=t))
        return Trial(t, math.inf, math.nan, self.h) if found is None else self.read(t, *found)

    def read(self, t: float, value: Values, g: Gradient) -> Trial[Gradient]:
        """A trial from what the objective said."""
        f, slope = float(value), -float(g.dot(self.r))
        if not (math.isfinite(f) and math.isfinite(slope)):
            f, slope = math.inf, math.nan
        return Trial(t, f, slope, g.clone())

    def gone(self, start: Trial[Gradient], end: Trial[Gradient]) -> Tensor:
        """Go to the end of a search; the step in theta."""
        # To the bit the point of that trial: who remembers answers need not be asked there again.
        self.x = self.x.sub(self.r, alpha=end.t)
        self.foretold = end.t * start.slope
        return self.r * -end.t

    @staticmethod
    def reach(x: Tensor) -> float:
        """The largest coordinate."""
        return float(x.abs().max())
