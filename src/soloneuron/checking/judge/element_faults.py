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

Partials = Callable[[str, "FaultyScalar", "FaultyScalar | None", "FaultyScalar"], list[float]]
"""What the operands of an operation get: its sign, the operands, and the result with its gradient."""


class FaultyScalar:
    """A node of the engine, which does what its engine says."""

    def __init__(self, engine: FaultyEngine, data: Any, children: tuple[FaultyScalar, ...] = ()) -> None:
        self.engine, self.data, self.children = engine, data, children
        self.grad: float = 0
        self.step: Callable[[], None] = lambda: None

    def _result(self, sign: str, data: Any, other: Any = None) -> FaultyScalar:
        engine = self.engine
        operands = (self,) if other is None else (self, other)
        out = FaultyScalar(engine, data, operands)

        def step() -> None:
            for child, amount in zip(operands, engine.partials(sign, self, other, out), strict=False):
                engine.give(child, amount)

        for child in operands:
            engine.touch(child)
        (self if engine.closure_on_operand else out).step = step
        return out

    def __add__(self, other: Any) -> FaultyScalar:
        other = self._lifted(other)
        return self._result("+", self.data + other.data, other)

    def __mul__(self, other: Any) -> FaultyScalar:
        other = self._lifted(other)
        return self._result("*", self.data * other.data, other)

    def relu(self) -> FaultyScalar:
        """The larger of 0 and the number."""
        return self._result("relu", self.engine.rectified(self.data))

    def _lifted(self, other: Any) -> FaultyScalar:
        return other if isinstance(other, FaultyScalar) else FaultyScalar(self.engine, other)

    def backward(self) -> None:
        """Walk back through the graph as the engine does."""
        order = self.engine.order(self)
        self.engine.seed(self)
        for node in order:
            node.step()


def right_partials(sign: str, a: FaultyScalar, b: FaultyScalar | None, out: FaultyScalar) -> list[float]:
    """Those of the chain rule."""
    if b is None:
        return [out.grad * (out.data > 0)]
    return [out.grad, out.grad] if sign == "+" else [out.grad * b.data, out.grad * a.data]


def accumulated(node: FaultyScalar, amount: float) -> None:
    """Add to the gradient."""
    node.grad += amount


def overwritten(node: FaultyScalar, amount: float) -> None:
    """Forget what the gradient was."""
    node.grad = amount


def topological(root: FaultyScalar, key: Callable[[FaultyScalar], Any] = id) -> list[FaultyScalar]:
    """Every node after all that use it."""
    order: list[FaultyScalar] = []
    seen: set[Any] = set()

    def visit(node: FaultyScalar) -> None:
        if key(node) not in seen:
            seen.add(key(node))
            for child in node.children:
                visit(child)
            order.append(node)

    visit(root)
    return order[::-1]


def by_values(root: FaultyScalar) -> list[FaultyScalar]:
    """As ``topological``, but nodes of equal numbers are taken for one."""
    return topological(root, lambda node: node.data)


def breadth_first(root: FaultyScalar, last: int = 0) -> list[FaultyScalar]:
    """The nodes in the order of a queue."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop(last)
        if node not in order:
            order.append(node)
            waiting += node.children
    return order


def queued_once(root: FaultyScalar, last: int = 0) -> list[FaultyScalar]:
    """The nodes in the order of a queue which none enters twice."""
    order, waiting, seen = [], [root], [root]
    while waiting:
        node = waiting.pop(last)
        order.append(node)
        for child in node.children:
            if child not in seen:
                seen.append(child)
                waiting.append(child)
    return order


def preorder(root: FaultyScalar) -> list[FaultyScalar]:
    """A node before its operands, by recursion."""
    order: list[FaultyScalar] = []

    def visit(node: FaultyScalar) -> None:
        if node not in order:
            order.append(node)
            for child in node.children:
                visit(child)

    visit(root)
    return order


def every_path(root: FaultyScalar) -> list[FaultyScalar]:
    """The nodes as often as paths lead to them."""
    order = [root]
    for child in root.children:
        order += every_path(child)
    return order


def seeded(node: FaultyScalar) -> None:
    """The derivative of the root by itself."""
    node.grad = 1


@dataclass(frozen=True)
class FaultyEngine:
    """How gradients flow; by default as they should.

    Args:
        partials: what operands get.
        give: what a node does with it.
        order: in which nodes are asked.
        seed: sets the gradient of the root.
        closure_on_operand: the step back is hung on the left operand in place of the result.
        rectified: the value of ReLU.
        touch: what an operation does to its operands on the way forward.
    """

    partials: Partials = right_partials
    give: Callable[[FaultyScalar, float], None] = accumulated
    order: Callable[[FaultyScalar], list[FaultyScalar]] = topological
    seed: Callable[[FaultyScalar], None] = seeded
    closure_on_operand: bool = False
    rectified: Callable[[Any], Any] = lambda data: max(0, data)
    touch: Callable[[FaultyScalar], None] = lambda _: None


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


def _partial(id: str, sign: str, amounts: str, pattern: str = GRAD_LINE) -> ElementFault:
    """A fault in the derivatives of one operation."""
    method = {"+": "__add__", "*": "__mul__"}.get(sign, sign)
    return ElementFault(id, {"partials": _of(sign, amounts)}, (method,), pattern)


ELEMENT_FAULTS = (
    ElementFault("overwritten", {"give": overwritten}, ALL, GRAD_SET),
    ElementFault("overwritten_add", {"partials": _overwritten_in("+")}, ("__add__",), GRAD_SET),
    ElementFault("overwritten_mul", {"partials": _overwritten_in("*")}, ("__mul__",), GRAD_SET),
    ElementFault("overwritten_relu", {"partials": _overwritten_in("relu")}, ("relu",), GRAD_SET),
    ElementFault("order", {"order": breadth_first}),
    ElementFault("order", {"order": lambda root: breadth_first(root, -1)}),
    ElementFault("order", {"order": queued_once}),
    ElementFault("order", {"order": lambda root: queued_once(root, -1)}),
    ElementFault("order", {"order": preorder}),
    ElementFault("reversed", {"order": lambda root: topological(root)[::-1]}),
    ElementFault("every_path", {"order": every_path}),
    ElementFault("one_level", {"order": lambda root: [root]}),
    ElementFault("by_values", {"order": by_values}, ("__eq__", "__hash__", "backward"), r"==|\bin\b|hash"),
    ElementFault("closure_on_operand", {"closure_on_operand": True}, ALL, r"self\._?\w*back\w*\s*="),
    ElementFault("not_seeded", {"seed": lambda _: None}),
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
