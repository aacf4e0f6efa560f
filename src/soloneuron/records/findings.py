"""What an experiment found: numbers, the sentences they support, and what to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase

Name = str | Phrase
"""A word that is the same in every language, or one that is not."""

Number = int | float
"""A number as it was made: 7 and 7.0 are shown in different ways."""

Cell = float | int | str | None | Phrase

Row = tuple[Cell, ...]

ChartKind = Literal["lines", "surfaces", "landscape", "relief"]
"""The kinds that can be drawn, and that a findings file may name."""


@dataclass(frozen=True)
class Series:
    """One line of a chart.

    Attributes:
        name: what the legend calls it.
        x: positions.
        y: heights, one a position; None leaves a gap.
        low: the lower edge of a band over seeds, or nothing.
        high: its upper edge.
        points: draw markers only.
        z: for the path of an optimizer the height at every position.
        steps: for a path the step, or epoch, of every position, from 0.
    """

    name: Name
    x: tuple[Number, ...]
    y: tuple[Number | None, ...]
    low: tuple[Number, ...] = ()
    high: tuple[Number, ...] = ()
    points: bool = False
    z: tuple[Number | None, ...] = ()
    steps: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Heights over a rectangle, for a landscape.

    Attributes:
        x: columns.
        y: rows.
        z: one row of heights for each y.
        lowest: the lowest height there is, as far as it is known; logarithms are taken above it.
    """

    x: tuple[Number, ...]
    y: tuple[Number, ...]
    z: tuple[tuple[Number, ...], ...]
    lowest: Number = 0.0


@dataclass(frozen=True)
class Chart:
    """A picture that is not drawn yet.

    Attributes:
        kind: ``lines``; ``surfaces`` (probability surfaces of runs, side by side); ``landscape`` (contours
            with the paths of optimizers, and a race along them) or ``relief`` (the same in space).
        title: what it shows.
        series: the lines, or the paths.
        x: name of the horizontal axis.
        y: name of the vertical one.
        log: the axes that are logarithmic: "", "x", "y" or "xy"; "z" for the heights of a landscape.
        runs: for surfaces the names of runs in the findings.
        grid: for a landscape or a relief its heights.
        z: what the heights are.
        time: what the steps of paths are.
    """

    kind: ChartKind
    title: Phrase
    series: tuple[Series, ...] = ()
    x: Name = ""
    y: Name = ""
    log: str = ""
    runs: tuple[str, ...] = ()
    grid: Grid | None = None
    z: Name = ""
    time: Name = ""


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        title: what it tells.
        columns: heads.
        rows: cells; a number is shown with four digits, None as a dash.
    """

    title: Phrase
    columns: tuple[Name, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Verdict:
    """One conclusion.

    Attributes:
        claim: its name.
        holds: whether the numbers support what textbooks claim; None where they claim nothing.
        phrase: the sentence that the numbers do support.
    """

    claim: str
    holds: bool | None
    phrase: Phrase


@dataclass(frozen=True)
class Findings:
    """The result of one experiment.

    Attributes:
        experiment: its name in the catalogue.
        numbers: every number that a conclusion is made from, by name.
        verdicts: the conclusions.
        sheets: tables.
        charts: pictures.
        runs: trainings worth keeping, by name.
        how: on what it was measured, and with which sizes; None on somebody's own rows.
        seconds: how long it took.
    """

    experiment: str
    numbers: Mapping[str, Number]
    verdicts: tuple[Verdict, ...]
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()
    runs: Mapping[str, RunRecord] = field(default_factory=dict)
    how: Phrase | None = None
    seconds: Number = 0.0
