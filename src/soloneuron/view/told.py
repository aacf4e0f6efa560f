"""What a race came to, in sentences that are computed from its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from soloneuron.formulas.metrics import ENOUGH, NEAR
from soloneuron.records.run import Run
from soloneuron.texts import text
from soloneuron.view.reel import Course, Reel, number, penalty_of, strength_of, unit_of


def learned(course: Course) -> int | None:
    """The first step with 95 % of the rows on the right side."""
    return _first(course, course.accuracy >= ENOUGH)


def reached(course: Course, reel: Reel) -> int | None:
    """The first step with a loss within 0.01 of the lowest that any run on the same loss reached."""
    return _first(course, course.losses <= lowest(reel, course.loss) + NEAR)


def lowest(reel: Reel, loss: str) -> float:
    """The lowest loss of all runs on that loss."""
    return min(float(course.losses.min()) for course in reel.courses if course.loss == loss)


def result(reel: Reel, language: str) -> str:
    """Who reached the lowest loss and when, who came near it first, who never; for each loss."""
    sentences = []
    for loss in reel.losses:
        runs = [course for course in reel.courses if course.loss == loss]
        if len(reel.losses) > 1:
            sentences.append(text(language, "replay.of", loss=text(language, f"losses.{loss}.title")))
        sentences += _one(runs[0], language) if len(runs) == 1 else _race(runs, reel, language)
    sentences += [lost(course, language) for course in reel.courses if course.lost is not None]
    return " ".join(sentences)


def lost(course: Course, language: str) -> str:
    """What became of a run that left the range of numbers; why, if its record knows the limit."""
    said = text(language, "replay.lost", name=shown(course.name, language), step=course.lost)
    fields = course.run.history.outcome.fields
    rate, ratio, limit = (number(fields, name) for name in ("learning_rate", "ratio", "limit"))
    if rate is None or ratio is None or limit is None:
        return said
    which = "guaranteed" if fields.get("which") == "guaranteed" else "local"
    why = text(language, f"outcomes.{which}", learning_rate=rate, ratio=ratio, limit=limit)
    return f"{said} {text(language, 'replay.because', why=why)}"


def notes(reel: Reel, language: str) -> list[str]:
    """What a reader must know of the steps, the rows and the map."""
    runs = [course.run for course in reel.courses]
    batches = {number(run.settings, "batch_size") for run in runs}
    steps = reel.steps()
    starts = [course.table[0, :-4] for course in reel.courses]
    kept, rows, features = len(reel.data.labels), runs[0].source.rows, reel.data.features.shape[1]
    last = int(steps[-1])
    held = any(_left_out(run) for run in runs) or len({strength_of(run) for run in runs}) > 1
    known: list[tuple[bool, str, dict[str, object]]] = [
        (unit_of(runs[0]) == "epoch", "epoch", {"rows": rows}),
        (unit_of(runs[0]) != "epoch", "update", {"rows": rows, "batch": _batch(batches, rows)}),
        (len(batches) > 1, "batches", {}),
        (len(steps) <= last, "thinned", {"steps": len(steps), "last": last}),
        (not reel.flat, "flat" if features == 2 else "wide", {"features": features}),
        (any(not torch.equal(start, starts[0]) for start in starts), "starts", {}),
        (kept < rows, "sample", {"kept": kept, "rows": rows}),
        (held, "held", {}),
    ]
    return [text(language, f"replay.{key}", **fields) for holds, key, fields in known if holds]


def shown(name: str, language: str) -> str:
    """A run's name; that of an optimizer in short."""
    try:
        return text(language, f"playground.short.{name}")
    except KeyError:
        return name


def _one(course: Course, language: str) -> list[str]:
    best = int(course.losses.argmin())
    fields = {
        "name": shown(course.name, language),
        "loss": float(course.losses[best]),
        "step": int(course.steps[best]),
        "accuracy": float(course.accuracy[best]),
    }
    return [text(language, "replay.alone", **fields)]


def _race(runs: Sequence[Course], reel: Reel, language: str) -> list[str]:
    least = lowest(reel, runs[0].loss)
    shared = [course for course in runs if f"{float(course.losses.min()):.4g}" == f"{least:.4g}"]
    best = min(runs, key=lambda course: float(course.losses.min()))
    fields = {"loss": least, "names": _names(shared, language), "step": int(best.steps[best.losses.argmin()])}
    sentences = [text(language, "replay.lowest" if len(shared) == 1 else "replay.shared", **fields)]
    sentences += _firsts(runs, lambda course: reached(course, reel), "near", language)
    never = [course for course in runs if reached(course, reel) is None]
    if never:
        sentences.append(text(language, "replay.never", names=_names(never, language)))
    return sentences + _firsts(runs, learned, "right", language)


def _firsts(
    runs: Sequence[Course], when: Callable[[Course], int | None], key: str, language: str
) -> list[str]:
    """Who was there first; they may be several, or nobody."""
    steps = {course.name: step for course in runs if (step := when(course)) is not None}
    if not steps:
        return [text(language, f"replay.{key}_nobody")]
    first = min(steps.values())
    names = _names([course for course in runs if steps.get(course.name) == first], language)
    return [text(language, f"replay.{key}", names=names, step=first)]


def _names(courses: Sequence[Course], language: str) -> str:
    return ", ".join(shown(course.name, language) for course in courses)


def _left_out(run: Run) -> bool:
    """Whether the run's loss has a part that the replay does not know."""
    other = run.settings.get("penalty") is not None and penalty_of(run) is None
    return other or bool(run.settings.get("class_weight"))


def _batch(batches: set[float | None], rows: int) -> int:
    known = [int(batch) for batch in batches if batch is not None]
    return max(known, default=rows)


def _first(course: Course, holds: Tensor) -> int | None:
    return int(course.steps[holds.long().argmax()]) if bool(holds.any()) else None
