"""What every experiment is: a question that is measured, and sentences computed from the numbers."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from soloneuron.records.findings import Chart, Findings, Sheet, Verdict
from soloneuron.records.run import Run
from soloneuron.texts.phrases import Phrase
from soloneuron.training.engines.workers import one_thread

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """What was measured, before anything is concluded; the fields are those of Findings."""

    numbers: Numbers
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()
    runs: Mapping[str, Run] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment(ABC):
    """One question; the fields of a subclass are its sizes, so that a test can ask it small.

    ``measure`` gets the numbers and ``conclude`` makes sentences of nothing but those numbers: other data,
    other numbers, other words.
    """

    name: ClassVar[str]
    seed: int = 0

    @abstractmethod
    def measure(self) -> Measured:
        """Run what must be run."""

    @classmethod
    @abstractmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The sentences that these numbers support."""

    def run(self) -> Findings:
        """Measure, conclude, and tell how long it took."""
        began = time.perf_counter()
        with one_thread():
            found = self.measure()
        return Findings(
            experiment=self.name,
            numbers=found.numbers,
            verdicts=self.conclude(found.numbers),
            sheets=found.sheets,
            charts=found.charts,
            runs=found.runs,
            seconds=time.perf_counter() - began,
        )

    def orders(self, count: int) -> range:
        """Seeds for so many orders of rows; another seed of the experiment gives others."""
        return range(self.seed * count, (self.seed + 1) * count)

    @classmethod
    def verdict(cls, claim: str, holds: bool, **fields: object) -> Verdict:
        """The sentence of a claim: one for yes, another for no."""
        return Verdict(claim, holds, cls.word(f"{claim}_{'yes' if holds else 'no'}", **fields))

    @classmethod
    def word(cls, key: str, **fields: object) -> Phrase:
        """A sentence of this experiment."""
        return Phrase(f"study.{cls.name}.{key}", fields)


def shared(key: str, **fields: object) -> Phrase:
    """A word that experiments share."""
    return Phrase(f"study.words.{key}", fields)


def method(name: str) -> Phrase:
    """The title of an optimizer."""
    return Phrase(f"optimizers.{name}.title")
