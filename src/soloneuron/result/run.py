"""What a training hands to people: its course, its end, and the neuron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from soloneuron.data.preparation import named_rows
from soloneuron.errors import InputError, ShapeError
from soloneuron.figures.runs import run_charts
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History, Outcome
from soloneuron.records.model import Scaling
from soloneuron.records.recipe import Recipe
from soloneuron.records.run import RunRecord, Source
from soloneuron.result.model import Model
from soloneuron.result.plotting import many_runs_charts, plotted
from soloneuron.result.replaying import Replay
from soloneuron.result.run_view import run_view, runs_view
from soloneuron.result.view import View
from soloneuron.shapes import Probabilities
from soloneuron.storage.runs import read_run, write_run
from soloneuron.texts.language import language
from soloneuron.training.recipes import recipe_of_plan
from soloneuron.training.results import completed, make_run, model_of, one_run
from soloneuron.training.separability import answered
from soloneuron.training.session import Training

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class Run:
    """One training, or many at once: what ``fit`` and ``load_run`` return and ``save_run`` takes.

    Tensors have leading axes ``runs`` where many were trained; ``run[k]`` is one of them.

    Attributes:
        history: its course: every recorded theta with its value, gradient length and accuracy.
    """

    def __init__(
        self,
        history: History,
        record: Callable[[int], RunRecord],
        ask: Callable[[tuple[Outcome, ...]], tuple[Outcome, ...]] | None = None,
    ) -> None:
        self.history = history
        self._record = record
        self._ask = ask

    @classmethod
    def of(cls, training: Training, data: Dataset | None = None, *, history: History | None = None) -> Run:
        """The run of a training where it stands.

        Args:
            training: pulled as far as it should go.
            data: what it was trained on, for the names; None names the columns x1, x2, ...
            history: what came of it, where it was pulled elsewhere.
        """
        history, plan = training.history() if history is None else history, training.plan
        # The plan and not the training: its engine holds copies of the rows, which a run does without.
        rows, lengths = plan.data, (training.epochs, training.record_every)

        def record(run: int) -> RunRecord:
            assert rows is not None, "a run has rows"
            named = data or named_rows(rows.features, rows.labels)
            source = Source(named.name, "", len(rows.labels))
            kept = replace(one_run(history, run), outcomes=(found.outcomes[run],))
            recipe = recipe_of_plan(plan, epochs=lengths[0], record_every=lengths[1], run=run)
            return make_run(kept, named, source, recipe)

        found = cls(history, record, lambda outcomes: answered(outcomes, plan))
        if rows is not None and isinstance((data or rows).features, ShardedRows):
            # What is asked of all processes must be asked by all of them, and not where one reads it.
            _ = found.record
        return found

    def __getitem__(self, run: int) -> Run:
        """One of many runs, in the order of the flattened run axes.

        Raises:
            IndexError: there is no such run.
        """
        if not -len(self) <= run < len(self):
            raise IndexError(f"there are {len(self)} runs, got {run}")
        at = run % len(self)
        return Run(one_run(self.history, at), lambda _: self._record(at), lambda _: (self.outcomes[at],))

    def __len__(self) -> int:
        return prod(self.history.theta.shape[1:-1])

    @cached_property
    def record(self) -> RunRecord:
        """What a run file holds: recipe, history, versions, source and the rows or a sample of them.

        Raises:
            ShapeError: many runs: each has a record of its own, ``run[k].record``.
        """
        if self.history.theta.dim() > 2:
            raise ShapeError(
                f"{len(self)} runs were trained at once: take one of them, run[0] ... run[{len(self) - 1}]",
                code="runs.many",
            )
        return self._record(0)

    @property
    def recipe(self) -> Recipe:
        """How it was trained."""
        return self.record.recipe

    @property
    def data(self) -> Dataset:
        """The rows it was trained on, or a seeded sample of 2,000 of them."""
        return self.record.data

    @property
    def source(self) -> Source:
        """Where all its rows are, and how many."""
        return self.record.source

    # Its course.

    @property
    def epochs(self) -> tuple[int, ...]:
        """The K recorded epochs, from 0."""
        return self.history.epochs

    @property
    def theta(self) -> Tensor:
        """(K, runs..., d+1): the weights, then the bias if there is one, at each recorded epoch."""
        return self.history.theta

    @property
    def losses(self) -> Tensor:
        """(E, runs...): for every epoch the mean of the losses taken before each update."""
        return self.history.loss

    loss = losses

    @property
    def value(self) -> Tensor:
        """(K, runs...): the objective over all rows at each recorded theta."""
        return self.history.value

    @property
    def gradient_norm(self) -> Tensor:
        """(K, runs...): length of the gradient at each recorded theta."""
        return self.history.gradient_norm

    @property
    def accuracy(self) -> Tensor:
        """(K, runs...): share of rows on the right side at each recorded theta."""
        return self.history.accuracy

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each run's order of rows; empty for file order."""
        return self.history.seeds

    @property
    def outcome(self) -> Outcome:
        """How the first run ended, and why."""
        return self.outcomes[0]

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each run ended; whether the classes can be separated is found out when this is first read."""
        outcomes = self.history.outcomes
        return outcomes if self._ask is None else self._ask(outcomes)

    # The neuron at its end.

    @property
    def weights(self) -> Tensor:
        """The weights (runs..., d) at the end."""
        return self._neuron.weights(self.history.theta[-1])

    @property
    def bias(self) -> Tensor:
        """The bias (runs...) at the end; zeros for a neuron without one."""
        return self._neuron.intercept(self.history.theta[-1])

    @property
    def _neuron(self) -> Neuron:
        recipe = self._record(0).recipe
        if recipe.objective.name != "neuron":
            raise InputError(
                "weights, bias and predictions belong to a neuron; this run trained "
                f"{recipe.objective.name!r}: its parameters are theta[-1]",
                code="run.objective",
            )
        return Neuron(bias=recipe.bias)

    def model(self, *, scaling: Scaling | None = None) -> Model:
        """The neuron at the end of a single run, ready to predict and to be saved.

        Args:
            scaling: how raw columns are standardized first, where the rows were.
        """
        return Model(model_of(self.record, scaling=scaling))

    def predict(self, features: Any) -> list[Any]:
        """The more probable class of each row, 0 or 1 or the words of the label; of a single run."""
        return self.model().predict(features)

    def predict_proba(self, features: Any) -> Probabilities:
        """Probabilities of both classes, (n, 2); of a single run."""
        return self.model().predict_proba(features)

    def save(self, path: str | Path) -> None:
        """Write a run file; see ``save_run``."""
        write_run(self.record, path)

    # How it shows itself.

    def summary(self) -> str:
        """How it ended and what came of it, in the reader's language, as lines for ``print``."""
        return self._view().text()

    def plot(self, figure: str = "losses") -> Figure:
        """A Plotly figure in the reader's language.

        Args:
            figure: ``"losses"``, ``"gradients"`` or ``"steps"``; of a neuron with two features also
                ``"surfaces"``, ``"landscape"`` and ``"relief"``. Of many runs there is ``"losses"`` only: the
                median, and a band that holds nine of ten.

        Raises:
            UnknownNameError: no such figure; those there are are told.
            MissingExtraError: Plotly is not installed.
        """
        if self.history.theta.dim() > 2:
            return plotted(many_runs_charts(self.history), {}, figure)
        runs = {self.record.recipe.optimizer.name: self.record}
        return plotted(run_charts(runs), runs, figure)

    def replay(self) -> Replay:
        """The training as a page that plays, in the cell of a notebook or, saved, in a browser.

        Raises:
            ShapeError: many runs: replay one of them, ``run[k].replay()``.
            InputError: the run of an objective that is no neuron.
            MissingExtraError: Jinja2 is not installed.
        """
        return Replay.of({self.record.recipe.optimizer.name: self.record})

    def _view(self) -> View:
        if self.history.theta.dim() > 2:
            return runs_view(self.history, self.outcomes, self._record(0), language())
        return run_view(self.record, language())

    def _repr_html_(self) -> str:
        return self._view().html()

    def __repr__(self) -> str:
        many = f"{len(self)} runs, " if self.history.theta.dim() > 2 else ""
        return f"Run({many}{self.history.epochs[-1]} epochs, {self.history.outcome.kind})"


def save_run(run: Run, path: str | Path) -> None:
    """Write a run file: recipe, course, outcome and rows of a single run.

    Args:
        run: from ``fit`` or ``load_run``.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written.
        ShapeError: many runs: save each, ``save_run(run[k], path)``.
    """
    run.save(path)


def load_run(path: str | Path) -> Run:
    """Read a run file; everything in it is checked.

    Args:
        path: a file written by ``save_run`` or ``soloneuron train --save-run``.

    Returns:
        The Run.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a run file, or a field does not hold what it must; the field is named.
    """
    record = completed(read_run(path))
    return Run(record.history, lambda _: record)
