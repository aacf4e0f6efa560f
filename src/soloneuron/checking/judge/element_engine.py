"""A small autograd engine in which each part may be wrong: what it passes on, to whom, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

Partials = Callable[[str, "FaultyScalar", "FaultyScalar | None", "FaultyScalar"], list[float]]
"""What the operands of an operation get: its sign, the operands, and the result with its gradient."""


USES_SO_FAR = count()


class FaultyScalar:
    """A node of the engine, which does what its engine says."""

    def __init__(self, engine: FaultyEngine, data: Any, children: tuple[FaultyScalar, ...] = ()) -> None:
        self.engine, self.data, self.children = engine, data, children
        self.grad: float = engine.start
        self.step: Callable[[], None] = lambda: None
        self.used: int | None = None

    def _result(self, sign: str, data: Any, other: Any = None) -> FaultyScalar:
        engine = self.engine
        operands = (self,) if other is None else (self, other)
        for child in operands:
            child.used = next(USES_SO_FAR) if child.used is None else child.used
        linked = engine.linked(sign, operands)
        kept = sorted({id(one): one for one in linked}.values(), key=lambda one: one.used or 0)
        out = FaultyScalar(engine, data, tuple(kept) if engine.in_sets else linked)

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
        if not self.engine.seeds_late:
            self.engine.seed(self)
        for node in order:
            node.step()
        if self.engine.seeds_late:
            self.engine.seed(self)


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


def every_path_last(root: FaultyScalar) -> list[FaultyScalar]:
    """A topological sort without a set of visited nodes, in reverse."""
    order = [root]
    for child in reversed(root.children):
        order += every_path_last(child)
    return order


def rounded(digits: int) -> Callable[[FaultyScalar, float], None]:
    """Add to the gradient, and round the sum."""

    def give(node: FaultyScalar, amount: float) -> None:
        node.grad = round(node.grad + amount, digits)

    return give


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
        start: the gradient of a new node.
        linked: the operands of an operation that its result remembers.
        seeds_late: the gradient of the root is set after the way back.
        in_sets: operands are kept in a set, as the objects of a trial are ordered in it: by their first use.
    """

    partials: Partials = right_partials
    give: Callable[[FaultyScalar, float], None] = accumulated
    order: Callable[[FaultyScalar], list[FaultyScalar]] = topological
    seed: Callable[[FaultyScalar], None] = seeded
    closure_on_operand: bool = False
    rectified: Callable[[Any], Any] = lambda data: max(0, data)
    touch: Callable[[FaultyScalar], None] = lambda _: None
    start: float = 0
    in_sets: bool = False
    linked: Callable[[str, tuple[FaultyScalar, ...]], tuple[FaultyScalar, ...]] = lambda _, operands: operands
    seeds_late: bool = False
