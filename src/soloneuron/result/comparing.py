"""``compare``: which optimizer is the fastest, and whether that can be told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from soloneuron.figures.inline import Line, inline_curve
from soloneuron.records.comparison import ComparisonRecord, Entry
from soloneuron.records.findings import Chart, Series
from soloneuron.result.plotting import plotted
from soloneuron.result.view import View, sentence
from soloneuron.texts import text
from soloneuron.texts.language import language
from soloneuron.texts.phrases import Phrase
from soloneuron.training.compare import RATES, compare_optimizers
from soloneuron.training.ranking import verdict

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class Comparison:
    """Optimizers on one task: what ``compare`` returns.

    Attributes:
        record: all that was measured.
    """

    def __init__(self, record: ComparisonRecord) -> None:
        self.record = record

    @property
    def task(self) -> str:
        """What was minimized."""
        return self.record.task

    @property
    def rates(self) -> tuple[float, ...]:
        """(G,): the grid."""
        return self.record.rates

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of the batch orders; () where nothing is random."""
        return self.record.seeds

    @property
    def steps(self) -> int:
        """The budget: so many gradient evaluations every run could ask for."""
        return self.record.steps

    @property
    def start(self) -> float:
        """The value at the start."""
        return self.record.start

    @property
    def lowest(self) -> float:
        """The least value: the known one of a surface, else the least that any run saw."""
        return self.record.lowest

    @property
    def target(self) -> float:
        """The value that counts as reached."""
        return self.record.target

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was measured of each optimizer, in the order they were given."""
        return self.record.entries

    @property
    def winner(self) -> str | None:
        """The optimizer that is faster than every other at its best rate, or None."""
        return self.record.winner

    @property
    def verdict(self) -> str:
        """One sentence, in the reader's language."""
        return verdict(self.record, language())

    @property
    def fields(self) -> dict[str, float | int | str | None]:
        """The numbers and words of that sentence by name."""
        return self.record.fields

    def summary(self) -> str:
        """The verdict and a line an optimizer, in the reader's language, for ``print``."""
        return _view(self.record, language()).text()

    def plot(self, figure: str = "rates") -> Figure:
        """A Plotly figure, ``"rates"``: gradient evaluations to the target at every rate of the grid.

        Raises:
            UnknownNameError: another name.
            MissingExtraError: Plotly is not installed.
        """
        return plotted(_charts(self.record), {}, figure)

    def _repr_html_(self) -> str:
        return _view(self.record, language()).html()

    def __repr__(self) -> str:
        names = ", ".join(entry.optimizer for entry in self.entries)
        return f"Comparison({self.task}: {names}; winner: {self.winner})"


def compare(
    task: Any,
    optimizers: Sequence[Any],
    *,
    start: Any = None,
    steps: int | None = None,
    epochs: int | None = None,
    rates: Sequence[float] = RATES,
    seeds: Sequence[int] = (0,),
    target: float | None = None,
    share: float = 1e-4,
    **settings: Any,
) -> Comparison:
    """Run every optimizer at every rate of one grid, each grid as one batched tensor, and judge.

    A method is judged at its own best rate, and by how many rates work at all. Cost is counted in gradient
    evaluations (a line search pays for each of its own), not in epochs or seconds, and all have the same
    budget of them. A method has arrived when its value stays at or below the target until the budget is
    spent; who passes by has not. On a Dataset the objective is looked at after every epoch, so in batches the
    cost is rounded up to whole epochs.

    Args:
        task: a Dataset, on which one neuron is trained, or the ``objective`` of the settings; or what
            ``minimize`` takes for a function.
        optimizers: names of the catalogue, Optimizers without a rate of their own, also your own.
        start: theta or the point to start from; None is zeros for the neuron, else the usual start of the
            objective. For a function also (S, k), as many starts, over which a method is judged as over
            seeds.
        steps: the budget of every run in gradient evaluations, >= 1; 300 for a function. On a Dataset whole
            epochs are made of them, rounded up.
        epochs: on a Dataset, passes over the rows in the place of ``steps``, >= 1; 300 unless one is given.
        rates: the grid, finite numbers > 0.
        seeds: for a Dataset with batches: one training of the whole grid for each order of rows.
        target: the value that counts as reached; None is the lowest value plus ``share`` of the way down from
            the first start.
        share: see target; in (0, 1).
        settings: for a Dataset, those of ``prepare``: objective, loss, penalty, batch_size and so on.

    Returns:
        A Comparison. Seeds or starts are pairs: the winner needs fewer evaluations than every other from each
        of them, and fewer by a factor 1.3 from more than half; else there is none.

    Raises:
        InputError: an optimizer that has a rate of its own, or anything that the parts refuse.

    Example:
        >>> found = compare("ravine", ["gradient_descent", "momentum"], steps=400)
        >>> found.winner
        'momentum'
    """
    found = compare_optimizers(
        task,
        optimizers,
        start=start,
        steps=steps,
        epochs=epochs,
        rates=rates,
        seeds=seeds,
        target=target,
        share=share,
        **settings,
    )
    return Comparison(found)


def _view(found: ComparisonRecord, words: str) -> View:
    heads = tuple(text(words, f"views.{key}") for key in ("optimizer", "best_rate", "cost", "share"))
    never = text(words, "views.never")
    table = tuple(
        (
            entry.optimizer,
            never if entry.best_rate is None else f"{entry.best_rate:.3g}",
            never if math.isinf(entry.best_steps) else f"{entry.best_steps:.0f}",
            f"{entry.share:.0%}",
        )
        for entry in found.entries
    )
    lines = [Line(found.rates, _costs(entry), name=entry.optimizer) for entry in found.entries]
    title = text(words, "views.costs", task=found.task)
    curve = inline_curve(lines, x=text(words, "views.rate"), title=title, log_x=True)
    rows = ((text(words, "views.task"), found.task),)
    return View(words, sentence(verdict(found, words)), rows, curve, heads, table)


def _charts(found: ComparisonRecord) -> dict[str, Chart]:
    lines = tuple(
        Series(entry.optimizer, found.rates, tuple(None if math.isinf(n) else n for n in _costs(entry)))
        for entry in found.entries
    )
    title = Phrase("views.costs", {"task": found.task})
    return {"rates": Chart("lines", title, lines, Phrase("views.rate"), Phrase("views.cost"), log="xy")}


def _costs(entry: Entry) -> list[float]:
    """The median over seeds at every rate; inf where the target is reached for half of them at most."""
    costs: list[float] = entry.steps.double().quantile(0.5, 0, interpolation="higher").tolist()
    return costs
