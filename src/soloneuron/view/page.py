"""A replay: saved runs as one page that plays from disk, without a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.metrics import ENOUGH, NEAR
from soloneuron.records.run import Run
from soloneuron.texts import table, text
from soloneuron.view.assets import asset
from soloneuron.view.reel import Course, Reel, number, reel, strength_of
from soloneuron.view.rendering import packed, templates
from soloneuron.view.told import learned, lost, notes, reached, result, shown

PARTS = ("story", "bar", "picture", "curve", "table", "help", "short", "replay")
"""The tables of the playground's texts that a replay needs."""

FARTHEST = 8.0
"""The map follows no path further away than this, or than the start."""

MARGIN = 0.4


def replay(runs: Mapping[str, Run], language: str = "en") -> str:
    """Saved runs as a race that plays in a browser: one HTML page with everything in it.

    The page shows what the playground shows: the plane, the exact landscape with the paths, curves and a
    table, with a scrubber, the same keys and the result in words. Theta, loss, length of the gradient and
    accuracy are kept at every recorded epoch, as float32. The loss is measured anew at every recorded theta
    over the rows that the runs keep: a history's own loss is a mean over an epoch and belongs to no place.

    Args:
        runs: single trainings of a neuron on the same data, by name; one loss, or two, which are shown side
            by side. With other than two features there is no plane: curves and table are shown.
        language: "en" or "ru".

    Returns:
        The text of the page; it opens from disk and asks nothing of any network.

    Raises:
        InputError: no runs, more than 24, or runs that cannot race: other data, more than two losses, many
            runs in one record, no neuron.
        MissingExtraError: Jinja2 is not installed.

    Example:
        >>> from soloneuron.experiments.training import trained
        >>> from soloneuron.data.planar import make_planar
        >>> run = trained(make_planar("clouds"), optimizer="adam", learning_rate=0.2, epochs=5)
        >>> replay({"adam": run}).startswith("<!doctype html>")
        True
    """
    race = reel(runs)
    steps = race.steps()
    numbers = race.table(steps)
    return (
        templates("soloneuron.view", language)
        .get_template("replay.html.j2")
        .render(
            result=result(race, language),
            notes=notes(race, language),
            recording=_recording(race, steps, numbers, language),
            numbers=_numbers(race, steps, numbers),
            style=(asset("playground.css") + asset("replay.css")).decode(),
            script=asset("replay.js").decode(),
        )
    )


def _numbers(race: Reel, steps: Tensor, numbers: Tensor) -> str:
    """Steps in u32, then float32: rows and labels if they are drawn, and each column of each run in turn."""
    parts = [steps.numpy().astype("<u4").tobytes()]
    if race.flat:
        parts += [values.numpy().astype("<f4").tobytes() for values in (race.data.features, race.data.labels)]
    parts.append(numbers.permute(2, 1, 0).contiguous().numpy().astype("<f4").tobytes())
    return packed(b"".join(parts))


def _recording(race: Reel, steps: Tensor, numbers: Tensor, language: str) -> dict[str, Any]:
    """All that the page must know beside the numbers."""
    sides = [[course for course in race.courses if course.loss == loss] for loss in race.losses]
    rates = {course.name: number(course.run.settings, "learning_rate") for course in race.courses}
    most = max(sides, key=len)
    columns = numbers.shape[2]
    config = {
        "data": race.data.name, "points": [], "loss": race.losses, "batch": "all", "seed": 0, "step": 0,
        "optimizers": [[_name(course), rates[course.name] or 0] for course in most],
        "start": numbers[0, 0, :2].tolist(), "bias": columns > 6,
        "l2": strength_of(race.courses[0].run),
    }  # fmt: skip
    return {
        "language": language,
        "words": _words(race, language),
        "setup": {
            "link": "",
            "config": config,
            "runners": [
                {"loss": course.loss, "optimizer": _name(course), "rate": rates[course.name] or 0}
                for course in race.courses
            ],
            "begin": [],
            "columns": columns,
            "window": _window(numbers),
            "lowest": {},
            "near": NEAR,
            "enough": ENOUGH,
        },
        "courses": [
            {
                "learned": learned(course),
                "reached": reached(course, race),
                "lost": course.lost,
                "told": "" if course.lost is None else lost(course, language),
            }
            for course in race.courses
        ],
        "size": {
            "steps": len(steps),
            "rows": len(race.data.labels) if race.flat else 0,
            "runners": len(race.courses),
            "columns": columns,
        },
    }


def _name(course: Course) -> str:
    """The run's name; the page says the loss itself where there are two."""
    return course.name.removesuffix(f" · {course.loss.upper()}")


def _words(race: Reel, language: str) -> dict[str, Any]:
    """The sentences of the page: the playground's, some of them in the words of a replay."""
    own = table(language, "replay")["page"]
    words = {part: {**table(language, "playground")[part], **own.get(part, {})} for part in PARTS}
    titles = {loss: {"title": text(language, f"losses.{loss}.title")} for loss in race.losses}
    names = {course.name: {"title": shown(course.name, language)} for course in race.courses}
    return {"playground": words, "losses": titles, "optimizers": names}


def _window(numbers: Tensor) -> tuple[float, float, float, float]:
    """A square with the origin and all paths in it, as far as they are worth following."""
    start = numbers[0, :, :2]
    reach = max(FARTHEST, float(start.abs().max()))
    paths = numbers[:, :, :2].reshape(-1, 2).clamp(-reach, reach)
    corners = torch.cat([paths, paths.new_zeros(1, 2)])
    low, high = corners.amin(0), corners.amax(0)
    half = float((high - low).amax().clamp(min=2.0)) / 2 * (1 + MARGIN)
    (x, y) = ((low + high) / 2).tolist()
    return (x - half, x + half, y - half, y + half)
