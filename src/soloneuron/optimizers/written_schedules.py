"""Schedules as people write them: ``cosine(0.1, 100)``, ``0.1 * (warm_up(100) >> cosine(1000))``."""

from __future__ import annotations

import ast
from dataclasses import MISSING, dataclass, fields
from numbers import Real
from typing import Any

from soloneuron.errors import InputError, UnknownNameError
from soloneuron.optimizers.catalogue import SCHEDULE_CLASSES, SCHEDULES
from soloneuron.optimizers.composing import ComposableSchedule, ScaledSchedule, ScheduleSequence
from soloneuron.optimizers.schedules import Schedule

LONGEST_TEXT = 1000
"""Letters of a written schedule: a parser of what anybody typed needs an end."""


def schedule_of(text: str, *, rate: float = 1.0, steps: int | None = None) -> ComposableSchedule:
    """The schedule that a text describes: names of ``SCHEDULES`` with numbers, put together as in Python.

    What is in parentheses means what it means in Python. What is left out is filled in: steps are those
    that are left of the training, the rate is the method's own, or where the schedule before it ended.

    Args:
        text: such as ``cosine``, ``cosine(0.1)`` or ``0.1 * (warm_up(100) >> cosine)``.
        rate: the method's own.
        steps: of the training; None where nobody knows them, and the text must say them all.

    Raises:
        InputError: it is no such text.
        UnknownNameError: no schedule, or no hyperparameter of it, is called so.

    Example:
        >>> schedule_of("cosine", rate=0.1, steps=200)
        Cosine(rate=0.1, steps=200, floor=0.0)
        >>> schedule_of("warm_up(100) >> cosine(1000)").length
        1100.0
    """
    if len(text) > LONGEST_TEXT:
        raise _unread(text[:30] + "...")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        found = _read(tree, _Filling(rate, None if steps is None else max(1, steps)))
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError) as fault:
        if isinstance(fault, InputError):
            raise
        raise _unread(text) from None
    if not isinstance(found, ComposableSchedule):
        raise _unread(text)
    return found


def written_schedule(schedule: ComposableSchedule) -> str | None:
    """The text that ``schedule_of`` reads as this schedule; None for one that is somebody's own.

    Example:
        >>> from soloneuron.optimizers.schedules import Cosine, WarmUp
        >>> written_schedule(0.5 * (WarmUp(10) >> Cosine(20)))
        '0.5 * (warm_up(1.0, steps=10) >> cosine(1.0, steps=20))'
    """
    if isinstance(schedule, ScheduleSequence):
        first, second = written_schedule(schedule.first), written_schedule(schedule.second)
        # Of a >> (b >> c) the parentheses say which steps count from where; they are read as they stand.
        second = f"({second})" if isinstance(schedule.second, ScheduleSequence) and second else second
        return f"{first} >> {second}" if first and second else None
    if isinstance(schedule, ScaledSchedule):
        inner = written_schedule(schedule.schedule)
        if inner is None or not isinstance(schedule.factor, Real):
            return None
        simple = isinstance(schedule.schedule, Schedule)
        return f"{schedule.factor!r} * {inner if simple else f'({inner})'}"
    name = next((name for name in SCHEDULES if type(schedule) is SCHEDULES.load(name)), None)
    if name is None or not isinstance(schedule, Schedule):
        return None
    numbers = [
        f"{field.name}={getattr(schedule, field.name)!r}"
        for field in fields(schedule)
        if field.default is MISSING or field.name == "steps" or getattr(schedule, field.name) != field.default
    ]
    return f"{name}({', '.join(number.removeprefix('rate=') for number in numbers)})"


class _UnreadError(ValueError):
    """The text is no schedule."""


@dataclass(frozen=True)
class _Filling:
    """What stands in the place of numbers that were left out."""

    rate: float
    steps: int | None

    def after(self, first: ComposableSchedule) -> _Filling:
        """The same for what follows a schedule: it goes on where that ended."""
        length = int(first.length)
        left = None if self.steps is None else max(1, self.steps - length)
        return _Filling(first(length) or self.rate, left)


def _read(node: ast.expr, filling: _Filling) -> Any:
    """The schedule, or the number, of a part of the text."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return _sequence(node, filling)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        inside = _Filling(1.0, filling.steps)
        return _read(node.left, inside) * _read(node.right, inside)
    if isinstance(node, ast.Name):
        return _made(node, (), {}, filling)
    if isinstance(node, ast.Call):
        keywords = {str(word.arg): _number(word.value) for word in node.keywords}
        if len(keywords) < len(node.keywords):
            raise _UnreadError
        return _made(node.func, tuple(map(_number, node.args)), keywords, filling)
    return _number(node)


def _sequence(node: ast.BinOp, filling: _Filling) -> Any:
    first = _read(node.left, filling)
    if not isinstance(first, ComposableSchedule):
        raise _UnreadError
    if _bare_at_its_end(node.left):
        raise InputError(
            f"a schedule that another follows must have its steps, such as {ast.unparse(node.left)}(100), "
            f"got {ast.unparse(node)!r}",
            code="schedule.steps_unsaid",
        )
    if first.length == float("inf"):
        return first >> _read(node.right, filling)
    return first >> _read(node.right, filling.after(first))


def _bare_at_its_end(node: ast.expr) -> bool:
    """Whether a part ends with a name alone, whose steps would be all that are left."""
    while isinstance(node, ast.BinOp):
        node = node.right
    return isinstance(node, ast.Name) and any(field.name == "steps" for field in fields(_class_of(node)))


def _made(func: ast.expr, given: tuple[Any, ...], keywords: dict[str, Any], filling: _Filling) -> Any:
    """One schedule of the catalogue."""
    made = _class_of(func)
    names = [field.name for field in fields(made)]
    for name in keywords:
        if name not in names:
            raise UnknownNameError("hyperparameter", name, names)
    if len(given) > len(names) or set(names[: len(given)]) & keywords.keys():
        raise _UnreadError
    said = dict(zip(names, given, strict=False)) | keywords
    # A whole number alone is the steps, as in Python.
    only = said.get("rate")
    whole = isinstance(only, int) and only > 1 and "steps" in names and "steps" not in said
    if "rate" not in said:
        said["rate"] = filling.rate
    if "steps" in names and "steps" not in said and not whole:
        if filling.steps is None:
            raise InputError(
                f"{func.id} must have its steps where the end of the training is not known, "  # type: ignore[attr-defined]
                f"such as {func.id}(0.1, 100)",  # type: ignore[attr-defined]
                code="schedule.steps_unknown",
            )
        said["steps"] = filling.steps
    return made(**said)


def _class_of(func: ast.expr) -> type[Schedule]:
    """The schedule by its name in the catalogue, or by that of its class."""
    if not isinstance(func, ast.Name):
        raise _UnreadError
    found: type[Schedule] = SCHEDULES.load(SCHEDULE_CLASSES.get(func.id, func.id))
    return found


def _number(node: ast.expr) -> Any:
    value = ast.literal_eval(node)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _UnreadError
    return value


def _unread(text: str) -> InputError:
    return InputError(
        "a schedule must be written like cosine(0.1, 100) or 0.1 * (warm_up(100) >> cosine(1000)), "
        f"got {text!r}",
        code="schedule.text",
    )
