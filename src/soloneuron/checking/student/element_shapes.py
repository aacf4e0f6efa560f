"""Find out whether a class is an autograd class, and what its parts are called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from soloneuron.checking.student.elements import ElementClass
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.roles import parameters_of, required
from soloneuron.checking.student.running import faults_of
from soloneuron.checking.student.sources import code_files

ELEMENT_NAMES = {
    "data": ("data", "value", "val", "number", "x", "v", "_data", "_value", "значение", "данные", "число"),
    "grad": ("grad", "gradient", "g", "derivative", "_grad", "der", "dx", "градиент", "производная"),
    "backward": (
        "backward",
        "backprop",
        "back",
        "backpropagate",
        "backpropagation",
        "run_backward",
        "обратный_проход",
    ),
    "relu": ("relu", "ReLU", "Relu", "RELU", "reLU", "re_lu"),
}
"""Our names, and what they are called elsewhere, the usual ones first."""

FILLERS = {
    "label": "", "name": "", "tag": "", "op": "", "operation": "",
    "children": (), "child": (), "prev": (), "parents": (), "inputs": (), "deps": (),
    "метка": "", "имя": "", "операция": "", "дети": (), "родители": (), "операнды": (),
    "grad": 0.0, "gradient": 0.0, "requires_grad": True, "backward": None,
}  # fmt: skip
"""What stands for a required argument of a constructor, by its name without underscores."""

ASKED_FOR = {"+": "__add__", "*": "__mul__", "relu": "relu", "backward": "backward"}
"""The operations that the task asks for, and their methods."""

PROBED_NUMBER = 3.25


def found_element(cls: type, around: Mapping[str, Any]) -> ElementClass | None:
    """The autograd class that a class is; None where it is none.

    Args:
        cls: any class.
        around: the names of its module, among which functions such as ``relu`` may be.
    """
    backward = _named(cls, "backward") or next((name for name in dir(cls) if speaks_of_backward(name)), "")
    operates = any(name in vars(base) for base in cls.__mro__[:-1] for name in ("__add__", "__mul__"))
    if not backward and (not operates or _may_be_backward(cls)):
        return None
    backward = backward or "backward"
    files = code_files(cls)
    classes = tuple(base for base in cls.__mro__ if base is not object and code_files(base) & files)
    best: tuple[int, ElementClass] | None = None
    for form in (_as_it_is, _as_tensor, _as_array):
        filled = _filled(cls, form)
        if filled is None:
            continue
        spellings = _spellings(cls, filled, backward, around)
        if spellings is None:
            continue
        functions = {
            word.removesuffix("()"): around[word.removesuffix("()")]
            for word in spellings.values()
            if word.endswith("()")
        }
        found = ElementClass(filled, spellings, functions, files, classes)
        first, rest, _ = _constructor(cls) or ("", {}, False)
        found.first, found.rest = first, "".join(f", {name}={held!r}" for name, held in rest.items())
        found.missing = tuple(
            sign
            for sign, method in (
                ("+", "__add__"),
                ("*", "__mul__"),
                ("relu", "relu"),
                ("backward", "backward"),
            )
            if not hasattr(cls, spellings.get(sign, method)) and not spellings.get(sign, "").endswith("()")
        )
        failures = found.failures()
        found.failing = failures
        if best is None or failures < best[0]:
            best = failures, found
        if not failures:
            break
    return best[1] if best else None


def _may_be_backward(cls: type) -> bool:
    """Whether a method without arguments may be the backward pass under another name."""
    known = {*ELEMENT_NAMES["relu"], "zero_grad", "item", "numpy", "tanh", "sigmoid", "exp", "log"}
    return any(
        not name.startswith("_") and name not in known and not required(parameters_of(held)[1:])
        for base in cls.__mro__[:-1]
        for name, held in vars(base).items()
        if inspect.isfunction(held)
    )


def speaks_of_backward(name: str) -> bool:
    """Whether a public name is that of the backward pass.

    Example:
        >>> speaks_of_backward("do_backward"), speaks_of_backward("_backward"), speaks_of_backward("обратно")
        (True, False, True)
    """
    return not name.startswith("_") and any(part in name.lower() for part in ("backw", "backprop", "обратн"))


def _named(cls: type, role: str) -> str:
    return next((name for name in ELEMENT_NAMES[role] if callable(getattr(cls, name, None))), "")


def _spellings(
    cls: type, made: Callable[[Any], Any], backward: str, around: Mapping[str, Any]
) -> dict[str, str] | None:
    """Our names and the student's; None where an object has no number or no gradient."""
    one, fault = faults_of(lambda: made(PROBED_NUMBER), set(), 2.0)
    if fault is not None:
        return None
    data = _attribute(one, "data", lambda held: plain_value(held) in (PROBED_NUMBER, [PROBED_NUMBER]))
    if not data:
        data = _attribute(one, "data", lambda held: isinstance(plain_value(held), int | float))
    grad = _attribute(one, "grad", lambda held: plain_value(held) in (0, None, [0.0], [0]))
    if not grad:
        grad = _attribute(one, "grad", lambda held: isinstance(plain_value(held), int | float))
    if not data or not grad or data == grad:
        return None
    spellings = {"data": data, "grad": grad, "backward": backward, "relu": _named(cls, "relu") or "relu"}
    if not _named(cls, "relu"):
        functions = [name for name in ELEMENT_NAMES["relu"] if inspect.isfunction(around.get(name))]
        if functions:
            spellings["relu"] = f"{functions[0]}()"
    for sign, method, words in (
        ("+", "__add__", ("add", "plus", "sum")),
        ("*", "__mul__", ("mul", "multiply", "times", "mult")),
    ):
        if not hasattr(cls, method):
            named = [word for word in words if callable(getattr(cls, word, None))]
            functions = [f"{word}()" for word in words if inspect.isfunction(around.get(word))]
            spellings |= {sign: (named or functions)[0]} if named or functions else {}
    return spellings


