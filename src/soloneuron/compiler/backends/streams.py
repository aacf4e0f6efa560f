"""Streams: what a loop goes through, as slices of lists, and the first line of a loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_PIECES = 6
"""What a loop goes through lies in at most so many pieces; else it is gathered, or there is no loop."""

NumberTable = tuple[float, ...] | tuple[int, ...]
"""Numbers of a program that a loop goes through, or positions."""


MOST_IN_LINE = 3
"""What more than so many names go through stands below each other."""


@dataclass(frozen=True)
class ListPlace:
    """A place in a list: of ``theta``, of ``sample``, or of what a line of an earlier loop has computed."""

    source: str | int
    index: int
    line: int = 0


def pieces(
    tokens: Sequence[float | str], places: Mapping[str, ListPlace]
) -> list[tuple[ListPlace | float | str, int, int]]:
    """Tokens as stretches of lists: where each begins, its step, and how many there are.

    What lies in no list is a stretch of its own, as long as it comes again right away.
    """
    found: list[tuple[ListPlace | float | str, int, int]] = []
    for token in tokens:
        place = places.get(token) if isinstance(token, str) else None
        if found:
            first, step, count = found[-1]
            if place is None:
                if token == first:
                    found[-1] = first, 0, count + 1
                    continue
            elif isinstance(first, ListPlace) and (first.source, first.line) == (place.source, place.line):
                distance = place.index - first.index
                if count == 1 or distance == step * count:
                    found[-1] = first, distance if count == 1 else step, count + 1
                    continue
        found.append((token if place is None else place, 0, 1))
    return found


def slice_of(name: str, start: int, step: int, count: int, length: int) -> str:
    """A stretch of a list as an expression."""
    if not step:
        return f"[{name}[{start}]] * {count}"
    stop = start + step * count
    first = start if step > 0 else length - 1 - start
    begin = "" if first == 0 else str(start)
    end = "" if (stop >= length if step > 0 else stop < 0) else str(stop)
    if step == 1:
        return name if not begin and not end else f"{name}[{begin}:{end}]"
    return f"{name}[{begin}:{end}:{step}]"


def loop_heading(streams: list[tuple[str, str]], count: int) -> Iterable[str]:
    """The first line of a loop: names, and what they go through."""
    if not streams:
        return [f"for _ in range({count}):"]
    names, texts = zip(*streams, strict=True)
    if len(streams) == 1:
        return [f"for {names[0]} in {texts[0]}:"]
    # By their count and not by their length, so that a longer loop has no more lines.
    if len(streams) <= MOST_IN_LINE:
        return [f"for {', '.join(names)} in zip({', '.join(texts)}):"]
    return ["for (", *(f"    {name}," for name in names), ") in zip(", *(f"    {t}," for t in texts), "):"]
