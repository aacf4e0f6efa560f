"""What a minimization shows of itself: its values, and where it ended."""

from __future__ import annotations

import torch

from soloneuron.figures.inline import Line, inline_curve
from soloneuron.records.findings import Chart, Series
from soloneuron.records.path import PathRecord
from soloneuron.result.view import View, sentence, shown_change
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number
from soloneuron.texts.phrases import Phrase

MOST_COORDINATES = 6
"""So many numbers of the last point are shown."""


def path_view(path: PathRecord, language: str) -> View:
    """One run by its values; many by the one that ended lowest."""
    steps, lowest = len(path.points) - 1, _lowest(path)
    values = path.values.flatten(1)[:, lowest] if path.values.dim() > 1 else path.values
    fields = {"optimizer": path.optimizer, "function": path.function, "steps": steps}
    change = {"first": shown_number(float(values[0])), "last": shown_number(float(values[-1]))}
    if path.values.dim() > 1:
        said = text(language, "views.went_many", **fields, **change, runs=path.values[0].numel())
    else:
        said = text(language, "views.went" if steps else "views.stayed", **fields, **change)
    if path.overflow:
        said = f"{sentence(said)} {text(language, 'views.overflow', steps=steps)}"
    point = path.point.flatten(0, -2)[lowest] if path.point.dim() > 1 else path.point
    rows = (
        (text(language, "views.point"), _numbers(point.tolist(), language)),
        (text(language, "views.evaluations"), str(path.evaluations[-1])),
    )
    title = text(language, "views.curve_values", change=shown_change(values))
    x = text(language, "views.update")
    curve = inline_curve([Line(range(len(values)), values.tolist())], x=x, title=title) if steps else ""
    return View(language, sentence(said), rows, curve)


def path_charts(path: PathRecord) -> dict[str, Chart]:
    """The values of every run by update; with two parameters also the way over their plane."""
    runs = path.values.flatten(1).T if path.values.dim() > 1 else path.values[None]
    names = [path.optimizer] if len(runs) == 1 else [f"{path.optimizer} {run}" for run in range(len(runs))]
    steps = tuple(range(len(path.points)))
    title = Phrase("views.on", {"optimizer": path.optimizer, "function": path.function})
    lines = tuple(Series(name, steps, _finite(run.tolist())) for name, run in zip(names, runs, strict=True))
    log = "y" if bool((runs > 0).all()) else ""
    value = Phrase("views.value")
    charts = {"values": Chart("lines", title, lines, Phrase("views.update"), value, log=log)}
    if path.points.shape[-1] == 2:
        ways = path.points.flatten(1, -2).unbind(1) if path.points.dim() > 2 else (path.points,)
        paths = tuple(
            Series(name, tuple(way[:, 0].tolist()), _finite(way[:, 1].tolist()))
            for name, way in zip(names, ways, strict=True)
        )
        charts["points"] = Chart("lines", title, paths, "x", "y")
    return charts


def _finite(values: list[float]) -> tuple[float | None, ...]:
    return tuple(value if abs(value) < torch.inf else None for value in values)


def _lowest(path: PathRecord) -> int:
    """The run that ended lowest."""
    ends = path.value.flatten()
    return int(torch.where(ends.isfinite(), ends, torch.inf).argmin())


def _numbers(point: list[float], language: str) -> str:
    shown = [shown_number(number) for number in point[:MOST_COORDINATES]]
    left = len(point) - len(shown)
    return ", ".join([*shown, *([text(language, "views.more", count=left)] if left > 0 else [])])
