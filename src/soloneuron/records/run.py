"""One run with everything that is needed to draw, compare or repeat it."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.brief import brief
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.recipe import Recipe


@dataclass(frozen=True)
class Source:
    """Where the rows came from, when a run keeps only a sample of them.

    Attributes:
        name: the file's name.
        sha256: the hash of its bytes, in hexadecimal; empty for data that never were a file.
        rows: how many rows were trained on.
    """

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, eq=False)
class RunRecord:
    """What a run file holds.

    Attributes:
        recipe: how it was trained.
        versions: the libraries that made it.
        history: the course of the run.
        data: the rows it was trained on, or a seeded sample of them.
        source: where all the rows are.
        link: the page's link that shows the run, or nothing.
    """

    recipe: Recipe
    versions: dict[str, str]
    history: History
    data: Dataset
    source: Source
    link: str = ""

    __repr__ = brief