def _attribute(one: Any, role: str, suits: Callable[[Any], bool]) -> str:
    """The name under which an object keeps its number, or its gradient."""
    held = getattr(one, "__dict__", {})
    others = [name for name in held if name not in ELEMENT_NAMES[role] and name not in ELEMENT_NAMES["data"]]
    for name in (*ELEMENT_NAMES[role], *others):
        try:
            if suits(getattr(one, name)):
                return str(name)
        except Exception:
            continue
    return ""


def _as_it_is(number: Any) -> Any:
    return number


def _as_tensor(number: Any) -> Any:
    import torch

    return torch.tensor(float(number))


def _as_array(number: Any) -> Any:
    import numpy as np

    return np.array(float(number))


def _constructor(cls: type) -> tuple[str, dict[str, Any], bool] | None:
    """The parameter for the number, what other required ones are given, and whether by position."""
    parameters = parameters_of(cls)
    if not parameters:
        return None
    needed = required(parameters)
    named = [one for one in parameters if one.name.strip("_") in (*ELEMENT_NAMES["data"], "a", "scalar")]
    wanted = [one for one in parameters if one.name in needed]
    first = (named or wanted or parameters)[0]
    rest = {name: FILLERS.get(name.strip("_").lower()) for name in needed if name != first.name}
    return first.name, rest, first.kind is first.POSITIONAL_ONLY


def _filled(cls: type, form: Callable[[Any], Any]) -> Callable[[Any], Any] | None:
    """Makes an object of a number, whatever else the constructor requires; None where that is not plain."""
    found = _constructor(cls)
    if found is None:
        return None
    first, rest, positional = found
    if positional:
        return lambda number: cls(form(number), *rest.values())
    return lambda number: cls(**{first: form(number)}, **rest)
