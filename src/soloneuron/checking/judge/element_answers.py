"""What is right of a program: the library's own Element answers it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from soloneuron.checking.judge.comparing import same_numbers
from soloneuron.checking.judge.element_faults import compiled
from soloneuron.element import Element


@lru_cache(maxsize=2048)
def right_answer(source: str, reads: tuple[str, ...]) -> tuple[Any, ...]:
    """What the library's own Element gives.

    Example:
        >>> right_answer("a = Element(3); x = a*a; x.backward()", ("x.data", "a.grad"))
        (9, 6)
    """
    space: dict[str, Any] = {"Element": Element}
    exec(compiled(source), space)
    return tuple(getattr(space[name.partition(".")[0]], name.partition(".")[2]) for name in reads)


def first_wrong(values: Mapping[str, Any], source: str, reads: tuple[str, ...]) -> int | None:
    """The place of the first number that is not right."""
    for place, want in enumerate(right_answer(source, reads)):
        if not same_numbers(values.get(reads[place], "missing"), want):
            return place
    return None
