"""What every experiment is: a question that is measured, and sentences computed from the numbers."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, Self

from soloneuron.experiments.own_rows import OwnData
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.ordering import CLEAR_FACTOR, clearly_less
from soloneuron.formulas.penalties import Penalty
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Findings, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase
from soloneuron.training.kernels.workers import one_thread

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """What was measured, before anything is concluded; the fields are those of Findings."""

    numbers: Numbers
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()
    runs: Mapping[str, RunRecord] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment(ABC):
    """One question; the fields of a subclass are its sizes, so that a test can ask it small.

    ``measure`` gets the numbers and ``conclude`` makes sentences of nothing but those numbers: other data,
    other numbers, other words.
    """

    name: ClassVar[str]
    quick_sizes: ClassVar[Mapping[str, Any] | None] = None
    """Sizes for a reader in haste; None for a question that a quick report leaves out."""
    untested: ClassVar[frozenset[str]] = frozenset()
    """Claims that no textbook makes: what is found supports nobody and contradicts nobody."""
    seed: int = 0

    @abstractmethod
    def measure(self) -> Measured:
        """Run what must be run."""

    @classmethod
    @abstractmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The sentences that these numbers support."""

    def quick(self) -> Self:
        """The same question at sizes for a reader in haste."""
        return replace(self, **(self.quick_sizes or {}))

    @classmethod
    def verdicts(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """What ``conclude`` says; of what no textbook claims it is not said whether it holds."""
        return tuple(
            replace(verdict, holds=None) if verdict.claim in cls.untested else verdict
            for verdict in cls.conclude(numbers)
        )

    def run(self) -> Findings:
        """Measure, conclude, and tell how long it took."""
        began = time.perf_counter()
        with one_thread():
            found = self.measure()
        return Findings(
            experiment=self.name,
            numbers=found.numbers,
            verdicts=self.verdicts(found.numbers),
            sheets=found.sheets,
            charts=found.charts,
            runs=found.runs,
            how=self.how(),
            seconds=time.perf_counter() - began,
        )

    def how(self) -> Phrase | None:
        """On what it was measured, and with which sizes."""
        sizes = {size.name: getattr(self, size.name) for size in fields(self)}
        sizes_said = {
            name: ", ".join(f"{value:g}" for value in size) if isinstance(size, tuple) else size
            for name, size in sizes.items()
            if isinstance(size, int | float | tuple)
        }
        return self.word("how", **sizes_said)

    def orders(self, count: int) -> range:
        """Seeds for so many orders of rows; another seed of the experiment gives others."""
        return range(self.seed * count, (self.seed + 1) * count)

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:  # noqa: ARG003
        """Why this cannot be asked of somebody's own rows; None where it can."""
        return cls.word("not_asked")

    @classmethod
    def verdict(cls, claim: str, holds: bool, **fields: Any) -> Verdict:
        """The sentence of a claim: one for yes, another for no."""
        return cls.answer(claim, "yes" if holds else "no", **fields)

    @classmethod
    def answer(cls, claim: str, answer: str, **fields: Any) -> Verdict:
        """The sentence of a claim that has more answers than yes and no."""
        return Verdict(claim, answer == "yes", cls.word(f"{claim}_{answer}", **fields))

    @classmethod
    def word(cls, key: str, **fields: Any) -> Phrase:
        """A sentence of this experiment."""
        return Phrase(f"study.{cls.name}.{key}", fields)


@dataclass(frozen=True)
class OnRows(Experiment):
    """A question that can be asked of somebody's own rows as well as of rows made for it.

    ``data`` are those rows; then ``own_sizes`` stand in for the sizes, and numbers have ``own`` at 1.
    """

    own_sizes: ClassVar[Mapping[str, Any]] = {}
    own_quick_sizes: ClassVar[Mapping[str, Any]] = {}
    """What stands in for some of ``quick_sizes`` on somebody's own rows, which may be more."""
    data: OwnData | None = None

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:  # noqa: ARG003
        """Any rows will do, unless a subclass knows better."""
        return None

    @classmethod
    def asked_of(cls, own: OwnData, *, seed: int = 0) -> Self:
        """The question for somebody's own rows, at sizes that they can wait for."""
        return cls(data=own, seed=seed, **cls.own_sizes)

    def quick(self) -> Self:
        """The same question at sizes for a reader in haste, and for so many rows."""
        one = super().quick()
        return one if self.data is None else replace(one, **self.own_quick_sizes)

    def how(self) -> Phrase | None:
        """Of rows made for it; somebody's own rows are told of in one place for all questions."""
        return super().how() if self.data is None else None

    @property
    def own(self) -> float:
        """1 on somebody's own rows, else 0."""
        return float(self.data is not None)

    @property
    def penalty(self) -> Penalty | None:
        """What gives somebody's rows an optimum where they have none of their own."""
        return None if self.data is None else self.data.penalty

    def neuron(self, loss: str = "nll") -> Neuron:
        """A neuron with that penalty."""
        return Neuron(as_loss(loss), penalty=self.penalty)

    def pace(self, rate: float) -> float | Literal["auto"]:
        """The learning rate: as given, or on somebody's own rows one that is safe for them."""
        return rate if self.data is None else "auto"


def lead(less: float, more: float, factor: float = CLEAR_FACTOR) -> str:
    """Whether one number is clearly the smaller: yes, no, or reversed; unknown where neither is finite."""
    if not math.isfinite(less) and not math.isfinite(more):
        return "unknown"
    if clearly_less(less, more, factor=factor):
        return "yes"
    return "reversed" if clearly_less(more, less, factor=factor) else "no"


def claim_key(claim: str, numbers: Numbers) -> str:
    """The name of a claim whose sentence is another one on somebody's own rows."""
    return f"{claim}_own" if numbers["own"] else claim


def shared(key: str, **fields: Any) -> Phrase:
    """A word that experiments share."""
    return Phrase(f"study.words.{key}", fields)


def method(name: str) -> Phrase:
    """The title of an optimizer."""
    return Phrase(f"optimizers.{name}.title")


def short_name(name: str) -> Phrase:
    """What a sentence calls an optimizer."""
    return shared("plain_descent") if name == "gradient_descent" else Phrase(f"optimizers.{name}.short")


def name_list(names: Sequence[Phrase]) -> Phrase:
    """One name or more, with commas between them."""
    *others, last = names
    return shared("and_more", others=name_list(others), last=last) if others else last
