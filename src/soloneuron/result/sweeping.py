"""``sweep``: a whole grid of trainings, and one table of what they found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import torch
from torch import Tensor

from soloneuron.errors import InputError, refuse_keywords
from soloneuron.records.dataset import Dataset
from soloneuron.records.recipe import Value
from soloneuron.records.sweep import SweepRecord, SweepRow
from soloneuron.result.plotting import plotted
from soloneuron.result.run import Run
from soloneuron.result.sweep_view import changing_objective, sweep_charts, sweep_view
from soloneuron.texts.language import language
from soloneuron.training.checkpoints import check_place
from soloneuron.training.grid_keywords import read_grid
from soloneuron.training.sweep import sweep_record, train_grid

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Column = Literal["value", "accuracy", "gradient_norm", "evaluations"]


class SweepSettings(TypedDict, total=False):
    """The keywords of ``sweep``."""

    learning_rate: Any
    l1: Any
    l2: Any
    loss: Any
    optimizer: Any
    batch_size: int | Sequence[int | None] | None
    seeds: Sequence[int]
    hyperparameters: Mapping[str, Any]
    initial: Any
    objective: Any
    penalty: Any
    epochs: int
    shuffle: bool
    seed: int | None
    reduction: str
    sample_weight: Any
    class_weight: Any
    bias: bool
    record_every: int
    dtype: torch.dtype | None
    device: Any
    progress: Callable[[int, int], None] | None
    checkpoint: str | Path | None


class Sweep:
    """The runs of a grid: what ``sweep`` returns.

    Runs are counted in row-major order over the keywords in the order they were given: the values of the
    last one change fastest.

    Attributes:
        record: the table: axes, values, accuracies, outcomes.
    """

    def __init__(self, record: SweepRecord, parts: Sequence[tuple[Tensor, Run]]) -> None:
        self.record = record
        self._parts = tuple(parts)
        # Where each run stands: in which training, and at which place of it.
        self._part = torch.empty(len(self), dtype=torch.int64)
        self._place = torch.empty(len(self), dtype=torch.int64)
        for part, (numbers, _) in enumerate(self._parts):
            self._part[numbers.flatten()] = part
            self._place[numbers.flatten()] = torch.arange(numbers.numel())

    def __len__(self) -> int:
        return self.record.runs

    def __iter__(self) -> Iterator[SweepRow]:
        return (self.record.row(run) for run in range(len(self)))

    def __getitem__(self, run: int) -> SweepRow:
        """One line of the table.

        Raises:
            IndexError: there is no such run.
        """
        return self.record.row(self._known(run))

    def run(self, run: int) -> Run:
        """One run, as ``fit`` returns it.

        Args:
            run: its number, ``sweep.best.run`` for one.

        Raises:
            IndexError: there is no such run.
        """
        at = self._known(run)
        return self._parts[int(self._part[at])][1][int(self._place[at])]

    def table(self) -> list[dict[str, Value]]:
        """All runs as plain dictionaries: the settings of the grid, then what was found."""
        return [
            {
                **row.settings,
                "value": row.value,
                "accuracy": row.accuracy,
                "gradient_norm": row.gradient_norm,
                "outcome": row.outcome,
                "epochs": row.epochs,
                "evaluations": row.evaluations,
            }
            for row in self
        ]

    @property
    def best(self) -> SweepRow:
        """The run with the least value.

        Raises:
            InputError: the runs minimize different things, or none ends with finite numbers.
        """
        several = changing_objective(self.record)
        if several:
            raise InputError(
                f"best compares values, and runs that differ in {several[0]} minimize different things: "
                "take best_by('accuracy'), or choose on rows held out with NeuronClassifierCV",
                code="sweep.best",
            )
        return self.best_by("value")

    def best_by(self, column: Column) -> SweepRow:
        """The run with the largest accuracy, or with the least of any other column; the first of equals.

        Args:
            column: ``"value"``, ``"accuracy"``, ``"gradient_norm"`` or ``"evaluations"``.

        Raises:
            InputError: no such column, or no run ends with finite numbers.
        """
        if column not in ("value", "accuracy", "gradient_norm", "evaluations"):
            raise InputError(
                "column must be 'value', 'accuracy', 'gradient_norm' or 'evaluations', got " + repr(column),
                code="sweep.column",
            )
        numbers = torch.as_tensor(getattr(self.record, column), dtype=torch.float64)
        numbers = -numbers if column == "accuracy" else numbers
        # A run that left the range of its numbers has found nothing, whatever its other columns say.
        numbers = torch.where(self.record.value.isfinite() & numbers.isfinite(), numbers, math.inf)
        if numbers.isinf().all():
            raise InputError(
                "none of the runs ends with finite numbers: take smaller learning rates",
                code="sweep.overflow",
            )
        return self[int(numbers.argmin())]

    def summary(self) -> str:
        """How the runs ended and which was best, in the reader's language, as lines for ``print``."""
        return sweep_view(self.record, language()).text()

    def plot(self, figure: str = "value") -> Figure:
        """A Plotly figure, ``"value"`` or ``"accuracy"``: the last one of every run over the longest axis.

        Raises:
            UnknownNameError: no such figure.
            MissingExtraError: Plotly is not installed.
        """
        return plotted(sweep_charts(self.record), {}, figure)

    def _repr_html_(self) -> str:
        return sweep_view(self.record, language()).html()

    def __repr__(self) -> str:
        axes = " x ".join(f"{len(values)} {name}" for name, values in self.record.axes.items())
        kinds = Counter(outcome.kind for outcome in self.record.outcomes)
        ended = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        return f"Sweep({len(self)} run{'s' * (len(self) != 1)}{axes and ': ' + axes}; {ended})"

    def _known(self, run: int) -> int:
        if not -len(self) <= run < len(self):
            raise IndexError(f"there are {len(self)} runs, got {run}")
        return run % len(self)


