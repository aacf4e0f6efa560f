"""A replay: saved runs as one page that plays from disk, without a server."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from html import escape
from typing import Any

from torch import Tensor

from soloneuron.formulas.metrics import ENOUGH, NEAR
from soloneuron.formulas.slices import square_window
from soloneuron.records.run import Run
from soloneuron.texts import table, text
from soloneuron.view.assets import asset
from soloneuron.view.reel import Course, Reel, number, reel, strength_of
from soloneuron.view.told import learned, lost, notes, reached, result, shown

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What the page may load: nothing that does not stand in it."""

PARTS = ("story", "bar", "picture", "curve", "table", "help", "short", "replay")
"""The tables of the playground's texts that a replay needs."""


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

    Example:
        >>> from soloneuron.experiments.training import trained
        >>> from soloneuron.data.catalogue import make_dataset
        >>> run = trained(make_dataset("clouds"), optimizer="adam", learning_rate=0.2, epochs=5)
        >>> replay({"adam": run}).startswith("<!doctype html>")
        True
    """
    race = reel(runs)
    steps = race.steps()
    numbers = race.table(steps)
    data = json.dumps(_recording(race, steps, numbers, language), ensure_ascii=False, separators=(",", ":"))
    title = escape(text(language, "replay.title"))
    told = "".join(f"<p>{escape(note)}</p>" for note in notes(race, language))
    style = (asset("playground.css") + asset("replay.css")).decode()
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n'
        f'<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body class="replay">\n'
        f'<header><h1>{title}</h1><p class="result">{escape(result(race, language))}</p></header>\n'
        f'<main id="app"></main>\n<footer class="notes">{told}</footer>\n'
        f'<script type="application/json" id="recording">{data.replace("<", chr(92) + "u003c")}</script>\n'
        f'<script type="text/plain" id="numbers">{_packed(race, steps, numbers)}</script>\n'
        f'<script type="module">{asset("replay.js").decode()}</script>\n</body>\n</html>\n'
    )


def _packed(race: Reel, steps: Tensor, numbers: Tensor) -> str:
    """Steps in u32, then float32: rows and labels if they are drawn, and each column of each run in turn."""
    parts = [steps.numpy().astype("<u4").tobytes()]
    if race.flat:
        parts += [values.numpy().astype("<f4").tobytes() for values in (race.data.features, race.data.labels)]
    parts.append(numbers.permute(2, 1, 0).contiguous().numpy().astype("<f4").tobytes())
    return base64.b64encode(gzip.compress(b"".join(parts), mtime=0)).decode()


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
            "window": square_window(numbers[0, :, :2], numbers[:, :, :2]),
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
