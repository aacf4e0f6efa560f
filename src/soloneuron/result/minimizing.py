"""``minimize``: any optimizer on any function."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from soloneuron.errors import suggesting
from soloneuron.records.path import PathRecord
from soloneuron.result.path_view import path_charts, path_view
from soloneuron.result.plotting import plotted
from soloneuron.texts.language import language
from soloneuron.training.minimize import minimized

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class Path:
    """Where an optimizer went on a function: what ``minimize`` returns.

    Tensors have axes ``runs`` where many went at once.

    Attributes:
        record: all that is known of it.
    """

    def __init__(self, record: PathRecord) -> None:
        self.record = record

    @property
    def function(self) -> str:
        """The name of the function."""
        return self.record.function

    @property
    def optimizer(self) -> str:
        """The rule, as it would be written."""
        return self.record.optimizer

    @property
    def points(self) -> Tensor:
        """(T+1, runs..., k): the start, and theta after every step.

        Of a single run that overflows, up to its last finite point.
        """
        return self.record.points

    @property
    def values(self) -> Tensor:
        """(T+1, runs...): the function at these points."""
        return self.record.values

    @property
    def evaluations(self) -> tuple[int, ...]:
        """(T+1,): how often the gradient had been asked for."""
        return self.record.evaluations

    @property
    def overflow(self) -> bool:
        """Whether a single run ended early, because its next point or value was not finite."""
        return self.record.overflow

    @property
    def point(self) -> Tensor:
        """The last point, (runs..., k)."""
        return self.record.point

    @property
    def value(self) -> Tensor:
        """The function there, (runs...)."""
        return self.record.value

    def summary(self) -> str:
        """What came of it, in the reader's language, as lines for ``print``."""
        return path_view(self.record, language()).text()

    def plot(self, figure: str = "values") -> Figure:
        """A Plotly figure: ``"values"`` by update, or ``"points"``, the way over the plane of two parameters.

        Raises:
            UnknownNameError: no such figure; those there are are told.
            MissingExtraError: Plotly is not installed.
        """
        return plotted(path_charts(self.record), {}, figure)

    def _repr_html_(self) -> str:
        return path_view(self.record, language()).html()

    def __repr__(self) -> str:
        many = self.values[0].numel()
        runs = f"{many} runs, " if self.values.dim() > 1 else ""
        return f"Path({self.optimizer} on {self.function}: {runs}{len(self.points) - 1} steps)"


@suggesting
def minimize(
    function: Any,
    start: Any = None,
    optimizer: Any = "gradient_descent",
    steps: int = 100,
    *,
    learning_rate: Any = None,
    dtype: torch.dtype | None = None,
    checkpoint: str | pathlib.Path | None = None,
    checkpoint_every: int | None = None,
) -> Path:
    """Go downhill on a function and return the whole path.

    Args:
        function: the name of a surface (``bowl``, ``rosenbrock`` ...), a Surface, a plain Python function of
            Elements, a pair (value, gradient) of functions of a tensor (..., k), or an objective with
            ``value_and_gradient(theta)``.
        start: k numbers, or (R, k) for R runs; None takes the usual start of a surface.
        optimizer: a name of the catalogue or an Optimizer.
        steps: updates, >= 0.
        learning_rate: finite and > 0, a schedule t -> rate or its text (``"0.1 * (warm_up(10) >> cosine)"``),
            (R, 1) for R runs at once; None takes the optimizer's own.
        dtype: torch.float32 or torch.float64; None takes float32 where the start came in it, and float64 for
            everything else.
        checkpoint: a file in which the descent is kept on its way. Where the file is there already it goes on
            from it, and ends with the digits of one that nothing disturbed.
        checkpoint_every: steps between two of them, >= 1, ten a second at most; None writes about a
            hundred in all.

    Returns:
        A Path. A single run ends at its last finite point.

    Raises:
        InputError: what came in does not hold what it must.
        UnknownNameError: no such surface or optimizer.
        RecordError: the checkpoint is one of another descent, of other versions, or damaged.

    Example:
        >>> path = minimize(lambda x, y: (x - 3) ** 2 + y**2, [0, 1], "momentum", 300, learning_rate=0.1)
        >>> [round(number, 4) for number in path.point.tolist()]
        [3.0, 0.0]
    """
    return Path(
        minimized(
            function,
            start,
            optimizer,
            steps,
            learning_rate=learning_rate,
            dtype=dtype,
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
        )
    )
