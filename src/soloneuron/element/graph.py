"""How a graph of Elements is stored, and the order in which it is walked.

An Element that was computed keeps its operands and the partial derivatives by them in four slots:

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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soloneuron.element.element import Element


def walk(root: Element) -> tuple[list[Element], list[Element]]:
    """Every Element that a result depends on, the result included.

    A depth-first walk with its own stack, so that the depth of a graph has no limit. The order depends on
    the graph alone: it is the same in every run.

    Args:
        root: the result.

    Returns:
        The computed Elements, each after its operands; the leaves, as they were met.
    """
    computed: list[Element] = []
    leaves: list[Element] = []
    seen: set[Element] = set()
    # None in the stack says: the operands of the Element below it are done.
    stack: list[Element | None] = [root]
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


def edges(node: Element) -> tuple[tuple[Element, Any], ...]:
    """The operands of an Element that are Elements, each with the partial derivative by it."""
    a, b = node._a, node._b
    if type(b) is tuple:
        return (*zip(a, node._da, strict=True), *zip(b, node._db, strict=True))
    return tuple((x, d) for x, d in ((a, node._da), (b, node._db)) if x is not None)


def operands(node: Element) -> tuple[Any, ...]:
    """The operands of an Element as they were written, numbers included.

    For ``dot`` these are two tuples, of which one may hold numbers.
    """
    a, b = node._a, node._b
    if type(b) is tuple:
        return (a, b or node._da) if node._op == "dot" else a
    written = (node._da if a is None else a, node._db if b is None else b)
    return tuple(x for x in written if x is not None)
