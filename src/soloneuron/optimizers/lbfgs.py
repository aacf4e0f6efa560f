"""L-BFGS: Newton's direction from the last few steps and gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.optimizers.settings import count, number
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.wolfe import Trial, search
from soloneuron.shapes import Gradient, Theta, Values

CURVATURE = 1e-10


class LBFGS(Optimizer):
    """A quasi-Newton method with limited memory and a strong Wolfe line search.

    Formula, over the pairs s = theta_(k+1) - theta_k, y = g_(k+1) - g_k from the latest to the oldest and
    back (the two-loop recursion), starting from H = (s . y) / (y . y) of the latest pair::

        a_i = (s_i . q) / (y_i . s_i),  q <- q - a_i y_i       downwards from q = g
        r = H q,  r <- r + s_i (a_i - (y_i . r) / (y_i . s_i)) upwards
        theta <- theta - t r                                   t from the line search

    It asks for as many evaluations as the search wants, so it has ``update(theta, objective, state)`` only,
    and it stands outside the run axis: theta is one vector (d+1,). Batches must not change within an update.

    Args:
        learning_rate: the first step the search tries, finite and > 0, 1 unless given.
        iterations: how many directions an update follows at most, >= 1; 20 unless given.
        evaluations: when an update stops, >= 1; 25 unless given.
        history: how many pairs are kept, >= 1; 10 unless given.
        gradient_tolerance: an update ends when no coordinate of g is larger; 1e-7 unless given.
        change_tolerance: or when theta or the value change by less; 1e-9 unless given.

    Raises:
        InputError: weight decay, clipping or maximize, which belong into the objective here.
        ShapeError: theta with run axes.

    Source: Nocedal, Mathematics of Computation 35 (1980); Liu and Nocedal, Mathematical Programming 45
    (1989). Equals torch.optim.LBFGS(line_search_fn="strong_wolfe"), whose history is 100.
    """

    name = "lbfgs"
    needs = "objective"
    learning_rate = number(1.0, "(0, inf)", tensor=False)
    iterations = count(20, 1)
    evaluations = count(25, 1)
    history = count(10, 1)
    gradient_tolerance = number(1e-7, "[0, inf)", tensor=False)
    change_tolerance = number(1e-9, "[0, inf)", tensor=False)

    def check(self) -> None:
        """A line search needs the gradient of the very function that it sees."""
        if not self.takes_gradients_as_they_are:
            raise InputError(
                "LBFGS must see the whole objective: put weight decay, clipping or the sign into it",
                code="lbfgs.objective",
            )

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading: of one direction, so only with ``iterations=1``."""
        return (
            ("r = H(g)", "t = search(r)", "step = -t * r", "theta = theta + step")
            if self.iterations == 1
            else ()
        )

    def names(self, gradient: Gradient, before: OptimizerState, after: OptimizerState) -> dict[str, Any]:
        """The direction r = H g of the two-loop recursion, and the t that the line search has found."""
        pairs = Pairs.of(before)
        if before.t > 0:
            pairs.learn(gradient, self.history)
        r, step = -pairs.newton(gradient), after.slots["step"]
        moved = after.t > before.t and bool(r.any())
        t = 0.0 - step.dot(r) / r.dot(r) if moved else 0.0
        return {"H": lambda _: r, "search": lambda _: t}

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for ``history`` pairs, and what the next pair is made of."""
        if theta.dim() != 1:
            raise ShapeError(
                f"theta must be one vector (d+1,) for LBFGS, which has no run axis, got {tuple(theta.shape)}",
                code="lbfgs.runs",
            )
        pairs = theta.new_zeros(self.history, len(theta))
        return {
            "s": pairs,
            "y": pairs.clone(),
            "kept": torch.zeros((), dtype=torch.int64),
            "step": torch.zeros_like(theta),
            "last": torch.zeros_like(theta),
        }

    def promise(self, state: OptimizerState) -> Tensor:
        """Half of the decrease that the gradient before it foretold of the last step."""
        return -state.slots["last"].dot(state.slots["step"]) / 2

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:  # noqa: ARG002
        """Refused: one gradient is not enough."""
        raise InputError(
            "LBFGS needs a number of evaluations that depends on the data: call update(...)",
            code="lbfgs.step",
        )

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """Follow up to ``iterations`` directions; theta and state change together at the end.

        Args:
            theta: one vector, changed in place.
            objective: point -> (value, gradient there); a pure function during the update.
            state: changed in place.

        Returns:
            The value at the point where the update began.
        """
        self._workspace(theta, state)
        pairs = Pairs.of(state)
        value, g = objective(theta)
        # All is worked out beside theta and state: an objective that raises leaves both as they were.
        x, f, g, t, used = theta.clone(), float(value), g.clone(), state.t, 1
        for done in range(1, self.iterations + 1):
            if g.abs().max() <= self.gradient_tolerance:
                break
            t += 1
            if t > 1:
                pairs.learn(g, self.history)
            d = pairs.newton(g)
            pairs.last, pairs.step = g, torch.zeros_like(x)
            slope = float(g.dot(d))
            # The direction hardly goes down any more: rounding has taken over.
            if slope > -self.change_tolerance:
                break
            # Without pairs the direction is -g, whose length means nothing: the first step moves theta by at
            # most the learning rate in all. With pairs Newton's own step is 1.
            first = self.learning_rate * (min(1.0, 1 / float(g.abs().sum())) if t == 1 else 1.0)
            trial, tried = search(
                along(objective, x, d), Trial(0.0, f, g, slope), first, float(d.abs().max())
            )
            before, f, g, used = f, trial.f, trial.g, used + tried
            pairs.step = d * trial.t
            x = x.add(d, alpha=trial.t)
            # Absolute tolerances, as in torch.optim.LBFGS: neither asks how large f or theta is.
            small = pairs.step.abs().max() <= self.change_tolerance or abs(f - before) < self.change_tolerance
            if done == self.iterations or used >= self.evaluations or small:
                break
        theta.copy_(x)
        pairs.write(state)
        state.t = t
        return value


def along(objective: ValueAndGradient, x: Theta, d: Tensor) -> Callable[[float], Trial]:
    """The objective as a function of the step t along d."""

    def probe(t: float) -> Trial:
        value, g = objective(x.add(d, alpha=t))
        g = g.clone()
        return Trial(t, float(value), g, float(g.dot(d)))

    return probe


@dataclass
class Pairs:
    """The pairs (s, y), oldest first, and the step and gradient that the next pair is made of."""

    s: list[Tensor]
    y: list[Tensor]
    step: Tensor
    last: Gradient

    @staticmethod
    def of(state: OptimizerState) -> Pairs:
        """Read the slots."""
        kept, slots = int(state.slots["kept"]), state.slots
        return Pairs(
            [*slots["s"][:kept].clone()],
            [*slots["y"][:kept].clone()],
            slots["step"].clone(),
            slots["last"].clone(),
        )

    def write(self, state: OptimizerState) -> None:
        """Write the slots."""
        for name, rows in (("s", self.s), ("y", self.y)):
            if rows:
                state.slots[name][: len(rows)] = torch.stack(rows)
        state.slots["kept"].fill_(len(self.s))
        state.slots["step"].copy_(self.step)
        state.slots["last"].copy_(self.last)

    def learn(self, g: Gradient, history: int) -> None:
        """Keep the last pair if its curvature is positive; forget the oldest beyond ``history``."""
        y = g - self.last
        # y . s > 0 keeps H positive definite, and so the direction downhill; the search sees to it but for
        # rounding.
        if y.dot(self.step) > CURVATURE:
            self.s, self.y = [*self.s, self.step][-history:], [*self.y, y][-history:]

    def newton(self, g: Gradient) -> Tensor:
        """The direction -r of the two-loop recursion."""
        q, a = -g, []
        curvatures = [1 / y.dot(s) for s, y in zip(self.s, self.y, strict=True)]
        for s, y, c in zip(reversed(self.s), reversed(self.y), reversed(curvatures), strict=True):
            a.append(float(s.dot(q) * c))
            q = q.sub(y, alpha=a[-1])
        # H = (s . y) / (y . y) of the latest pair: the scale of the curvature that was seen last.
        if self.s:
            q = q * (self.y[-1].dot(self.s[-1]) / self.y[-1].dot(self.y[-1]))
        for s, y, c in zip(self.s, self.y, curvatures, strict=True):
            q = q.add(s, alpha=a.pop() - float(y.dot(q) * c))
        return q
