"""Trainings that are done, and the Runs that experiments keep of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.run import RunRecord, Source
from soloneuron.training.api import prepare
from soloneuron.training.results import make_run, one_run, settings_of
from soloneuron.training.session import Training


@dataclass(frozen=True, eq=False)
class Trained:
    """A training that has been done, of one run or of many at once.

    Args:
        data: what it learned from.
        training: where it stands.
        more: settings that a training does not know by name, such as ``class_weight``.
    """

    data: Dataset
    training: Training
    more: dict[str, Any]

    @cached_property
    def history(self) -> History:
        """The course of all runs."""
        return self.training.history()

    def run(self, index: int = 0) -> RunRecord:
        """One of the runs, in the order of the flattened run axes."""
        settings = settings_of(self.training, index) | self.more
        return keep(self.data, one_run(self.history, index), settings)


def train(data: Dataset, **settings: Any) -> Trained:
    """Train to the end; the settings are those of ``prepare``.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.experiments.training import column
        >>> two = train(assignment_data(), learning_rate=column([0.1, 0.5]), epochs=20)
        >>> two.run(1).settings["learning_rate"], two.run(1).history.theta.shape
        (0.5, torch.Size([21, 3]))
    """
    training = prepare(data, **settings)
    for _ in training.steps():
        pass
    return Trained(data, training, {"class_weight": settings.get("class_weight")})


def trained(data: Dataset, **settings: Any) -> RunRecord:
    """Train one run and keep it."""
    return train(data, **settings).run()


def keep(data: Dataset, history: History, settings: dict[str, Any]) -> RunRecord:
    """A RunRecord of rows that never were a file."""
    return make_run(history, data, Source(data.name, "", len(data.labels)), settings=settings)
