"""A whole study: what its experiments found, and what repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from soloneuron.brief import brief
from soloneuron.records.findings import Findings
from soloneuron.records.run import Source
from soloneuron.texts.phrases import Phrase


@dataclass(frozen=True)
class OwnRows:
    """Somebody's own rows, which the study was asked of.

    Attributes:
        source: the file, its hash and how many rows it has.
        features: the columns learned from.
        label: the column predicted.
        classes: the two words that label 0 and label 1 stand for.
        counts: the rows of each class.
        notes: what was done to the rows before they were asked.
        skipped: the experiments that they cannot be asked, each with the reason.
    """

    source: Source
    features: tuple[str, ...]
    label: str
    classes: tuple[str, str]
    counts: tuple[int, int]
    notes: tuple[Phrase, ...] = ()
    skipped: Mapping[str, Phrase] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Study:
    """What a findings file holds; a report is made of nothing else.

    Attributes:
        findings: of every experiment that was asked, in the order they were asked.
        command: what repeats the study, but for the language.
        versions: the libraries that measured.
        seed: of all chance.
        own: the rows that were asked, or None for the study's own.
        quick: whether it was asked at the sizes for a reader in haste.
    """

    findings: tuple[Findings, ...]
    command: str
    versions: Mapping[str, str]
    seed: int = 0
    own: OwnRows | None = None
    quick: bool = False

    __repr__ = brief
