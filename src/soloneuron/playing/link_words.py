"""The words of a link: how each is read and written.

``view/source/session/link_words.ts`` reads the same; golden links hold both readers to one judgement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from soloneuron.data.catalogue import PLANAR
from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.terms import TERMS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import (
    BATCH_CHOICES,
    DECIMALS,
    FARTHEST,
    LEAST_RATE,
    LONGEST_NAME,
    MOST_HELD,
    MOST_NOISE,
    MOST_PENALTY,
    MOST_POINTS,
    MOST_RATE,
    MOST_SEED,
    MOST_STEPS,
    OWN,
    Point,
    RaceEntry,
    default_rate,
)
from soloneuron.playing.hyperparameters import number_ranges
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link_fields import as_typed, read_choice, read_number, read_whole, spelled
from soloneuron.playing.refusals import playground_error
from soloneuron.view.losses import page_losses

UNNAMED = re.compile("[\x00-\x20\x7f-\xa0,\u2028\u2029]+")
"""What stands in no name: commas, blanks but one at a time, and signs that nobody sees."""


def _rows(text: str) -> tuple[int, ...]:
    """Numbers of rows, each once, rising."""
    return tuple(sorted({read_whole(word, "drop", MOST_POINTS - 1) for word in text.split(",")}))


def _data(text: str) -> str:
    return read_choice(text, "data", (*PLANAR, OWN))


def _losses(text: str) -> tuple[str, ...]:
    drawn = page_losses()
    names = tuple(read_choice(name, "loss", tuple(LOSSES)) for name in text.split(","))
    for name in names:
        if name not in drawn:
            raise playground_error("undrawn", loss=name, choices=", ".join(drawn))
    if len(set(names)) < len(names) or len(names) > 2:
        raise playground_error("losses", value=as_typed(text, 80))
    return names


def read_surface(text: str) -> str:
    """A surface, or nothing."""
    return read_choice(text, "surface", tuple(SURFACES)) if text else ""


def read_optimizers(text: str, surface: str = "") -> tuple[RaceEntry, ...]:
    """Who races; a rate that is not said is the first one, on rows or on a surface."""
    entries = []
    for word in text.split(","):
        name, *said = word.split(":")
        read_choice(name, "optimizers", tuple(OPTIMIZERS))
        rate = read_rate(said[0]) if said else default_rate(name, surface)
        entries.append(RaceEntry(name, rate, _settings(name, said[1:])))
    if len({entry.name for entry in entries}) < len(entries):
        raise playground_error("optimizers.twice", value=as_typed(text, 80))
    return tuple(entries)


def _settings(name: str, said: list[str]) -> tuple[tuple[str, float], ...]:
    """Those numbers of an optimizer that are not its usual ones, in the order of its settings."""
    known, found = number_ranges(name), {}
    for key, _, value in (word.partition("=") for word in said):
        if key not in known:
            raise playground_error("setting", name=name, value=as_typed(key), choices=", ".join(known) or "-")
        if key in found:
            raise playground_error("twice", word=key)
        found[key] = read_number(value, key, least=known[key].least, most=known[key].most)
    return tuple(
        (key, found[key]) for key, one in known.items() if found.get(key, one.default) != one.default
    )


def _spell_entry(entry: RaceEntry) -> str:
    return ":".join([entry.name, spelled(entry.rate), *(f"{key}={spelled(x)}" for key, x in entry.settings)])


def read_rate(text: str) -> float:
    """A learning rate, from 0.000001 to 1000000."""
    return read_number(text, "rate", least=LEAST_RATE, most=MOST_RATE)


def _batch(text: str) -> int | None:
    chosen = read_choice(text, "batch", (*map(str, BATCH_CHOICES), "all"))
    return None if chosen == "all" else int(chosen)


def _start(text: str) -> tuple[float, float]:
    words = text.split(",")
    if len(words) != 2:
        raise playground_error("start", value=as_typed(text))
    return _place(words[0], "start"), _place(words[1], "start")


def _place(text: str, name: str) -> float:
    return round(read_number(text, name, least=-FARTHEST, most=FARTHEST), DECIMALS) + 0.0


def _own_points(text: str) -> tuple[Point, ...]:
    """No text says that there are none, as beside a lesson that has some."""
    return _points(text) if text else ()


def _points(text: str) -> tuple[Point, ...]:
    rows = [row.split(",") for row in text.split(";") if row]
    if not rows or len(rows) > MOST_POINTS:
        raise playground_error("points.count", count=len(rows), most=MOST_POINTS)
    if any(len(row) != 3 for row in rows):
        raise playground_error("points.row", value=as_typed(text))
    return tuple(_point(row) for row in rows)


def _point(row: list[str]) -> Point:
    x1, x2 = (_place(x, "points") for x in row[:2])
    return Point(x1, x2, int(read_choice(row[2], "label", ("0", "1"))))


def _spell_points(points: tuple[Point, ...]) -> str:
    return ";".join(f"{spelled(p.x1)},{spelled(p.x2)},{p.label}" for p in points)


def _names(text: str) -> tuple[str, ...]:
    """What the two features are called; without a comma, for that parts them."""
    names = tuple(text.split(",")) if text else ()
    if len(names) not in (0, 2) or any(name != feature_name(name) for name in names) or "" in names:
        raise playground_error("names", value=as_typed(text, 80), most=LONGEST_NAME)
    return names


def feature_name(name: str) -> str:
    """The name of a feature as a link may hold it: without commas and signs that nobody sees, and short.

    Example:
        >>> feature_name(" petal,  length ")
        'petal length'
    """
    return UNNAMED.sub(" ", name).strip(" ")[:LONGEST_NAME].strip(" ")


def _lesson(text: str) -> str:
    return read_choice(text, "lesson", tuple(LESSONS)) if text else ""


def _bias(text: str) -> bool:
    return read_choice(text, "bias", ("0", "1")) == "1"


def _terms(text: str) -> tuple[str, ...]:
    """Names of further terms, each once, in their order."""
    names = {read_choice(name, "terms", tuple(TERMS)) for name in text.split(",")} if text else set()
    return tuple(name for name in TERMS if name in names)


WORD_READERS: Mapping[str, Callable[[str], Any]] = {
    "surface": read_surface,
    "data": _data,
    "points": _own_points,
    "names": _names,
    "noise": lambda text: read_number(text, "noise", least=0.0, most=MOST_NOISE),
    "loss": _losses,
    "optimizers": read_optimizers,
    "batch": _batch,
    "start": _start,
    "bias": _bias,
    "terms": _terms,
    "l2": lambda text: read_number(text, "l2", least=0.0, most=MOST_PENALTY),
    "seed": lambda text: read_whole(text, "seed", MOST_SEED),
    "test": lambda text: read_number(text, "test", least=0.0, most=MOST_HELD),
    "step": lambda text: read_whole(text, "step", MOST_STEPS),
    "lesson": _lesson,
}

CHANGE_READERS: Mapping[str, Callable[[str], Any]] = {**WORD_READERS, "drop": _rows, "add": _points}

WORD_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "points": _spell_points,
    "names": ",".join,
    "noise": spelled,
    "loss": ",".join,
    "optimizers": lambda entries: ",".join(map(_spell_entry, entries)),
    "batch": lambda batch: "all" if batch is None else str(batch),
    "start": lambda start: ",".join(map(spelled, start)),
    "bias": lambda bias: str(int(bias)),
    "terms": ",".join,
    "l2": spelled,
    "test": spelled,
    "drop": lambda rows: ",".join(map(str, rows)),
    "add": _spell_points,
}
