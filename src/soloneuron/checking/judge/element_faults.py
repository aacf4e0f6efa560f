"""What goes wrong in autograd classes: a small engine with one fault planted, a fault a line of the table.

The answers of an object are held against those of every faulty engine; the fault that gives the same numbers
is the likely cause. So a signature need not be written down: it is computed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from soloneuron.checking.judge.element_engine import (
    FaultyEngine,
    FaultyScalar,
    Partials,
    breadth_first,
    by_values,
    every_path,
    every_path_last,
    overwritten,
    preorder,
    queued_once,
    right_partials,
    rounded,
    topological,
)


def _of(sign: str, amounts: str) -> Partials:
    """The right partials, but for one operation, whose amounts are Python of a, b and out."""
    # In this module for the whole table: no word of a student is ever evaluated.
    own = eval(f"lambda a, b, out: ({amounts},)")

    def partials(came: str, a: FaultyScalar, b: FaultyScalar | None, out: FaultyScalar) -> list[float]:
        return list(own(a, b, out)) if came == sign else right_partials(came, a, b, out)

    return partials


def _unchained(came: str, a: FaultyScalar, b: FaultyScalar | None, out: FaultyScalar) -> list[float]:
    if b is None:
        return [float(out.data > 0)]
    return [1, 1] if came == "+" else [b.data, a.data]


def _overwritten_in(sign: str) -> Partials:
    def partials(came: str, a: FaultyScalar, b: FaultyScalar | None, out: FaultyScalar) -> list[float]:
        amounts = right_partials(came, a, b, out)
        if came == sign:
            for child in {id(one): one for one in (a, b) if one is not None}.values():
                child.grad = 0
            if a is b:
                amounts = [0, amounts[-1]]
        return amounts

    return partials


LEAK = {
    "rectified": lambda data: data if data > 0 else 0.01 * data,
    "partials": _of("relu", "out.grad * (1 if a.data > 0 else 0.01)"),
}


@dataclass(frozen=True)
class ElementFault:
    """One way to be wrong.

    Args:
        id: its sentence is ``checking.element_causes.ID``.
        engine: the fields of the engine that differ.
        methods: of the student, our names, where to look first.
        pattern: a regular expression of the lines that stand out there.
    """

    id: str
    engine: dict[str, Any] = field(default_factory=dict)
    methods: tuple[str, ...] = ("backward",)
    pattern: str = ""


GRAD_SET = r"\.grad\w*\s*=(?!=)(?!.*\.grad\w*\s*\+)"
GRAD_LINE = r"\.grad\w*\s*[+*-]?=(?!=)"
ALL = ("__add__", "__mul__", "relu")


def unlinked(sign: str, kept: slice) -> Callable[[str, tuple[FaultyScalar, ...]], tuple[FaultyScalar, ...]]:
    """The result of an operation remembers only some of its operands."""

    def linked(came: str, operands: tuple[FaultyScalar, ...]) -> tuple[FaultyScalar, ...]:
        return operands[kept] if came == sign else operands

    return linked


def _partial(id: str, sign: str, amounts: str, pattern: str = GRAD_LINE) -> ElementFault:
    """A fault in the derivatives of one operation."""
    method = {"+": "__add__", "*": "__mul__"}.get(sign, sign)
    return ElementFault(id, {"partials": _of(sign, amounts)}, (method,), pattern)


ORDERS: tuple[tuple[str, Callable[[FaultyScalar], list[FaultyScalar]]], ...] = (
    ("order", breadth_first),
    ("order", lambda root: breadth_first(root, -1)),
    ("order", queued_once),
    ("order", lambda root: queued_once(root, -1)),
    ("order", preorder),
    ("reversed", lambda root: topological(root)[::-1]),
    ("every_path", every_path),
    ("every_path", every_path_last),
)
"""Wrong ways through a graph, each tried with operands kept in tuples and in sets."""

ELEMENT_FAULTS = (
    ElementFault("overwritten", {"give": overwritten}, ALL, GRAD_SET),
    ElementFault("overwritten_add", {"partials": _overwritten_in("+")}, ("__add__",), GRAD_SET),
    ElementFault("overwritten_mul", {"partials": _overwritten_in("*")}, ("__mul__",), GRAD_SET),
    ElementFault("overwritten_relu", {"partials": _overwritten_in("relu")}, ("relu",), GRAD_SET),
    *(
        ElementFault(id, {"order": order, "in_sets": in_sets})
        for id, order in ORDERS
        for in_sets in (False, True)
    ),
    ElementFault("not_zero_at_start", {"start": 1}, ("__init__",), r"grad"),
    ElementFault("rounds_gradient", {"give": rounded(0)}, ALL, r"round|int\("),
    ElementFault("rounds_gradient", {"give": rounded(1)}, ALL, r"round|int\("),
    ElementFault("rounds_gradient", {"give": rounded(2)}, ALL, r"round|int\("),
    ElementFault("one_level", {"order": lambda root: [root]}),
    ElementFault("by_values", {"order": by_values}, ("__eq__", "__hash__", "backward"), r"==|\bin\b|hash"),
    ElementFault("closure_on_operand", {"closure_on_operand": True}, ALL, r"self\._?\w*back\w*\s*="),
    ElementFault("not_seeded", {"seed": lambda _: None}),
    ElementFault("seeded_late", {"seeds_late": True}),
    *(
        ElementFault(f"unlinked_{name}", {"linked": unlinked(sign, kept)}, (method,), r"=\s*\w+\s*\(")
        for name, sign, method in (("add", "+", "__add__"), ("mul", "*", "__mul__"))
        for kept in (slice(0, 1), slice(1, 2), slice(0, 0))
    ),
    ElementFault("unlinked_relu", {"linked": unlinked("relu", slice(0, 0))}, ("relu",), r"=\s*\w+\s*\("),
    ElementFault("seeded_with_data", {"seed": lambda root: setattr(root, "grad", root.data)}),
    ElementFault("unchained", {"partials": _unchained}, ALL, GRAD_LINE),
    _partial("unchained_add", "+", "1, 1"),
    _partial("unchained_mul", "*", "b.data, a.data"),
    _partial("unchained_relu", "relu", "float(out.data > 0)"),
    _partial("product_own", "*", "out.grad * a.data, out.grad * b.data"),
    _partial("product_grad", "*", "out.grad * b.grad, out.grad * a.grad", r"\.grad"),
    _partial("product_out", "*", "out.grad * out.data, out.grad * out.data"),
    _partial("product_one", "*", "out.grad, out.grad"),
    _partial("product_sum", "*", "out.grad + b.data, out.grad + a.data"),
    _partial("product_sign", "*", "-out.grad * b.data, -out.grad * a.data"),
    _partial("product_sign", "*", "out.grad * b.data, -out.grad * a.data"),
    _partial("product_left_only", "*", "out.grad * b.data, 0"),
    _partial("product_right_only", "*", "0, out.grad * a.data"),
    _partial("product_same", "*", "out.grad * b.data, out.grad * b.data"),
    _partial("product_same", "*", "out.grad * a.data, out.grad * a.data"),
    _partial("product_stale", "*", "a.grad * b.data, b.grad * a.data", r"\.grad"),
    _partial("sum_left_only", "+", "out.grad, 0"),
    _partial("sum_right_only", "+", "0, out.grad"),
    _partial("sum_data", "+", "out.grad * a.data, out.grad * b.data"),
    _partial("sum_data", "+", "out.grad * b.data, out.grad * a.data"),
    _partial("sum_sign", "+", "out.grad, -out.grad"),
    _partial("relu_open", "relu", "out.grad"),
    _partial("relu_closed", "relu", "0"),
    _partial("relu_inverted", "relu", "out.grad * (a.data <= 0)"),
    _partial("relu_data", "relu", "out.grad * out.data"),
    _partial("relu_by_gradient", "relu", "max(0, out.grad)"),
    ElementFault("relu_value", {"rectified": lambda data: data}, ("relu",)),
    ElementFault("relu_value", {"rectified": abs}, ("relu",)),
    ElementFault("relu_value", {"rectified": lambda data: min(0, data)}, ("relu",)),
    ElementFault("relu_leaks", LEAK, ("relu",)),
    ElementFault(
        "reset_forward", {"touch": lambda node: setattr(node, "grad", 0)}, ALL, r"\.grad\w*\s*=\s*0"
    ),
)
"""Several entries of one id are spellings of one fault."""


def conflicts(one: ElementFault, other: ElementFault) -> bool:
    """Whether two faults change the same part, so that they cannot stand side by side."""
    return bool(one.engine.keys() & other.engine.keys())


@lru_cache(maxsize=1)
def fault_pairs() -> tuple[tuple[ElementFault, ...], ...]:
    """Two faults at once."""
    return tuple(pair for pair in combinations(ELEMENT_FAULTS, 2) if not conflicts(*pair))


def faulty_answer(
    faults: tuple[ElementFault, ...], source: str, reads: tuple[str, ...]
) -> tuple[Any, ...] | None:
    """What a program gives on an engine with faults; None where it cannot be run there.

    Example:
        >>> overwriting = (ELEMENT_FAULTS[0],)
        >>> faulty_answer(overwriting, "a = Element(3); x = a*a; x.backward()", ("x.data", "a.grad"))
        (9, 3)
    """
    engine = FaultyEngine(**{name: held for fault in faults for name, held in fault.engine.items()})
    space: dict[str, Any] = {"Element": lambda number: FaultyScalar(engine, number)}
    try:
        exec(compiled(source), space)
        return tuple(getattr(space[name.partition(".")[0]], name.partition(".")[2]) for name in reads)
    except (TypeError, AttributeError, RecursionError):
        return None


@lru_cache(maxsize=512)
def compiled(source: str) -> Any:
    """A program, compiled once."""
    return compile(ast.parse(source), "<program>", "exec")
