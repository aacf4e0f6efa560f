"""Every exception and warning of soloneuron.

::

    SoloneuronError                 anything we refuse, catch this to catch all
    ├── InputError(ValueError)      a value that came in does not hold what it must
    │   ├── ShapeError              sizes that do not fit together
    │   └── UnknownNameError        a name that no catalogue has; suggests the nearest
    ├── GraphError(RuntimeError)    a graph of Elements that cannot be used in this way
    ├── ProcessError(RuntimeError)  another process of a group has died, or does not answer
    ├── RecordError(ValueError)     a saved file that is not what it claims to be
    └── MissingExtraError(ImportError)   an optional library is not installed

    InputWarning(UserWarning)       the input was accepted, but read this
    TrainingWarning(RuntimeWarning) a training came to an end, but to a bad one

Every exception carries a stable ``code`` and its ``fields``, so that a page can word it in another
language. The English message says what must hold, what came, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ELSEWHERE = {
    "lr": "learning_rate",
    "eta": "learning_rate",
    "alpha": "penalty",
    "l2": "penalty",
    "fit_intercept": "bias",
    "intercept": "bias",
    "random_state": "seed",
    "max_iter": "epochs",
    "n_epochs": "epochs",
    "iterations": "epochs",
    "batch": "batch_size",
    "theta": "initial",
    "weights": "initial",
    "x0": "start",
}
"""What other libraries call our keywords."""


class SoloneuronError(Exception):
    """Anything soloneuron refuses.

    Args:
        message: one clear English sentence.
        code: a stable dotted name of the fault, such as ``"learning_rate.range"``.
        fields: the values the sentence was made from.
    """

    def __init__(self, message: str, *, code: str = "", **fields: object) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        # Those below are made of other things than their sentence; from another process it must arrive whole.
        return _rebuilt, (type(self), str(self), self.code, self.fields)


class InputError(SoloneuronError, ValueError):
    """A value that came in does not hold what it must."""


class ShapeError(InputError):
    """Sizes that do not fit together."""


class UnknownNameError(InputError):
    """A name that no catalogue has.

    Args:
        kind: what was looked for, such as ``"loss"``.
        name: the name that came.
        choices: the names there are.
    """

    def __init__(self, kind: str, name: str, choices: Iterable[str]) -> None:
        known = sorted(choices)
        nearest = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        super().__init__(
            f"unknown {kind} {name!r}: {hint}choose from {', '.join(known[:12])}"
            + (f" ... ({len(known)} in all)" if len(known) > 12 else ""),
            code=f"{kind}.unknown",
            name=name,
            choices=known,
        )


class GraphError(SoloneuronError, RuntimeError):
    """A graph of Elements that cannot be used in this way."""


class ProcessError(SoloneuronError, RuntimeError):
    """Another process of a group has died, or does not answer."""


class RecordError(SoloneuronError, ValueError):
    """A saved file that is not what it claims to be."""


class MissingExtraError(SoloneuronError, ImportError):
    """An optional library is not installed.

    Args:
        purpose: what it is needed for, such as ``"reading Parquet files"``.
        extra: the extra of soloneuron that brings it.
    """

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs an optional part: run  pip install 'soloneuron[{extra}]'",
            code="extra.missing",
            purpose=purpose,
            extra=extra,
        )


def _rebuilt(kind: type[SoloneuronError], message: str, code: str, fields: dict[str, object]) -> object:
    made = kind.__new__(kind)
    SoloneuronError.__init__(made, message, code=code, **fields)
    return made


class InputWarning(UserWarning):
    """The input was accepted, but it may not mean what was meant.

    Args:
        message: one clear English sentence.
        code: a stable dotted name of the sentence, or nothing.
        fields: the values the sentence was made from.
    """

    def __init__(self, message: str, *, code: str = "", **fields: object) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields


class TrainingWarning(RuntimeWarning):
    """A training came to its end, but to a bad one; the sentence says why, and what to do."""


def suggesting(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose unknown keywords are answered with the nearest one that it has.

    Example:
        >>> @suggesting
        ... def double(number): return 2 * number
        >>> double(nubmer=2)
        Traceback (most recent call last):
        TypeError: double() has no keyword 'nubmer': did you mean 'number'?
    """
    known = [
        name for name, given in signature(function).parameters.items() if given.kind != given.VAR_KEYWORD
    ]

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_keywords(function.__name__, kwargs, known)
        return function(*args, **kwargs)

    return checked


def refuse_keywords(function: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a keyword that a function does not have; the nearest is suggested.

    Raises:
        TypeError: there is one.
    """
    choices = list(known)
    for name in given:
        if name not in choices:
            guess = ELSEWHERE.get(name)
            nearest = [guess] if guess in choices else get_close_matches(name, choices, n=1, cutoff=0.5)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"it has {', '.join(choices)}"
            raise TypeError(f"{function}() has no keyword {name!r}: {hint}")
