"""Whether a lesson shows what it claims: its steps are played, with other seeds and in another order too."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from soloneuron.playing.config import Config, Point
from soloneuron.playing.lesson import Alike, Less, Lesson, Measurements
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import take
from soloneuron.playing.session import Session

OTHER_SEEDS = 4
"""How often the lesson is played with another seed."""


@dataclass(frozen=True)
class LessonTrial:
    """What came out once.

    Attributes:
        seeds: by how much the seed of every step was raised.
        permuted: whether the rows stood in the opposite order.
        answer: a key of the lesson's answers, or ``"unclear"``.
        numbers: the measures by name.
    """

    seeds: int
    permuted: bool
    answer: str
    numbers: Measurements


def lesson_trials(lesson: Lesson) -> Iterator[LessonTrial]:
    """Play a lesson as it stands, with its rows in the opposite order, and with four other seeds.

    Yields:
        What came out, the lesson as it stands first.

    Example:
        >>> from soloneuron.playing.lessons import LESSONS
        >>> next(lesson_trials(LESSONS["autograd"])).answer
        'one'
    """
    # Which rows a data set got wrong is known by its own order.
    known = any(one.kind == "clean_accuracy" for one in lesson.measures.values())
    orders = () if known else ((0, True),)
    for seeds, permuted in ((0, False), *orders, *((k, False) for k in range(1, OTHER_SEEDS + 1))):
        numbers = _measured(lesson, seeds=seeds, permuted=permuted)
        yield LessonTrial(seeds, permuted, lesson.judge(numbers), numbers)


def _measured(lesson: Lesson, *, seeds: int, permuted: bool) -> Measurements:
    numbers: dict[str, float | None] = {}
    for place, step in enumerate(lesson.steps, 1):
        config = read_link(step.link)
        config = replace(config, seed=config.seed + seeds)
        session = Session(_opposite(config) if permuted else config)
        session.go(step.until)
        own = {name: one for name, one in lesson.measures.items() if one.step == place}
        numbers |= {name: take(session, one, step.until) for name, one in own.items()}
    return numbers


def _opposite(config: Config) -> Config:
    """The same rows in the opposite order, as own points; a batch sees others then, as with another seed."""
    data = Session(config).race.data
    rows = zip(data.features.tolist(), data.labels.tolist(), strict=True)
    points = tuple(Point(one, two, int(label)) for (one, two), label in rows)
    return replace(config, data="own", points=points[::-1], noise=0.0, test=0.0)


def condition_margins(lesson: Lesson, numbers: Measurements) -> Iterator[tuple[str, float]]:
    """For each condition of the expected answer how many times over it holds; below 1 it does not.

    Example:
        >>> from soloneuron.playing.lessons import LESSONS
        >>> list(condition_margins(LESSONS["why_nll"], {"nll": 20.0, "mse": 400.0}))
        [('2 nll <= mse', 10.0)]
    """
    for one in lesson.answers[lesson.expected]:
        if isinstance(one, Less):
            small, large = (
                math.inf if (n := numbers[name]) is None else n for name in (one.small, one.large)
            )
            need = one.times * small + one.plus
            plus = f" + {one.plus:g}" if one.plus else ""
            times = f"{one.times:g} " if one.times != 1 else ""
            yield f"{times}{one.small}{plus} <= {one.large}", large / need if need > 0 else math.inf
        elif isinstance(one, Alike):
            pair = sorted(
                abs(n) if (n := numbers[name]) is not None else math.inf for name in (one.one, one.two)
            )
            need = one.times * pair[0] + one.plus
            yield f"{one.one} ~ {one.two}", need / pair[1] if 0 < pair[1] < math.inf else 0.0
        else:
            value = math.inf if (n := numbers[one.name]) is None else n
            away = min(value - one.low, one.high - value)
            yield f"{one.low:g} <= {one.name} < {one.high:g}", 1 + away / max(abs(value), 1e-300)
