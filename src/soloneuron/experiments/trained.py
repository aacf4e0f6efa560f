"""Trainings that are done, and the Runs that experiments keep of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.recipe import Recipe
from soloneuron.records.run import RunRecord, Source
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import recipe_of
from soloneuron.training.results import make_run, one_run
from soloneuron.training.separability import answered
from soloneuron.training.session import Training


@dataclass(frozen=True, eq=False)
class Trained:
    """A training that has been done, of one run or of many at once.

    Args:
        data: what it learned from.
        training: where it stands.
    """

    data: Dataset
    training: Training

    @cached_property
    def history(self) -> History:
        """The course of all runs."""
        return self.training.history()

    def run(self, index: int = 0) -> RunRecord:
        """One of the runs, in the order of the flattened run axes."""
        return run_record(self.data, one_run(self._kept, index), recipe_of(self.training, index))

    @cached_property
    def _kept(self) -> History:
        """The history as it is kept: whether the classes can be separated is found out before."""
        return replace(self.history, outcomes=answered(self.history.outcomes, self.training.plan))


def train(data: Dataset, **settings: Any) -> Trained:
    """Train to the end; the settings are those of ``prepare``.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.experiments.measuring import run_column
        >>> two = train(assignment_data(), learning_rate=run_column([0.1, 0.5]), epochs=20)
        >>> two.run(1).recipe.learning_rate, two.run(1).history.theta.shape
        (0.5, torch.Size([21, 3]))
    """
    return Trained(data, prepare(data, **settings).run())


def train_run(data: Dataset, **settings: Any) -> RunRecord:
    """Train one run and keep it."""
    return train(data, **settings).run()


def run_record(data: Dataset, history: History, recipe: Recipe) -> RunRecord:
    """The record of a run on rows that never were a file."""
    return make_run(history, data, Source(data.name, "", len(data.labels)), recipe)
