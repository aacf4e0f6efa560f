"""What a race came to, in sentences that are computed from its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.metrics import LEARNED_ACCURACY, NEAR_LOWEST
from soloneuron.records.run import RunRecord
from soloneuron.texts import text
from soloneuron.training.reasons import limits_sentence
from soloneuron.view.losses import DRAWN_LOSSES
from soloneuron.view.recording import Recording, Track, strength_of, unit_of


def first_learned(track: Track) -> int | None:
    """The first step from which on 95 % of the rows stay on the right side."""
    return _since(track, track.accuracy >= LEARNED_ACCURACY)


def first_reached(track: Track, recording: Recording) -> int | None:
    """The first step from which on the loss stays within 0.01 of the lowest that any run on it reached."""
    return _since(track, track.losses <= lowest_loss(recording, track.loss) + NEAR_LOWEST)


def lowest_loss(recording: Recording, loss: str) -> float:
    """The lowest loss of all runs on that loss."""
    return min(float(track.losses.min()) for track in recording.tracks if track.loss == loss)


def describe_race(recording: Recording, language: str) -> str:
    """Who reached the lowest loss and when, who came near it first, who never; for each loss."""
    sentences = []
    for loss in recording.losses:
        runs = [track for track in recording.tracks if track.loss == loss]
        if len(recording.losses) > 1:
            sentences.append(text(language, "replay.of", loss=text(language, f"losses.{loss}.title")))
        sentences += _one(runs[0], language) if len(runs) == 1 else _race(runs, recording, language)
    sentences += [describe_overflow(track, language) for track in recording.tracks if track.lost is not None]
    return " ".join(sentences)


def describe_overflow(track: Track, language: str) -> str:
    """What became of a run that left the range of numbers; why, if its record knows the limit."""
    said = text(language, "replay.lost", name=run_title(track.name, language), step=track.lost)
    try:
        why = limits_sentence(track.run.history.outcome.fields, language)
    except (LookupError, TypeError, ValueError):
        # A file may hold other fields than ours.
        return said
    return f"{said} {text(language, 'replay.because', why=why)}" if why else said


def reading_notes(recording: Recording, language: str) -> list[str]:
    """What a reader must know of the steps, the rows and the map."""
    runs = [track.run for track in recording.tracks]
    batches = {run.recipe.batch_size or run.source.rows for run in runs}
    steps = recording.steps()
    starts = [track.table[0, :-4] for track in recording.tracks]
    kept, rows = len(recording.data.labels), runs[0].source.rows
    last = int(steps[-1])
    held = any(_left_out(run) for run in runs) or len({strength_of(run) for run in runs}) > 1
    known: list[tuple[bool, str, dict[str, object]]] = [
        (unit_of(runs[0]) == "epoch", "epoch", {"rows": rows}),
        (unit_of(runs[0]) != "epoch", "update", {"rows": rows, "batch": _batch(batches, rows)}),
        (len(batches) > 1, "batches", {}),
        (len(steps) <= last, "thinned", {"steps": len(steps), "last": last}),
        (not recording.flat, *_why_no_plane(recording, language)),
        (any(not torch.equal(start, starts[0]) for start in starts), "starts", {}),
        (kept < rows, "sample", {"kept": kept, "rows": rows}),
        (held, "held", {}),
    ]
    return [text(language, f"replay.{key}", **fields) for holds, key, fields in known if holds]


def run_title(name: str, language: str) -> str:
    """A run's name; that of an optimizer in short."""
    try:
        return text(language, f"optimizers.{name}.short")
    except KeyError:
        return name


def _one(track: Track, language: str) -> list[str]:
    best = int(track.losses.argmin())
    fields = {
        "name": run_title(track.name, language),
        "loss": float(track.losses[best]),
        "step": int(track.steps[best]),
        "accuracy": float(track.accuracy[best]),
    }
    return [text(language, "replay.alone", **fields)]


def _race(runs: Sequence[Track], recording: Recording, language: str) -> list[str]:
    least = lowest_loss(recording, runs[0].loss)
    shared = [track for track in runs if f"{float(track.losses.min()):.4g}" == f"{least:.4g}"]
    best = min(runs, key=lambda track: float(track.losses.min()))
    fields = {"loss": least, "names": _names(shared, language), "step": int(best.steps[best.losses.argmin()])}
    sentences = [text(language, "replay.lowest" if len(shared) == 1 else "replay.shared", **fields)]
    sentences += _firsts(runs, lambda track: first_reached(track, recording), "near", language)
    never = [track for track in runs if first_reached(track, recording) is None]
    if never:
        sentences.append(text(language, "replay.never", names=_names(never, language)))
    most = max(float(track.accuracy[-1]) for track in runs)
    return sentences + _firsts(runs, first_learned, "right", language, most=most)


def _firsts(
    runs: Sequence[Track], when: Callable[[Track], int | None], key: str, language: str, **nobody: float
) -> list[str]:
    """Who was there first; they may be several, or nobody."""
    steps = {track.name: step for track in runs if (step := when(track)) is not None}
    if not steps:
        return [text(language, f"replay.{key}_nobody", **nobody)]
    first = min(steps.values())
    names = _names([track for track in runs if steps.get(track.name) == first], language)
    return [text(language, f"replay.{key}", names=names, step=first)]


def _names(tracks: Sequence[Track], language: str) -> str:
    return ", ".join(run_title(track.name, language) for track in tracks)


def _why_no_plane(recording: Recording, language: str) -> tuple[str, dict[str, object]]:
    """The key of the sentence that says why nothing is drawn, and its fields."""
    features = recording.data.features.shape[1]
    undrawn = [loss for loss in recording.losses if loss not in DRAWN_LOSSES]
    if features != 2 + len(recording.terms):
        return "wide", {"features": features}
    if undrawn:
        return "undrawn", {"loss": text(language, f"losses.{undrawn[0]}.title")}
    return "flat", {}


def _left_out(run: RunRecord) -> bool:
    """Whether the run's loss has a part that the replay does not know."""
    recipe = run.recipe
    penalty = recipe.penalty is not None and recipe.penalty.name != "l2"
    return penalty or recipe.class_weight is not None or recipe.sample_weight


def _batch(batches: set[int], rows: int) -> int:
    known = [int(batch) for batch in batches if batch is not None]
    return max(known, default=rows)


def _since(track: Track, holds: Tensor) -> int | None:
    first = float(arrival(holds))
    return int(track.steps[int(first)]) if math.isfinite(first) else None