def sweep(features: Any, labels: Any = None, **settings: Unpack[SweepSettings]) -> Sweep:
    """Train one neuron at every point of a grid, as many runs at once as fit one tensor.

    A list makes an axis of the grid; one value is the same for all runs. Rates, strengths, hyperparameters,
    starts and seeds share tensors; losses, batch sizes and optimizers take one after another, and a method
    with a line search trains run by run. Each run has the numbers it would have alone.

    Args:
        features: n rows of d finite numbers, a pair (features, labels), or a Dataset, as for ``fit``.
        labels: n numbers where features came alone.
        settings: keywords of ``fit``, and these, each one value or a list:

            - ``learning_rate``: finite and > 0, ``"auto"`` or a schedule.
            - ``l1``, ``l2``: the penalty l1 * sum |w| + l2/2 * sum w^2, >= 0.
            - ``loss``, ``optimizer``, ``batch_size``: as for ``fit``.
            - ``seeds``: a list, one order of the rows each; ``shuffle`` is then on.
            - ``hyperparameters``: of the optimizer by name, ``{"beta1": [0.8, 0.9]}``.
            - ``initial``: one start (d+1,) or several (S, d+1).

            ``record_every`` keeps the start and the end only, unless it is given. ``progress`` is called with
            the epochs of runs that are done and how many there are. ``checkpoint`` is a file in which the
            pieces of the grid that are finished are kept: where it is there already, they are not trained
            again.

    Returns:
        A Sweep; a run that overflows is an outcome in it, not an exception.

    Raises:
        InputError: what came in does not hold what it must, or the grid does not fit the memory.
        RecordError: the checkpoint is one of another sweep, of other versions, or damaged.
        TypeError: an unknown keyword; the nearest is suggested.

    Example:
        >>> rows = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, -1.0]]
        >>> y = [1, 0, 0, 1]
        >>> found = sweep(rows, y, learning_rate=[0.1, 0.3], seeds=range(3), batch_size=2, epochs=9)
        >>> found
        Sweep(6 runs: 2 learning_rate x 3 seeds; 6 finished)
        >>> found.best.settings["learning_rate"], found.run(found.best.run).outcome.kind
        (0.3, 'finished')
    """
    refuse_keywords("sweep", settings, SweepSettings.__annotations__)
    progress = settings.pop("progress", None)
    checkpoint = settings.pop("checkpoint", None)
    check_place(checkpoint, None)
    grid = read_grid(settings)
    data = features if isinstance(features, Dataset) else None
    parts = [
        (numbers, Run.of(training, data, history=history))
        for numbers, training, history in train_grid(
            grid, features, labels, progress=progress, checkpoint=checkpoint
        )
    ]
    return Sweep(sweep_record(grid, [(numbers, run.history) for numbers, run in parts]), parts)
