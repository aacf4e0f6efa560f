"""``compare``: any optimizers on any task, judged by one protocol."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soloneuron.errors import InputError, InputWarning
from soloneuron.records.dataset import Dataset
from soloneuron.records.judged import JudgedComparison, JudgedMethod, JudgedPair
from soloneuron.result.comparison_view import comparison_charts, comparison_view
from soloneuron.result.plotting import plotted
from soloneuron.texts import text
from soloneuron.texts.language import language
from soloneuron.training.cost_table import RATES
from soloneuron.training.counts import as_count
from soloneuron.training.prepare import prepare
from soloneuron.training.protocol.candidates import RANDOM_TRIALS
from soloneuron.training.protocol.comparing import Protocol, judged_comparison
from soloneuron.training.protocol.starts import JITTER
from soloneuron.training.protocol.verdicts import said_verdict

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class Comparison:
    """Optimizers on one task: what ``compare`` returns.

    Attributes:
        record: all that was measured.
    """

    def __init__(self, record: JudgedComparison) -> None:
        self.record = record

    @property
    def task(self) -> str:
        """What was minimized."""
        return self.record.task

    @property
    def budget(self) -> int:
        """So many gradient evaluations every run could ask for."""
        return self.record.budget

    @property
    def seeds(self) -> tuple[int, ...]:
        """All of them; those that tune and those that judge take turns."""
        return self.record.seeds

    @property
    def start(self) -> float:
        """The value at the usual start."""
        return self.record.start

    @property
    def lowest(self) -> float:
        """The least value: known, or found before the race by other means."""
        return self.record.lowest

    @property
    def target(self) -> float:
        """The value that counts as reached."""
        return self.record.target

    @property
    def entries(self) -> tuple[JudgedMethod, ...]:
        """What was measured of each optimizer, in the order they were given."""
        return self.record.methods

    @property
    def pairs(self) -> tuple[JudgedPair, ...]:
        """Every two of them: ratio, interval and adjusted p."""
        return self.record.pairs

    @property
    def winner(self) -> str | None:
        """The optimizer that is faster than every other, or None."""
        return self.record.winner

    @property
    def verdict(self) -> str:
        """One sentence, in the reader's language."""
        return said_verdict(self.record, language())

    @property
    def fields(self) -> dict[str, Any]:
        """The numbers and words of that sentence by name."""
        return self.record.fields

    def summary(self) -> str:
        """The verdict, a line an optimizer and a line a pair, in the reader's language, for ``print``."""
        return comparison_view(self.record, language()).text()

    def plot(self, figure: str = "profile") -> Figure:
        """A Plotly figure.

        Args:
            figure: ``"profile"``, who is within which factor of the fastest, over all targets; ``"targets"``,
                evaluations to each target; ``"rates"``, evaluations at each rate; ``"tuning"``, how often
                the target is reached after so many random settings.

        Raises:
            UnknownNameError: another name.
            MissingExtraError: Plotly is not installed.
        """
        return plotted(comparison_charts(self.record), {}, figure)

    def _repr_html_(self) -> str:
        return comparison_view(self.record, language()).html()

    def __repr__(self) -> str:
        names = ", ".join(entry.optimizer for entry in self.entries)
        return f"Comparison({self.task}: {names}; winner: {self.winner})"


def compare(
    task: Any,
    optimizers: Sequence[Any],
    *,
    budget: int | None = None,
    seeds: int | Sequence[int] | None = None,
    start: Any = None,
    rates: Sequence[float] = RATES,
    target: float | None = None,
    share: float = 1e-4,
    tune: Mapping[str, Any] | None = None,
    trials: int = RANDOM_TRIALS,
    jitter: float = JITTER,
    checkpoint: str | Path | None = None,
    steps: int | None = None,
    epochs: int | None = None,
    **settings: Any,
) -> Comparison:
    """Judge which optimizer is faster, by a protocol that does not let chance say it.

    All have one budget of gradient evaluations, line searches included, and one target, fixed before the
    race. Half of the seeds chooses the rate of each method, from a grid and the same grid shifted by half a
    step; a best rate at the end of the grid widens it. The other half judges: paired differences of the
    logarithms of costs, and sign-flip tests. Somebody wins who is faster than every other by 1.2 times at
    least, with p <= 0.05 against each of them, on both grids; else there is no clear winner,
    which is a normal answer. A method has arrived when its value stays at or below the target until the
    budget is spent; one that does not counts as two budgets.

    Args:
        task: a Dataset, on which one neuron is trained, or the ``objective`` of the settings; or what
            ``minimize`` takes for a function.
        optimizers: names of the catalogue, Optimizers without a rate of their own, also your own. A method
            with a line search finds its rate itself.
        budget: gradient evaluations of every run, >= 1; 1000 unless given. In batches each counts as one, and
            the objective is looked at after every epoch, so the budget is rounded up to whole epochs.
        seeds: how many, or which. Each is a start near the usual one; in batches, an order of the rows. 20
            unless given, and more where so many methods need them: with fewer than 12 nobody wins.
        start: theta or the point to start near; None is zeros for the neuron, else the usual start of the
            objective. Several, (S, k), are taken as they are, in the place of seeds.
        rates: the grid, finite numbers > 0.
        target: the value that counts as reached; None is the lowest value plus ``share`` of the way down from
            the usual start. The lowest value is known, or looked for by L-BFGS.
        share: see target; in (0, 1).
        tune: other hyperparameters to be tuned, name -> (low, high) or a list of values. Every method then
            gets as many random settings in the place of the grid.
        trials: how many settings.
        jitter: by what share of itself each coordinate of the start moves at most, > 0.
        checkpoint: a file in which what each piece of the grid cost is kept as soon as it is known; a call
            that was killed goes on from there, and ends with the same digits.
        steps: the old name of budget.
        epochs: passes over the rows in the place of a budget, an old name.
        settings: for a Dataset, those of ``prepare``: objective, loss, penalty, batch_size and so on.

    Returns:
        A Comparison. A method that raises is told in it, and the others are judged.

    Raises:
        InputError: an optimizer that has a rate of its own, a start that is at the target, or anything that
            the parts refuse.
        RecordError: the checkpoint is one of another comparison, of other versions, or damaged.

    Example:
        >>> found = compare("ravine", ["gradient_descent", "momentum"], budget=400)
        >>> found.winner
        'momentum'
    """
    budget = _with_old_names(task, budget, steps, epochs, settings)
    protocol = Protocol(budget, seeds, start, rates, target, share, tune, trials, jitter, checkpoint)
    return Comparison(judged_comparison(task, optimizers, protocol, settings))


def _with_old_names(
    task: Any, budget: int | None, steps: int | None, epochs: int | None, settings: Mapping[str, Any]
) -> int | None:
    """The budget, also by the names it had."""
    given = {"budget": budget, "steps": steps, "epochs": epochs}
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise InputError(
            f"budget must be given once, got {' and '.join(names)}: leave the others out",
            code="compare.length",
        )
    if names in ([], ["budget"]):
        return budget
    warnings.warn(
        InputWarning(text("en", "notes.budget", name=names[0]), code="notes.budget", name=names[0]),
        stacklevel=3,
    )
    if steps is not None:
        return as_count(steps, "steps", least=1)
    count = as_count(epochs, "epochs", least=1)
    if not isinstance(task, Dataset):
        raise InputError(
            f"{names[0]} is a setting of training on a Dataset, not of a function", code="settings.function"
        )
    return count * prepare(task, **{**settings, "epochs": 0}).plan.updates
