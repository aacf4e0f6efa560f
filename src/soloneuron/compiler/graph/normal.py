"""The normal form of a graph: numbered nodes, most of which are sums of products."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from soloneuron.element.element import Element

ONE = -1
"""In the place of an operand: the number 1, for a linear term among products."""

Form: TypeAlias = "float | int | tuple[float, int, int | None] | Sum"
"""What an Element is while it is read: a number, a node, one term, or a sum that is still open."""


class Sum:
    """A sum of products: ``coefs * ids`` are its linear terms, ``scales * left * right`` its products.

    ``reworked`` counts how often all of its terms were gone through after they were collected.
    """

    __slots__ = ("coefs", "constant", "ids", "left", "reworked", "right", "scales")

    def __init__(self, constant: float = 0.0) -> None:
        self.constant = constant
        self.reworked = 0
        self.ids: list[int] = []
        self.coefs: list[float] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.scales: list[float] = []

    def add(self, form: Form, sign: float) -> None:
        """Take in a form, or its opposite."""
        kind = type(form)
        if kind is tuple:
            coefficient, a, b = form  # type: ignore[misc]
            if b is None:
                self.ids.append(a)
                self.coefs.append(sign * coefficient)
            else:
                self.left.append(a)
                self.right.append(b)
                self.scales.append(sign * coefficient)
        elif kind is int:
            self.ids.append(form)  # type: ignore[arg-type]
            self.coefs.append(sign)
        elif kind is float:
            self.constant += sign * form  # type: ignore[operator]
        else:
            self._add_all(form, sign)  # type: ignore[arg-type]

    def _add_all(self, other: Sum, sign: float) -> None:
        self.constant += sign * other.constant
        self.ids += other.ids
        self.left += other.left
        self.right += other.right
        self.coefs += other.coefs if sign == 1 else [sign * c for c in other.coefs]
        self.scales += other.scales if sign == 1 else [sign * c for c in other.scales]

    def __len__(self) -> int:
        """How many terms it has."""
        return len(self.ids) + len(self.left)

    def scale(self, factor: float) -> None:
        """Multiply by a number."""
        self.reworked += 1
        self.constant *= factor
        self.coefs = [factor * c for c in self.coefs]
        self.scales = [factor * c for c in self.scales]


@dataclass
class Graph:
    """Numbered nodes: parameters first, then inputs, then what is computed, each after its operands.

    Attributes:
        parameters: how many there are.
        inputs: how many there are.
        ops: the operation of every node, ``""`` for a leaf, ``"sum"`` for a sum of products.
        arguments: the Sum, or the operands of another operation: nodes (int) and numbers (float).
        level: the longest way from a leaf.
        varying: whether it depends on an input.
        needed: whether it depends on a parameter in a way that has a derivative.
        root: the node of the loss.
        elements: how many Elements were read.
        frozen: Elements whose numbers the program looked at while it built the graph, one a line of it.
        outputs: nodes whose values are asked for beside the loss.
        used: the parameters that the loss depends on, and the inputs that are in the graph.
        names: of nodes that the user has labelled.
        labelled: whether more nodes would have names if all labelled Elements were nodes.
        guarded: nodes above a branch of ``where``: what is not chosen there may be infinite.
    """

    parameters: int
    inputs: int
    ops: list[str]
    arguments: list[Any]
    level: list[int]
    varying: list[bool]
    needed: list[bool]
    root: int = 0
    elements: int = 0
    frozen: list[Element] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    labelled: bool = False
    guarded: set[int] = field(default_factory=set)


def operand_nodes(arguments: Any) -> list[int]:
    """The nodes among the arguments of a node; one that is multiplied by itself comes twice."""
    if type(arguments) is Sum:
        return [*arguments.ids, *arguments.left, *arguments.right]
    return [x for x in arguments or () if type(x) is int]
