"""A replay: saved runs as one page that plays from disk, without a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from soloneuron.formulas.metrics import LEARNED_ACCURACY, NEAR_LOWEST
from soloneuron.formulas.slices import square_window
from soloneuron.records.run import RunRecord
from soloneuron.texts import table, text
from soloneuron.view.assets import POLICY, asset
from soloneuron.view.description import (
    describe_overflow,
    describe_race,
    first_learned,
    first_reached,
    reading_notes,
    run_title,
)
from soloneuron.view.packing import packed
from soloneuron.view.recording import Recording, Track, rate_of, record_race, strength_of
from soloneuron.view.rendering import templates

REPLAY_TEXTS = ("story", "bar", "picture", "readout", "curve", "table", "help", "replay")
"""The tables of the playground's texts that a replay needs."""


def replay(runs: Mapping[str, RunRecord], language: str = "en") -> str:
    """Saved runs as a race that plays in a browser: one HTML page with everything in it.

    The page shows what the playground shows: the plane, the exact landscape with the paths, curves and a
    table, with a scrubber, the same keys and the result in words. Theta, loss, length of the gradient and
    accuracy are kept at every recorded epoch, as float32. The loss is the history's ``value`` at each
    recorded theta: the losses of its epochs are means and belong to no place.

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
        >>> from soloneuron.experiments.trained import train_run
        >>> from soloneuron.data.catalogue import make_dataset
        >>> run = train_run(make_dataset("clouds"), optimizer="adam", learning_rate=0.2, epochs=5)
        >>> replay({"adam": run}).startswith("<!doctype html>")
        True
    """
    race = record_race(runs)
    steps = race.steps()
    numbers = race.table(steps)
    return (
        templates("soloneuron.view", language)
        .get_template("replay.html.j2")
        .render(
            result=describe_race(race, language),
            notes=reading_notes(race, language),
            recording=_recording(race, steps, numbers, language),
            numbers=_numbers(race, steps, numbers),
            style=(asset("playground.css") + asset("replay.css")).decode(),
            script=asset("replay.js").decode(),
            policy=POLICY,
        )
    )


def _numbers(race: Recording, steps: Tensor, numbers: Tensor) -> str:
    """Steps in u32, then float32: rows and labels if they are drawn, and each column of each run in turn."""
    parts = [steps.numpy().astype("<u4").tobytes()]
    if race.flat:
        parts += [
            values.numpy().astype("<f4").tobytes() for values in (race.data.features[:, :2], race.data.labels)
        ]
    parts.append(numbers.permute(2, 1, 0).contiguous().numpy().astype("<f4").tobytes())
    return packed(b"".join(parts))


def _recording(race: Recording, steps: Tensor, numbers: Tensor, language: str) -> dict[str, Any]:
    """All that the page must know beside the numbers."""
    sides = [[track for track in race.tracks if track.loss == loss] for loss in race.losses]
    rates = {track.name: rate_of(track.run) for track in race.tracks}
    most = max(sides, key=len)
    columns = numbers.shape[2]
    config = {
        "data": race.data.name, "points": [], "loss": race.losses, "batch": "all", "seed": 0, "step": 0,
        "optimizers": [[_name(track), rates[track.name]] for track in most],
        "start": numbers[0, 0, :2].tolist(), "bias": columns > 6 + len(race.terms), "terms": race.terms,
        "l2": strength_of(race.tracks[0].run),
    }  # fmt: skip
    return {
        "language": language,
        "words": _words(race, language),
        "setup": {
            "link": "",
            "config": config,
            "runners": [
                {"loss": track.loss, "optimizer": _name(track), "rate": rates[track.name]}
                for track in race.tracks
            ],
            "begin": [],
            "columns": columns,
            "window": square_window(numbers[0, :, :2], numbers[:, :, :2]),
            "lowest": {},
            "near": NEAR_LOWEST,
            "enough": LEARNED_ACCURACY,
        },
        "tracks": [
            {
                "learned": first_learned(track),
                "reached": first_reached(track, race),
                "lost": track.lost,
                "sentence": "" if track.lost is None else describe_overflow(track, language),
            }
            for track in race.tracks
        ],
        "size": {
            "steps": len(steps),
            "rows": len(race.data.labels) if race.flat else 0,
            "runners": len(race.tracks),
            "columns": columns,
        },
    }


def _name(track: Track) -> str:
    """The run's name; the page says the loss itself where there are two."""
    return track.name.removesuffix(f" · {track.loss.upper()}")


def _words(race: Recording, language: str) -> dict[str, Any]:
    """The sentences of the page: the playground's, some of them in the words of a replay."""
    own = table(language, "replay")["page"]
    words = {part: {**table(language, "playground")[part], **own.get(part, {})} for part in REPLAY_TEXTS}
    titles = {loss: {"title": text(language, f"losses.{loss}.title")} for loss in race.losses}
    said = {name: run_title(name, language) for name in map(_name, race.tracks)}
    names = {name: {"title": title, "short": title} for name, title in said.items()}
    return {"playground": words, "losses": titles, "optimizers": names}
