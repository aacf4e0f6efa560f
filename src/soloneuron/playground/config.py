"""What the playground plays, and the link that says it.

A link holds only what differs from the defaults, in one spelling: whoever opens it gets the same run.
``?data=xor&optimizers=adam:0.2,momentum:0.05`` in a browser, the same words in ``soloneuron train --url``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from soloneuron.data.catalogue import PLANAR
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playground.lessons import LESSONS
from soloneuron.texts import text
from soloneuron.view.losses import page_losses

OWN = "own"
"""The data set of points that somebody brought or clicked."""

MOST_POINTS = 400
MOST_RUNNERS = 24
MOST_STEPS = 10_000
FARTHEST = 1e3
"""Points and starts lie within this distance of the origin, in each direction."""

DECIMALS = 3
"""Decimals of own points: as many as a link keeps, so that a shared run is the same run."""

BATCH_CHOICES = (1, 8, 32)

FIRST_RATES = {
    "gradient_descent": 0.3, "momentum": 0.05, "nesterov": 0.05, "nag": 0.05, "adagrad": 1.0,
    "adagrad_norm": 1.0, "adadelta": 20.0, "rmsprop": 0.1, "adam": 0.2, "amsgrad": 0.2, "adamw": 0.2,
    "nadam": 0.2, "adamax": 0.2, "radam": 0.2, "rprop": 0.1, "asgd": 0.3, "lion": 0.1, "adabelief": 0.2,
    "schedule_free_sgd": 0.3, "schedule_free_adamw": 0.5, "signum": 0.1, "qhm": 1.0, "yogi": 0.5,
    "ademamix": 0.1,
}  # fmt: skip
"""Rates to begin a race with, for two weights of about 5; other methods take their own default."""


class RaceEntry(NamedTuple):
    """One optimizer in the race, with its learning rate."""

    name: str
    rate: float


class Point(NamedTuple):
    """One row of own data: two features and the class, 0 or 1."""

    x1: float
    x2: float
    label: int


@dataclass(frozen=True)
class Config:
    """All that a run depends on.

    Attributes:
        data: a name of ``PLANAR``, or ``"own"``.
        points: the rows of own data; else empty.
        loss: one name or two of ``page_losses()``; two are compared side by side.
        optimizers: who races; every one with every loss.
        batch: rows an update; None takes all.
        start: the two weights to start from; a bias starts from 0.
        bias: whether the neuron has one.
        l2: strength of the L2 penalty on the weights; 0 is none.
        seed: of the points of a data set and of the order of rows.
        step: where a link opens the run.
        lesson: a name of ``LESSONS``, whose first step then gives the defaults; or nothing.
    """

    data: str = "clouds"
    points: tuple[Point, ...] = ()
    loss: tuple[str, ...] = ("nll", "mse")
    optimizers: tuple[RaceEntry, ...] = (RaceEntry("gradient_descent", 0.3),)
    batch: int | None = None
    start: tuple[float, float] = (-6.0, -6.0)
    bias: bool = False
    l2: float = 0.0
    seed: int = 0
    step: int = 0
    lesson: str = ""


def read_link(link: str) -> Config:
    """The config that a link asks for.

    Args:
        link: the part of an address after ``?``; a leading ``?`` or a whole address is understood too.

    Returns:
        A checked Config.

    Raises:
        InputError: a word that is unknown, said twice, or means nothing; the code names the fault.

    Example:
        >>> read_link("?data=xor&batch=8").batch
        8
    """
    words = link.rpartition("?")[2].partition("#")[0]
    try:
        pairs = parse_qsl(words, keep_blank_values=True, strict_parsing=bool(words), max_num_fields=20)
    except ValueError:
        raise playground_error("link", link=words[:80], want="words like data=xor&batch=8") from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in WORD_READERS:
            raise playground_error("word", word=name[:40], choices=", ".join(WORD_READERS))
        if name in found:
            raise playground_error("twice", word=name)
        found[name] = WORD_READERS[name](value)
    return _checked(replace(_plain(found.get("lesson", "")), **found))


def write_link(config: Config) -> str:
    """The link of a config, without ``?``; empty for the defaults.

    Example:
        >>> write_link(Config(data="xor", loss=("nll",)))
        'data=xor&loss=nll'
    """
    plain = _plain(config.lesson)
    return "&".join(
        f"{f.name}={quote(WORD_WRITERS.get(f.name, str)(getattr(config, f.name)), safe=',:;.-')}"
        for f in fields(Config)
        if getattr(config, f.name) != getattr(plain, f.name) or (f.name == "lesson" and config.lesson)
    )


def _plain(lesson: str) -> Config:
    """What holds where a link is silent."""
    return replace(read_link(LESSONS[lesson].steps[0].link), lesson=lesson) if lesson else Config()


def default_rate(name: str) -> float:
    """The rate that an optimizer begins with in the playground."""
    rate = FIRST_RATES.get(name)
    return float(OPTIMIZERS.load(name).defaults()["learning_rate"]) if rate is None else rate


def _checked(config: Config) -> Config:
    if (config.data == OWN) != bool(config.points):
        raise playground_error("points.none" if config.data == OWN else "points.data")
    if config.points and len({point.label for point in config.points}) < 2:
        raise playground_error("points.one_class")
    runners = len(config.loss) * len(config.optimizers)
    if runners > MOST_RUNNERS:
        raise playground_error("runners", count=runners, most=MOST_RUNNERS)
    return config


def playground_error(fault: str, **numbers: object) -> InputError:
    """The refusal with that name: its sentence stands in ``texts``, and the page says it in its language."""
    return InputError(
        text("en", f"playground.errors.{fault}", **numbers), code=f"playground.{fault}", **numbers
    )


def _number(text: str, name: str, *, least: float = -FARTHEST, most: float = FARTHEST) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most or "_" in text:
        raise playground_error("number", name=name, value=text[:40], least=f"{least:g}", most=f"{most:g}")
    return value + 0.0


def _whole(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > most:
        raise playground_error("whole", name=name, value=text[:40], most=most)
    return int(text)


def _one_of(text: str, name: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise playground_error("choice", name=name, value=text[:40], choices=", ".join(choices))
    return text


def _data(text: str) -> str:
    return _one_of(text, "data", (*PLANAR, OWN))


def _losses(text: str) -> tuple[str, ...]:
    drawn = page_losses()
    names = tuple(_one_of(name, "loss", tuple(LOSSES)) for name in text.split(","))
    for name in names:
        if name not in drawn:
            raise playground_error("undrawn", loss=name, choices=", ".join(drawn))
    if len(set(names)) < len(names) or len(names) > 2:
        raise playground_error("losses", value=text[:80])
    return names


def _optimizers(text: str) -> tuple[RaceEntry, ...]:
    entries = []
    for word in text.split(","):
        name, colon, rate = word.partition(":")
        _one_of(name, "optimizers", tuple(OPTIMIZERS))
        entries.append(RaceEntry(name, read_rate(rate) if colon else default_rate(name)))
    if len({entry.name for entry in entries}) < len(entries):
        raise playground_error("optimizers.twice", value=text[:80])
    return tuple(entries)


def read_rate(text: str) -> float:
    """A learning rate, from 0.000001 to 1000000."""
    return _number(text, "rate", least=1e-6, most=1e6)


def _batch(text: str) -> int | None:
    chosen = _one_of(text, "batch", (*map(str, BATCH_CHOICES), "all"))
    return None if chosen == "all" else int(chosen)


def _start(text: str) -> tuple[float, float]:
    words = text.split(",")
    if len(words) != 2:
        raise playground_error("start", value=text[:40])
    one, two = (round(_number(word, "start"), DECIMALS) for word in words)
    return one, two


def _points(text: str) -> tuple[Point, ...]:
    rows = [row.split(",") for row in text.split(";") if row]
    if not rows or len(rows) > MOST_POINTS:
        raise playground_error("points.count", count=len(rows), most=MOST_POINTS)
    if any(len(row) != 3 for row in rows):
        raise playground_error("points.row", value=text[:40])
    return tuple(_point(row) for row in rows)


def _point(row: list[str]) -> Point:
    x1, x2 = (round(_number(x, "points"), DECIMALS) for x in row[:2])
    return Point(x1, x2, int(_one_of(row[2], "label", ("0", "1"))))


def _lesson(text: str) -> str:
    return _one_of(text, "lesson", tuple(LESSONS)) if text else ""


def _bias(text: str) -> bool:
    return _one_of(text, "bias", ("0", "1")) == "1"


def spelled(value: float) -> str:
    """The shortest spelling of a number that reads back as the same number."""
    return repr(float(value)).removesuffix(".0")


WORD_READERS: Mapping[str, Callable[[str], Any]] = {
    "data": _data,
    "points": _points,
    "loss": _losses,
    "optimizers": _optimizers,
    "batch": _batch,
    "start": _start,
    "bias": _bias,
    "l2": lambda text: _number(text, "l2", least=0.0, most=10.0),
    "seed": lambda text: _whole(text, "seed", 2**31 - 1),
    "step": lambda text: _whole(text, "step", MOST_STEPS),
    "lesson": _lesson,
}

WORD_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "points": lambda points: ";".join(f"{spelled(p.x1)},{spelled(p.x2)},{p.label}" for p in points),
    "loss": ",".join,
    "optimizers": lambda entries: ",".join(f"{entry.name}:{spelled(entry.rate)}" for entry in entries),
    "batch": lambda batch: "all" if batch is None else str(batch),
    "start": lambda start: ",".join(map(spelled, start)),
    "bias": lambda bias: str(int(bias)),
    "l2": spelled,
}
