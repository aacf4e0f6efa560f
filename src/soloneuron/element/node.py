"""A node of a graph: how it is stored, the order in which a graph is walked, and the walk back through it.

``Element`` puts the operators on top. A node that was computed keeps its operands and the partial
derivatives by them in four slots:

===========  =========  ==========  =========  ==========
form         ``_a``     ``_da``     ``_b``     ``_db``
===========  =========  ==========  =========  ==========
leaf         None       None        None       None
f(x)         x          df/dx       None       None or a setting, such as a leak
x + 2        x          df/dx       None       2
2 + x        None       2           x          df/dx
x + y        x          df/dx       y          df/dy
n-ary        (x1, …)    (df/dx1, …) (y1, …)    (df/dy1, …)
===========  =========  ==========  =========  ==========

References lead from a result to its operands and never back, so there is no cycle for the collector.
"""

from __future__ import annotations

from itertools import filterfalse
from typing import Any, Self, TypeVar

from soloneuron.element.scalars import Scalar, plain_number
from soloneuron.errors import InputError


class Node:
    """A value with a gradient, and what it was computed from.

    Attributes:
        data: a number, or a node in a number's place.
        grad: what the last sweep back has left.
        label: a name for pictures, or None.
    """

    __slots__ = ("_a", "_b", "_da", "_db", "_op", "data", "grad", "label")

    data: Scalar
    grad: Scalar
    label: str | None
    _op: str
    _a: Any
    _da: Any
    _b: Any
    _db: Any

    @property
    def _prev(self) -> tuple[Self, ...]:
        """The operands that are nodes, each once; drawing tools in the wild read it."""
        return tuple(dict.fromkeys(operand for operand, _ in edges(self)))

    def backward(self, seed: Scalar = 1) -> None:
        """Add the derivatives of this Element to ``grad`` of every leaf it was computed from.

        The gradients of computed Elements are set anew, those of leaves accumulate, so that repeating the
        call gives 6, 12, 18 in a leaf; ``zero_grad`` starts again.

        Args:
            seed: what the gradient of this Element itself is.
        """
        if not isinstance(seed, Node):
            seed = plain_number(seed)
        computed, _ = topological_order(self)
        for node in computed:
            node.grad = 0
        self.grad += seed
        kind = type(self)
        for node in reversed(computed):
            g = node.grad
            # Nothing arrived, nothing is passed on, not even 0 * inf. Of an Element nobody asks the number.
            if type(g) is not kind and g == 0:
                continue
            a, b = node._a, node._b
            if b is None:
                a.grad += g * node._da
            elif type(b) is tuple:
                for x, d in zip(a, node._da, strict=True):
                    x.grad += g * d
                for x, d in zip(b, node._db, strict=True):
                    x.grad += g * d
            else:
                b.grad += g * node._db
                if a is not None:
                    a.grad += g * node._da

    def backward_step(self) -> None:
        """Pass the gradient of this Element on to its operands, and no further: one step of ``backward``.

        Whoever sets ``grad`` of the result to 1 and takes the step of every computed Element, the last one
        first, has done what ``backward`` does.

        Example:
            >>> from soloneuron.element.element import Element
            >>> a, b = Element(2), Element(3)
            >>> c = a * b
            >>> c.grad = 1
            >>> c.backward_step()
            >>> a.grad, b.grad
            (3, 2)
        """
        g = self.grad
        for x, d in edges(self) if isinstance(g, Node) or g != 0 else ():
            x.grad += g * d

    def zero_grad(self) -> None:
        """Set the gradient of this Element, and of all that it was computed from, to 0."""
        for nodes in topological_order(self):
            for node in nodes:
                node.grad = 0


NodeT = TypeVar("NodeT", bound=Node)


def topological_order(root: NodeT) -> tuple[list[NodeT], list[NodeT]]:
    """Every Element that a result depends on, the result included.

    A depth-first walk with its own stack, so that the depth of a graph has no limit. The order depends on
    the graph alone: it is the same in every run.

    Args:
        root: the result.

    Returns:
        The computed Elements, each after its operands; the leaves, as they were met.
    """
    computed: list[NodeT] = []
    leaves: list[NodeT] = []
    seen: set[NodeT] = set()
    # None in the stack says: the operands of the Element below it are done.
    stack: list[NodeT | None] = [root]
    pop, push, known = stack.pop, stack.append, seen.__contains__
    while stack:
        node: Any = pop()
        if node is None:
            computed.append(pop())  # type: ignore[arg-type]
        elif node not in seen:
            seen.add(node)
            a, b = node._a, node._b
            if a is None and b is None:
                leaves.append(node)
                continue
            push(node)
            push(None)
            if b is None:
                push(a)
            elif type(b) is tuple:
                stack.extend(filterfalse(known, a))
                stack.extend(filterfalse(known, b))
            else:
                push(b)
                if a is not None:
                    push(a)
    return computed, leaves


def edges(node: NodeT) -> tuple[tuple[NodeT, Any], ...]:
    """The operands of an Element that are Elements, each with the partial derivative by it."""
    a, b = node._a, node._b
    if type(b) is tuple:
        return (*zip(a, node._da, strict=True), *zip(b, node._db, strict=True))
    return tuple((x, d) for x, d in ((a, node._da), (b, node._db)) if x is not None)


def operands(node: Node) -> tuple[Any, ...]:
    """The operands of an Element as they were written, numbers included.

    For ``dot`` these are two tuples, of which one may hold numbers.
    """
    a, b = node._a, node._b
    if type(b) is tuple:
        return (a, b or node._da) if node._op == "dot" else (*a, *b)
    written = (node._da if a is None else a, node._db if b is None else b)
    return tuple(x for x in written if x is not None)


def hand_made_operands(children: object) -> tuple[Any, ...]:
    """The operands of a hand-made node, where a label would stand."""
    if isinstance(children, tuple | list | set | frozenset) and all(isinstance(x, Node) for x in children):
        return tuple(children)
    raise InputError(
        f"label must be a string or None, or the operands of a hand-made node, got {children!r} "
        f"({type(children).__name__})",
        code="element.label",
        label=children,
    )
