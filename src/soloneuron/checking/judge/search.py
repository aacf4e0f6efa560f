"""Look for the smallest example by Hypothesis, or in a fixed catalogue where it is not installed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from soloneuron.checking.judge.results import PointList

LARGEST_SIZE = 6
EACH_SIZE = 8


def random_point(
    points: PointList,
    strategy: Callable[[Any], Any],
    drawn: Callable[[random.Random, int], Any],
    wrong: Callable[[Any], bool],
    seed: int,
    most: int,
) -> int | None:
    """The point "random": it holds where ``smallest`` finds nothing, and is not checked behind another fault.

    Returns:
        How many examples were tried until one was wrong, the smallest last; None where nothing is to be told.
    """
    if points.blocked("random"):
        return None
    tried = 0

    def counted(example: Any) -> bool:
        nonlocal tried
        tried += 1
        return wrong(example)

    found = smallest(strategy, drawn, counted, seed, most)
    if found is None:
        points.holds("random", programs=tried)
        return None
    counted(found)
    return tried


def smallest(
    strategy: Callable[[Any], Any],
    drawn: Callable[[random.Random, int], Any],
    wrong: Callable[[Any], bool],
    seed: int,
    most: int,
) -> Any:
    """An example for which something is wrong, shrunk; None where none was found.

    Args:
        strategy: makes a strategy of Hypothesis from its module of strategies.
        drawn: makes an example of a size from a generator, where there is no Hypothesis.
        wrong: whether it is wrong.
        seed: of the examples.
        most: so many are tried before any shrinking.
    """
    try:
        import hypothesis
        from hypothesis import strategies
    except ImportError:
        generator = random.Random(seed)
        sizes = [1 + min(LARGEST_SIZE - 1, k // EACH_SIZE) for k in range(most)]
        return next((one for one in (drawn(generator, size) for size in sizes) if wrong(one)), None)
    settings = hypothesis.settings(
        max_examples=most,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )
    try:
        return hypothesis.find(strategy(strategies), wrong, settings=settings, random=random.Random(seed))
    except hypothesis.errors.NoSuchExample:
        return None
