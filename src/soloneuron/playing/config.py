"""What the playground plays: all that a run depends on, and what changes while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.refusals import playground_error

OWN = "own"
"""The data set of points that somebody brought or clicked."""

MOST_POINTS = 2000
MOST_RUNNERS = 24
MOST_STEPS = 10_000
MOST_CHANGES = 50
MOST_LINK_WORDS = 80
"""Of a link, its changes included."""

FARTHEST = 1e3
"""Points and starts lie within this distance of the origin, in each direction."""

MOST_SEED, MOST_PENALTY, MOST_NOISE = 2**31 - 1, 10.0, 10.0
LEAST_RATE, MOST_RATE = 1e-6, 1e6
DECIMALS = 3
"""Decimals of own points: as many as a link keeps, so that a shared run is the same run."""

LONGEST_NAME = 30
"""Letters of the name of a feature of own points."""

MOST_HELD = 0.5
"""The largest share of rows that is held back: so each class is learned from."""

ROW_EDITS = ("drop", "add")
"""Rows that are taken away from those there are, and points that are added to what is left."""

CHANGEABLE = ("data", "points", "noise", "loss", "optimizers", "batch", "l2", "seed", *ROW_EDITS)
"""The words that can change while it runs; any other begins a new run."""

BATCH_CHOICES = (1, 8, 32)

FIRST_RATES = {
    "gradient_descent": 0.3, "momentum": 0.05, "nesterov": 0.05, "nag": 0.05, "adagrad": 1.0,
    "adagrad_norm": 1.0, "adadelta": 20.0, "rmsprop": 0.1, "adam": 0.2, "amsgrad": 0.2, "adamw": 0.2,
    "nadam": 0.2, "adamax": 0.2, "radam": 0.2, "rprop": 0.1, "asgd": 0.3, "lion": 0.1, "adabelief": 0.2,
    "schedule_free_sgd": 0.3, "schedule_free_adamw": 0.5, "signum": 0.1, "qhm": 1.0, "yogi": 0.5,
    "ademamix": 0.1, "barzilai_borwein": 0.1, "restarted_nag": 0.05,
}  # fmt: skip
"""Rates to begin a race with, for two weights of about 5; other methods take their own default."""


SLOPE_METHODS = (
    "gradient_descent", "momentum", "nesterov", "nag", "asgd", "schedule_free_sgd", "qhm",
    "barzilai_borwein", "restarted_nag", "radam",
)  # fmt: skip
"""Methods whose steps, the first ones at least, are as long as the slope is steep."""

SELF_TUNING_METHODS = ("adagrad_norm", "adadelta", "dog", "prodigy")
"""Methods that find the length of their steps by themselves, as do all that see the objective."""

SURFACE_RATES = {
    "bowl": (1.0, 0.5), "ravine": (0.05, 0.5), "rotated_ravine": (0.05, 0.5), "rosenbrock": (0.004, 0.5),
    "beale": (0.02, 0.5), "himmelblau": (0.03, 1.0), "goldstein_price": (3e-5, 0.1),
    "rastrigin": (0.005, 0.3), "saddle": (0.3, 0.2), "plateau": (3.0, 1.0), "kink": (0.2, 0.5),
}  # fmt: skip
"""By what to multiply the first rates on a surface: those of the slope's methods, and all others."""

SURFACE_RACERS = ("gradient_descent", "momentum", "nag", "adagrad", "rmsprop", "adam")
"""The best known six; on a surface they race unless a link says so."""

ROW_WORDS = (
    "data", "points", "names", "noise", "loss", "batch", "bias", "terms", "l2", "seed", "test", "lesson",
    *ROW_EDITS,
)  # fmt: skip
"""What has no meaning on a surface, which has no rows."""


class RaceEntry(NamedTuple):
    """One optimizer in the race, with its learning rate and those of its other numbers that are not usual."""

    name: str
    rate: float
    settings: tuple[tuple[str, float], ...] = ()


class Point(NamedTuple):
    """One row of own data: two features and the class, 0 or 1."""

    x1: float
    x2: float
    label: int


class LinkChange(NamedTuple):
    """What holds from a step on: a word of ``CHANGEABLE``, and what it reads as."""

    step: int
    word: str
    value: Any


