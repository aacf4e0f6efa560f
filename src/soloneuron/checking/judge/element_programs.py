"""Random programs over addition, multiplication and ReLU, shrunk to the smallest that is answered wrongly."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

from soloneuron.checking.judge.search import smallest

Drawn: TypeAlias = "tuple[list[int], list[tuple[int, int, int]]]"
"""The numbers of the leaves, and operations: which one, and the places of its operands."""

MOST_RANDOM_PROGRAMS = 60
LARGEST_LEAF = 4
NODE_LETTERS = "abcdefghijklmnop"


def written_element(drawn: Drawn) -> tuple[str, tuple[str, ...]]:
    """A program and what is read after it.

    Example:
        >>> written_element(([2, -1], [(1, 0, 1), (2, 2, 0)]))[0]
        'a = Element(2); b = Element(-1); c = a*b; d = c.relu(); d.backward()'
    """
    numbers, operations = drawn
    lines = [f"{NODE_LETTERS[k]} = Element({number})" for k, number in enumerate(numbers)]
    for k, (operation, one, other) in enumerate(operations):
        count = len(numbers) + k
        left, right = NODE_LETTERS[one % count], NODE_LETTERS[other % count]
        said = (f"{left} + {right}", f"{left}*{right}", f"{left}.relu()")[operation % 3]
        lines.append(f"{NODE_LETTERS[count]} = {said}")
    last = NODE_LETTERS[len(numbers) + len(operations) - 1]
    reads = (f"{last}.data", *(f"{NODE_LETTERS[k]}.grad" for k in range(len(numbers))))
    return "; ".join([*lines, f"{last}.backward()"]), reads


def at_a_kink(drawn: Drawn) -> bool:
    """Whether a ReLU of a program stands at 0, where its derivative is a convention.

    Example:
        >>> at_a_kink(([2, -2], [(0, 0, 1), (2, 2, 0)])), at_a_kink(([2, -1], [(0, 0, 1), (2, 2, 0)]))
        (True, False)
    """
    numbers, operations = drawn
    values = list(numbers)
    for operation, one, other in operations:
        left, right = values[one % len(values)], values[other % len(values)]
        if operation % 3 == 2 and left == 0:
            return True
        values.append((left + right, left * right, max(0, left))[operation % 3])
    return False


def random_counterexample(
    fails: Callable[[str, tuple[str, ...]], bool], seed: int
) -> tuple[tuple[str, tuple[str, ...]] | None, int]:
    """A random program that is answered wrongly, shrunk; or None, and how many were tried.

    Args:
        fails: whether a program is answered wrongly.
        seed: of the programs.
    """
    tried = 0

    def wrong(drawn: Drawn) -> bool:
        nonlocal tried
        if at_a_kink(drawn):
            return False
        tried += 1
        return fails(*written_element(drawn))

    found = smallest(_strategy, _drawn, wrong, seed, MOST_RANDOM_PROGRAMS)
    return (None if found is None else written_element(found)), tried


def _strategy(st: Any) -> Any:
    operation = st.tuples(st.integers(0, 2), st.integers(0, 11), st.integers(0, 11))
    leaves = st.lists(st.integers(-LARGEST_LEAF, LARGEST_LEAF), min_size=1, max_size=3)
    return st.tuples(leaves, st.lists(operation, min_size=1, max_size=8))


def _drawn(generator: random.Random, size: int) -> Drawn:
    numbers = [generator.randint(-LARGEST_LEAF, LARGEST_LEAF) for _ in range(1 + size % 3)]
    below = generator.randrange
    return numbers, [(below(3), below(12), below(12)) for _ in range(size)]
