"""The runners of a config, all stepping together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.data.catalogue import make_dataset
from soloneuron.data.preparation import hold_out
from soloneuron.data.synthetic import add_noise
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.penalties import L2
from soloneuron.formulas.surfaces import Surface
from soloneuron.formulas.terms import with_terms
from soloneuron.neuron import Neuron
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.searching import direction_by_direction
from soloneuron.playing.config import OWN, Config, RaceEntry, theta_size
from soloneuron.playing.refusals import playground_error
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.shapes import Theta
from soloneuron.training.loop import Update, updates_of
from soloneuron.training.measures import measure
from soloneuron.training.plan import Plan, State
from soloneuron.training.prepare import prepare
from soloneuron.training.stepping import first_state
from soloneuron.view.recording import LARGEST_DRAWN

ACCURACY = -4
"""Where it stands in a row of the table."""


class RaceRows(NamedTuple):
    """The rows to learn from, and those that are held back to test on; numbered, the latter come first."""

    train: Dataset
    test: Dataset | None = None


@dataclass(eq=False)
class Runner:
    """One optimizer on one loss.

    Attributes:
        loss: the name of its loss, or of its surface.
        entry: its optimizer and learning rate.
        plan: its job.
        state: where it stands; the last finite one, if it is lost.
        lost: whether the next state would not be finite.
        updates: those that follow.
    """

    loss: str
    entry: RaceEntry
    plan: Plan
    state: State
    lost: bool = False
    updates: Iterator[Update] = field(default_factory=lambda: iter(()))

    @property
    def neuron(self) -> Neuron:
        """The neuron that it trains."""
        assert isinstance(self.plan.objective, Neuron), "the page trains neurons"
        return self.plan.objective

    @property
    def surface(self) -> Surface | None:
        """The surface that it goes down, if there are no rows."""
        return self.plan.objective if isinstance(self.plan.objective, Surface) else None

    def go_on(self, state: State) -> None:
        """Stand somewhere, and follow the plan from there."""
        self.state, self.lost, self.updates = state, False, updates_of(self.plan, state)

    def step(self) -> None:
        """Take one update, unless the last one led out of all numbers."""
        if not self.lost:
            # A snapshot: what the loop yields is live, and the next update changes it.
            self.state = next(self.updates).state.copy()


class LiveRace:
    """Runners that start together and step together.

    Args:
        config: who runs, and on what; its changes are for ``changes.play``.
        rows: to learn from and to test on, where they are not those of the config.

    Attributes:
        data: the rows to learn from; of a surface, which has none, an empty set.
    """

    def __init__(self, config: Config, rows: RaceRows | None = None) -> None:
        train, test = make_rows(config) if rows is None else rows
        self.data = expanded(train, config)
        self.test = None if test is None else expanded(test, config)
        self.start = torch.zeros(theta_size(config), dtype=torch.float64)
        self.start[:2] = torch.tensor(config.start, dtype=torch.float64)
        self.runners = [
            _runner(loss, entry, plan, self.start)
            for loss in config.loss
            for entry in config.optimizers
            for plan in [runner_plan(config, self.data, loss, entry)]
        ]
        self.losses, self.entries = config.loss, config.optimizers
        self.stand()

    def stand(self) -> None:
        """Take the present places for those that the next step starts from."""
        self._last = self._thetas()

    def step(self) -> Tensor:
        """One update for everybody, and the table after it; who leaves all numbers stays behind."""
        self._last = self._thetas()
        before = [runner.state for runner in self.runners]
        for runner in self.runners:
            runner.step()
        table = self.table()
        fine = drawable(table)
        if fine.all():
            return table
        for i in (~fine).nonzero()[:, 0].tolist():
            self.runners[i].state, self.runners[i].lost = before[i], True
        return self.table()

    def table(self) -> Tensor:
        """A row a runner: theta, loss, gradient norm, accuracy, length of the last step, rows, lost."""
        thetas = self._thetas()
        each = len(self.runners) // len({runner.loss for runner in self.runners})
        columns = [
            self._measured(self.runners[first].plan, thetas[first : first + each])
            for first in range(0, len(thetas), each)
        ]
        moved = torch.linalg.vector_norm(thetas - self._last, dim=1)
        rows = thetas.new_tensor([[runner.state.rows, runner.lost] for runner in self.runners])
        return torch.cat([thetas, torch.cat(columns), moved[:, None], rows], 1)

    def test_table(self) -> Tensor:
        """A row a runner: loss and accuracy on the rows that are held back; nan without any."""
        thetas = self._thetas()
        if self.test is None:
            return thetas.new_full((len(thetas), 2), torch.nan)
        rows = Batch(self.test.features, self.test.labels)
        found = [
            measure(runner.plan.objective, theta[None], rows)
            for runner, theta in zip(self.runners, thetas, strict=True)
        ]
        return torch.cat([torch.stack([one.value, one.accuracy], 1) for one in found])

    def _measured(self, plan: Plan, thetas: Theta) -> Tensor:
        """Loss, gradient norm and accuracy of the runners of one loss, a row each."""
        found = measure(plan.objective, thetas, plan.data)
        return torch.stack([found.value, found.gradient_norm, found.accuracy], 1)

    def _thetas(self) -> Theta:
        return torch.stack([runner.state.theta for runner in self.runners])


def _runner(loss: str, entry: RaceEntry, plan: Plan, start: Theta) -> Runner:
    runner = Runner(loss, entry, plan, first_state(plan, start))
    runner.go_on(runner.state)
    return runner


def drawable(table: Tensor) -> Tensor:
    """Which runners of a table stand at numbers that a frame can hold; a surface has no accuracy."""
    numbers = torch.cat([table[:, :ACCURACY], table[:, ACCURACY + 1 :]], 1)
    return (numbers.abs() < LARGEST_DRAWN).all(1)


def make_data(config: Config) -> Dataset:
    """The rows that a config asks for."""
    if config.surface:
        none = torch.empty(0, 2, dtype=torch.float64)
        return Dataset(none, none[:, 0], ("x", "y"), name=config.surface)
    if config.data != OWN:
        return make_dataset(config.data, seed=config.seed, noise=config.noise)
    rows = Dataset(
        features=torch.tensor([point[:2] for point in config.points], dtype=torch.float64),
        labels=torch.tensor([point.label for point in config.points], dtype=torch.float64),
        feature_names=config.names or ("x1", "x2"),
        name=OWN,
    )
    return add_noise(rows, config.noise, seed=config.seed)


def make_rows(config: Config) -> RaceRows:
    """The rows in the plane that a config asks for, with those apart that it holds back.

    Raises:
        InputError: so small a share of so few rows is none.
    """
    data = make_data(config)
    if config.test == 0:
        return RaceRows(data)
    try:
        return RaceRows(*hold_out(data, config.test, seed=config.seed))
    except InputError:
        raise playground_error("points.test", share=config.test, count=len(data.labels)) from None


def expanded(data: Dataset, config: Config) -> Dataset:
    """The rows in the plane with the columns of a config's further terms."""
    if not config.terms:
        return data
    names = (*data.feature_names[:2], *config.terms)
    return replace(data, features=with_terms(data.features, config.terms), feature_names=names)


def make_penalty(config: Config) -> L2 | None:
    """What a config lets the weights cost."""
    return L2(config.l2) if config.l2 else None


def runner_plan(config: Config, data: Dataset, loss: str, entry: RaceEntry) -> Plan:
    """The checked job of one runner."""
    rule = as_optimizer(entry.name, learning_rate=entry.rate, **dict(entry.settings))
    if config.surface:
        # No coordinate of a surface is a bias.
        rule = rule.replace(bias=False) if "bias" in rule.hyperparameters else rule
        return Plan(SURFACES.load(config.surface)(), None, direction_by_direction(rule))
    # A line search needs one function in all its steps: it takes all rows, whatever the others take.
    parts = config.batch is not None and rule.needs != "objective"
    batch = min(config.batch or 0, len(data.labels)) if parts else None
    return prepare(
        data,
        loss=loss,
        # So that its steps can be seen one by one.
        optimizer=direction_by_direction(rule),
        batch_size=batch,
        shuffle=batch is not None,
        seed=config.seed if batch is not None else None,
        bias=config.bias,
        penalty=make_penalty(config),
    ).plan