@dataclass(frozen=True)
class Config:
    """All that a run depends on.

    Attributes:
        surface: a name of ``SURFACES``, which is minimized in the place of a loss over rows; or nothing.
        data: a name of ``PLANAR``, or ``"own"``.
        points: the rows of own data; else empty.
        names: what x1 and x2 of own data are called; or nothing.
        noise: normal noise on the rows, in standard deviations of each feature; points set later have none.
        loss: one name or two of ``page_losses()``; two are compared side by side. On a surface its name.
        optimizers: who races; every one with every loss.
        batch: rows an update; None takes all.
        start: the two weights to start from; those of further terms and a bias start from 0.
        bias: whether the neuron has one.
        terms: names of ``TERMS``, in their order: further columns, each with its weight.
        l2: strength of the L2 penalty on the weights; 0 is none.
        seed: of the points of a data set and of the order of rows.
        test: share of the rows that are held back from training, of each class by chance; 0 is none.
        step: where a link opens the run.
        lesson: a name of ``LESSONS``, whose first step then gives the defaults; or nothing.
        changes: what changes while it runs, by step, then in the order of ``CHANGEABLE``.
    """

    surface: str = ""
    data: str = "clouds"
    points: tuple[Point, ...] = ()
    names: tuple[str, ...] = ()
    noise: float = 0.0
    loss: tuple[str, ...] = ("nll", "mse")
    optimizers: tuple[RaceEntry, ...] = (RaceEntry("gradient_descent", 0.3),)
    batch: int | None = None
    start: tuple[float, float] = (-6.0, -6.0)
    bias: bool = False
    terms: tuple[str, ...] = ()
    l2: float = 0.0
    seed: int = 0
    test: float = 0.0
    step: int = 0
    lesson: str = ""
    changes: tuple[LinkChange, ...] = ()


def theta_size(config: Config) -> int:
    """How many numbers theta has: a weight a column, and perhaps the bias."""
    return 2 + len(config.terms) + config.bias


def check_config(config: Config) -> Config:
    """The config, if its words go together, also after each of its changes.

    Raises:
        InputError: points without their data set, one class, or too many runners.
    """
    for one in (config, *(after for _, after in configs_of(config))):
        if (one.data == OWN) != bool(one.points):
            raise playground_error("points.none" if one.data == OWN else "points.data")
        if one.points and len({point.label for point in one.points}) < 2:
            raise playground_error("points.one_class")
        runners = len(one.loss) * len(one.optimizers)
        if runners > MOST_RUNNERS:
            raise playground_error("runners", count=runners, most=MOST_RUNNERS)
    return config


def configs_of(config: Config) -> list[tuple[int, Config]]:
    """What holds from each step on at which something changes, without the edits of rows."""
    found: list[tuple[int, Config]] = []
    now = replace(config, changes=())
    for step, group in groupby(config.changes, key=lambda change: change.step):
        words = {word: value for _, word, value in group if word not in ROW_EDITS}
        if words.get("data", OWN) != OWN:
            words = {"points": (), **words}
        now = replace(now, **words)
        found.append((step, now))
    return found


def changes_in_order(changes: Iterable[LinkChange]) -> tuple[LinkChange, ...]:
    """Changes by step, then in the order of ``CHANGEABLE``.

    Raises:
        InputError: there are more than ``MOST_CHANGES``.
    """
    ordered = tuple(sorted(changes, key=lambda change: (change.step, CHANGEABLE.index(change.word))))
    if len(ordered) > MOST_CHANGES:
        raise playground_error("change.count", count=len(ordered), most=MOST_CHANGES)
    return ordered


def default_rate(name: str, surface: str = "") -> float:
    """The rate that an optimizer begins with in the playground, on rows or on a surface.

    Example:
        >>> default_rate("adam"), default_rate("adam", "rosenbrock"), default_rate("newton", "rosenbrock")
        (0.2, 0.1, 1.0)
    """
    rate = FIRST_RATES.get(name)
    rate = float(OPTIMIZERS.load(name).defaults()["learning_rate"]) if rate is None else rate
    place = follows(name)
    return rate if not surface or place is None else float(f"{rate * SURFACE_RATES[surface][place]:.3g}")


def follows(name: str) -> int | None:
    """Which number of ``SURFACE_RATES`` the first rate of a method follows; None for neither."""
    if name in SELF_TUNING_METHODS or OPTIMIZERS.load(name).needs == "objective":
        return None
    return int(name not in SLOPE_METHODS)


def surface_config(surface: str) -> Config:
    """What holds on a surface where a link is silent.

    Example:
        >>> surface_config("rosenbrock").start
        (-1.2, 1.0)
    """
    x, y = (round(place, DECIMALS) + 0.0 for place in SURFACES.load(surface)().start)
    entries = tuple(RaceEntry(name, default_rate(name, surface)) for name in SURFACE_RACERS)
    return Config(surface=surface, loss=(surface,), optimizers=entries, start=(x, y))
