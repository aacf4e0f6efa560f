"""What the two sides say to each other: plain data, which goes through a pipe as JSON.

Nothing here knows what is right. Numbers that are not finite are floats; whoever writes strict JSON words
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

CHECKED_TASKS = ("element", "neuron", "optimizer")


@dataclass(frozen=True)
class Method:
    """Lines of the student's file.

    Args:
        name: of the function or method.
        line: the number of its first line, from 1.
        text: the lines as they stand, without common indentation.
    """

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class ForbiddenUse:
    """A line that uses a tool which the task forbids.

    Args:
        tool: ``"torch.autograd"``, ``"torch.nn"`` or ``"torch.optim"``.
        line: its number, from 1; in a notebook within its cell.
        text: the line as it stands.
        place: what it is a line of, such as ``"cell 4"``; nothing where that is plain.
    """

    tool: str
    line: int
    text: str
    place: str = ""


@dataclass(frozen=True)
class Description:
    """What the student's object is, and how it is called.

    Args:
        task: one of ``CHECKED_TASKS``.
        name: what the student calls it.
        call: how it is called, in the student's words, such as ``"Value(data)"``.
        kind: how it is used: ``"class"``, ``"function"``, or a call shape of optimizers.
        spellings: our names, and the student's: ``{"grad": "gradient", "relu": "ReLU"}``.
        missing: operations and roles that were not found.
        methods: the lines of its source, where they can be had.
        forbidden: lines that use forbidden tools.
        place: where it was defined, such as ``"cell 4"``.
        extra: whatever else the judge may show or need, plain.
    """

    task: str
    name: str
    call: str = ""
    kind: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ()
    forbidden: tuple[ForbiddenUse, ...] = ()
    place: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Plain data; ``of_data`` reads it."""
        return asdict(self)

    @classmethod
    def of_data(cls, came: Mapping[str, Any]) -> Description:
        """The description that ``as_data`` wrote."""
        return cls(
            **{
                **came,
                "missing": tuple(came["missing"]),
                "methods": tuple(Method(**one) for one in came["methods"]),
                "forbidden": tuple(ForbiddenUse(**one) for one in came["forbidden"]),
            }
        )


@dataclass(frozen=True)
class CheckTrial:
    """What the student's side is asked to do.

    Args:
        task: one of ``CHECKED_TASKS``.
        source: for an Element the program, Python in our spelling, such as ``"a = Element(3); x = a*a"``.
        reads: the names whose numbers come back, such as ``"a.grad"``.
        call: for a trainer its arguments by role; for an optimizer hyperparameters, start and gradients.
        repeats: so many runs in all; other objects are allocated between them, so that the order of a set
            differs.
        seconds: after this it is given up.
    """

    task: str
    source: str = ""
    reads: tuple[str, ...] = ()
    call: Mapping[str, Any] = field(default_factory=dict)
    repeats: int = 1
    seconds: float = 2.0

    def as_data(self) -> dict[str, Any]:
        """Plain data; ``of_data`` reads it."""
        return asdict(self)

    @classmethod
    def of_data(cls, came: Mapping[str, Any]) -> CheckTrial:
        """The trial that ``as_data`` wrote."""
        return cls(**{**came, "reads": tuple(came["reads"])})


@dataclass(frozen=True)
class Fault:
    """An exception of the student's code.

    Args:
        kind: its class, such as ``"TypeError"``; ``"Timeout"`` where it did not end, ``"Died"`` where its
            process did.
        message: what it says, cut to a line.
        line: the line of the student's code that raised it, or 0.
        text: that line.
        function: the function it is in.
    """

    kind: str
    message: str = ""
    line: int = 0
    text: str = ""
    function: str = ""


@dataclass(frozen=True)
class CheckAnswer:
    """What came of a trial.

    Args:
        values: by name a number, a list of numbers, None or a word.
        fault: the exception, or None.
        others: values of further repeats that differ from the first, each once.
        changed: arguments of the caller that were changed: name, and [before, after].
        kinds: by name the type of what was read, such as ``"float"`` or ``"Tensor"``.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    others: tuple[Mapping[str, Any], ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Plain data; ``of_data`` reads it."""
        return asdict(self)

    @classmethod
    def of_data(cls, came: Mapping[str, Any]) -> CheckAnswer:
        """The answer that ``as_data`` wrote.

        Raises:
            TypeError: it is no such data.
            KeyError: a field is missing.
        """
        fault = came["fault"]
        return cls(
            values=dict(came["values"]),
            fault=Fault(**fault) if fault is not None else None,
            others=tuple(dict(one) for one in came["others"]),
            changed=dict(came["changed"]),
            kinds=dict(came["kinds"]),
        )


class Subject(Protocol):
    """Whatever answers trials: an object in this process, or one behind a pipe."""

    @property
    def description(self) -> Description:
        """What it is."""

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Run a trial; it never raises for what the student's code did."""
