"""L-BFGS: Newton's direction from the last few steps and gradients."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import NamedTuple, Self

import torch
from torch import Tensor

from soloneuron.optimizers.orthants import Orthants, learn, turned
from soloneuron.optimizers.pairs import G, Pairs
from soloneuron.optimizers.searching import Asked, Searching, tried
from soloneuron.optimizers.settings import count, number
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.wolfe import Trial, search
from soloneuron.shapes import Gradient, Theta, Values

CURVATURE = 1e-10
"""What s . y must exceed, as in torch.optim.LBFGS."""

SHARE = 1e-14
"""What s . y must exceed of y . y where columns are alike: scale has no say there."""


class LBFGS(Searching):
    """A quasi-Newton method with limited memory and a strong Wolfe line search.

    Formula, over the pairs s = theta_(k+1) - theta_k, y = g_(k+1) - g_k from the latest to the oldest and
    back (the two-loop recursion), starting from H = (s . y) / (y . y) of the latest pair::

        a_i = (s_i . q) / (y_i . s_i),  q <- q - a_i y_i       downwards from q = g
        r = H q,  r <- r + s_i (a_i - (y_i . r) / (y_i . s_i)) upwards
        theta <- theta - t r                                   t from the line search

    Where the objective knows coordinates in which its columns are alike, as a neuron on its rows does, s, y
    and g are theirs, and tolerances are free of scale: neither offset nor scale of a column then matters.
    A trial that is not finite, or where the objective is not defined, is too far. Where sizes cost, as under
    L1, steps end at the walls of an orthant and weights become exactly 0 (OWL-QN); a loss with kinks is
    rounded off, and the less the nearer the minimum is.

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
    (1989); Andrew and Gao, Scalable training of L1-regularized log-linear models, ICML (2007), for sizes
    that cost. Without them it equals torch.optim.LBFGS(line_search_fn="strong_wolfe"), whose history is 100,
    where it knows no coordinates and meets no wall.
    """

    name = "lbfgs"
    # What is left is guessed by what an update brought; beside sharp kinks it brings next to nothing.
    near = 1e-3
    narrowest = 1e-7
    asks_again = True
    iterations = count(20, 1)
    evaluations = count(25, 1)
    history = count(10, 1)
    gradient_tolerance = number(1e-7, "[0, inf)", tensor=False)
    change_tolerance = number(1e-9, "[0, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading: of one direction, so only with ``iterations=1``."""
        return (
            ("r = H(g)", "t = search(r)", "step = -t * r", "theta = theta + step")
            if self.iterations == 1
            else ()
        )

    def one_direction(self) -> Self:
        """With ``iterations=1``."""
        return self.replace(iterations=1)

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for ``history`` pairs, and for the last direction and step."""
        last = super().begin(theta)
        pairs = theta.new_zeros(self.history, len(theta), dtype=torch.float64)
        return {**last, "s": pairs, "y": pairs.clone(), "kept": torch.zeros((), dtype=torch.int64)}

    def descend(self, function: Asked, theta: Theta, state: OptimizerState) -> tuple[Values, Tensor]:
        """Follow up to ``iterations`` directions."""
        cost = function.absolute(theta)
        if cost is not None:
            return self._by_orthants(Orthants(function, cost), theta, state)
        slots = state.slots
        line = _Line(function, theta, Pairs(slots["s"], slots["y"], int(slots["kept"])))
        # All is worked out beside theta and state: an objective that raises leaves both as they were.
        value, here = line.begin()
        fresh = not int(slots["kept"])
        t, used, step, slope = state.t, 1, torch.zeros_like(theta), 0.0
        for done in range(1, self.iterations + 1):
            unit, least = line.units(here.f, self.change_tolerance)
            # Not "is larger": where value or gradient are no numbers nothing can be done.
            if not self.gradient_tolerance * unit < here.notes.largest < math.inf:
                slope = 0.0 if math.isfinite(here.f) else -math.inf
                break
            t, start, step = t + 1, line.turned(here), torch.zeros_like(theta)
            slope = start.slope
            # The direction hardly goes down any more: rounding has taken over.
            if not start.slope <= -least:
                break
            # Without pairs the direction is -g, whose length means nothing: the first step is that of a known
            # bend, or moves theta by at most the learning rate in all. With pairs Newton's own step is 1.
            first = self.learning_rate * (line.first(here) if fresh and done == 1 else 1.0)
            here, asks = search(line, start, first, line.reach)
            step, used = line.gone(start, here), used + asks
            # As in torch.optim.LBFGS, but for the unit: neither asks how large f or theta is.
            small = here.t * line.reach() <= self.change_tolerance
            small |= abs(here.f - start.f) < self.change_tolerance * unit
            if done == self.iterations or used >= self.evaluations or small:
                break
        line.write(theta, state)
        slots["step"].copy_(step)
        slots["decrement"].fill_(-slope)
        state.t = t
        return value, value - here.f

    def narrowed(self, state: OptimizerState) -> None:
        """Forget the pairs: they tell of the bends of another function."""
        state.slots["kept"].zero_()

    def _by_orthants(self, orthants: Orthants, theta: Theta, state: OptimizerState) -> tuple[Values, Tensor]:
        """The same where sizes cost: directions end at the walls of the orthant that they lead into."""
        slots, begun = state.slots, orthants.at(theta.clone())
        if begun is None:
            slots["decrement"].fill_(math.inf)
            value, _ = orthants.function(theta)
            return value, torch.zeros_like(value)
        value, here = begun
        kept = int(slots["kept"])
        pairs = deque(zip(slots["s"][:kept], slots["y"][:kept], strict=True), self.history)
        used, scale = 1, orthants.function.scale
        for _ in range(self.iterations):
            pg = orthants.steepest(here)
            direction, slope = turned(pg, pairs)
            slots["decrement"].fill_(-slope)
            if not float(pg.abs().max()) > self.gradient_tolerance * scale or used >= self.evaluations:
                break
            first = self.learning_rate * (1.0 if pairs else orthants.first(pg))
            new, asks = orthants.searched(here, pg, direction, first)
            used += asks
            if new is None:
                pairs.clear()
                break
            learn(pairs, here, new)
            slots["r"].copy_(here.theta - new.theta)
            slots["step"].copy_(new.theta - here.theta)
            here, before = new, here
            state.t += 1
            if before.f - here.f < self.change_tolerance * scale:
                break
        theta.copy_(here.theta)
        for slot, vectors in zip((slots["s"], slots["y"]), zip(*pairs, strict=True), strict=False):
            slot[: len(pairs)] = torch.stack(list(vectors))
        slots["kept"].fill_(len(pairs))
        return value, value - here.f


class _Notes(NamedTuple):
    """What is known of a trial besides value and slope: in the coordinates of the pairs, and as numbers.

    Attributes:
        g: the gradient, (k,).
        products: of all that ``Pairs`` holds with it, its change and the direction.
        largest: its largest coordinate.
        length: the sum of its sizes.
    """

    g: Gradient
    products: list[list[float]]
    largest: float
    length: float


class _Line:
    """The objective along one direction after another, asked once a trial.

    Args:
        function: the objective.
        theta: where it all begins; it is not changed.
        pairs: what is known of the curvature.
    """

    def __init__(self, function: Asked, theta: Theta, pairs: Pairs) -> None:
        self._function, self._pairs = function, pairs
        self._x, self._d = theta.clone(), torch.zeros_like(theta)
        self._columns = function.coordinates
        self._origin: Gradient | None = None
        self._far = theta.new_zeros((), dtype=torch.float64)
        self._reach: float | None = None

    def begin(self) -> tuple[Values, Trial[_Notes]]:
        """The value where all begins, as it came, and the trial of it."""
        value, g = self._function(self._x)
        known = self._pairs.among_themselves()
        trial, numbers = self._read(0.0, value, g, known.flatten())
        self._pairs.know([numbers[i : i + known.shape[1]] for i in range(0, len(numbers), known.shape[1])])
        return value, trial

    def first(self, here: Trial[_Notes]) -> float:
        """How far to go along -g where nothing is known of the curvature but a bound."""
        bend = None if self._columns is None else self._columns.bend
        return min(1.0, 1 / here.notes.length) if bend is None else 1 / (bend * self._function.scale)

    def turned(self, here: Trial[_Notes]) -> Trial[_Notes]:
        """Look along the direction of the pairs from where the line stands: its trial at 0."""
        g = here.notes.g
        d, slope = self._pairs.direction(g, here.notes.products)
        self._origin, self._far, self._reach = g, d.abs().max(), None
        self._d = (d if self._columns is None else self._columns.up(d)).to(self._x.dtype)
        return replace(here, t=0.0, slope=slope)

    def __call__(self, t: float) -> Trial[_Notes]:
        """The trial of a step."""
        found = tried(self._function, self._x.add(self._d, alpha=t))
        if found is None:
            return Trial(t, math.inf, math.nan, _Notes(self._far, [], math.inf, math.inf))
        return self._read(t, *found)[0]

    def reach(self) -> float:
        """The largest coordinate of the direction."""
        if self._reach is None:
            self._reach = float(self._far)
        return self._reach

    def units(self, f: float, tolerance: float) -> tuple[float, float]:
        """What tolerances are multiplied by, and the least slope: theirs, or what rounding leaves of f."""
        if self._columns is None:
            return 1.0, tolerance
        return self._function.scale, abs(f) * float(torch.finfo(self._x.dtype).eps)

    def gone(self, start: Trial[_Notes], end: Trial[_Notes]) -> Tensor:
        """Go to the end of a search and learn from the way; the step in theta."""
        self._x = self._x.add(self._d, alpha=end.t)
        if end.t:
            change = end.notes.g - start.notes.g
            least, share = (CURVATURE, 0.0) if self._columns is None else (0.0, SHARE)
            self._pairs.learn(change, end.t, end.notes.products, least=least, share=share)
        return self._d * end.t

    def write(self, theta: Theta, state: OptimizerState) -> None:
        """Bring theta and the slots to where the line stands."""
        slots = state.slots
        theta.copy_(self._x)
        torch.neg(self._d, out=slots["r"])
        self._pairs.write(slots["s"], slots["y"], slots["kept"])

    def _read(self, t: float, value: Values, g: Gradient, *more: Tensor) -> tuple[Trial[_Notes], list[float]]:
        """A trial, and more numbers, as they come to the host in one go."""
        g = g.to(torch.float64, copy=True)
        g = g if self._columns is None else self._columns.down(g)
        products, size = self._pairs.products(g, self._origin), g.abs()
        beside = torch.stack((torch.as_tensor(value).to(g).reshape(()), size.max(), size.sum(), self._far))
        numbers = torch.cat([beside, products.flatten(), *more]).tolist()
        f, largest, length, self._reach = numbers[:4]
        rest = 4 + products.numel()
        rows = [numbers[i : i + 3] for i in range(4, rest, 3)]
        slope = rows[-1][G]
        if not (math.isfinite(f) and math.isfinite(slope) and math.isfinite(largest)):
            f, slope, largest = math.inf, math.nan, math.inf
        return Trial(t, f, slope, _Notes(g, rows, largest, length)), numbers[rest:]
