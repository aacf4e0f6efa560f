"""The contract of an autograd class, as data: programs in the library's own spelling."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.checking.records import Severity


@dataclass(frozen=True)
class ElementPoint:
    """One thing that is demanded of an autograd class.

    Args:
        id: its sentence is ``checking.element.ID``.
        programs: each a source and what is read after it; all must be right.
        severity: of a counterexample.
        needs: ids of points without which it cannot be judged.
        repeats: with so many orders of hashes.
        conventions: other answers that are not wrong, by name: values in the order of reads.
    """

    id: str
    programs: tuple[tuple[str, str], ...]
    severity: Severity = "must"
    needs: tuple[str, ...] = ()
    repeats: int = 1
    conventions: tuple[tuple[str, tuple[float, ...]], ...] = ()


ELEMENT_POINTS = (
    ElementPoint(
        "addition",
        (
            ("a = Element(2); b = Element(5); x = a + b; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(2); b = Element(-3); x = a + b; x.backward()", "x.data a.grad b.grad x.grad"),
        ),
    ),
    ElementPoint(
        "multiplication",
        (
            ("a = Element(2); b = Element(-3); x = a*b; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(0.375); b = Element(-4.125); x = a*b; x.backward()", "x.data a.grad b.grad x.grad"),
        ),
    ),
    ElementPoint(
        "relu",
        (
            ("a = Element(3); x = a.relu(); x.backward()", "x.data a.grad"),
            ("a = Element(-3); x = a.relu(); x.backward()", "x.data a.grad"),
            ("a = Element(0.25); x = a.relu(); x.backward()", "x.data a.grad"),
        ),
    ),
    ElementPoint(
        "operands_kept",
        (
            (
                "a = Element(2); b = Element(5); x = a + b; y = a*b; z = a.relu()",
                "a.data b.data x.data y.data z.data",
            ),
        ),
        needs=("addition", "multiplication", "relu"),
    ),
    ElementPoint(
        "chain",
        (
            (
                "a = Element(2); b = Element(3); c = Element(4); x = (a + b)*c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            (
                "a = Element(2); b = Element(3); c = Element(4); x = a*b*c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            (
                "a = Element(2); b = Element(3); c = Element(4); x = a*b + c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            (
                "a = Element(2); b = Element(3); c = Element(4); x = a*(b + c); x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            (
                "a = Element(2); b = Element(3); c = Element(4); x = a + b*c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            ("a = Element(2); b = Element(3); x = (a*b).relu(); x.backward()", "x.data a.grad b.grad"),
            ("a = Element(2); b = Element(3); x = a.relu()*b; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(-2); b = Element(-3); x = a.relu()*b; x.backward()", "x.data a.grad b.grad"),
            (
                "a = Element(2); b = Element(3); c = Element(4); x = (a + b).relu() + c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
        ),
        needs=("addition", "multiplication", "relu"),
    ),
    ElementPoint(
        "shared",
        (
            ("a = Element(3); x = a + a; x.backward()", "x.data a.grad"),
            ("a = Element(3); x = a*a; x.backward()", "x.data a.grad"),
            ("a = Element(3); b = Element(2); x = a*b + a; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(3); b = Element(2); x = a + a*b; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(3); x = a.relu() + a; x.backward()", "x.data a.grad"),
            ("a = Element(3); x = a + a.relu(); x.backward()", "x.data a.grad"),
        ),
        needs=("addition", "multiplication", "relu", "operands_kept"),
        repeats=3,
    ),
    ElementPoint(
        "diamond",
        (
            (
                "a = Element(3); b = Element(4); x = a*b; y = x + x.relu(); y.backward()",
                "y.data x.grad a.grad b.grad",
            ),
            (
                "a = Element(3); b = Element(4); x = a*b; y = x + x.relu().relu(); y.backward()",
                "y.data x.grad a.grad b.grad",
            ),
            (
                "a = Element(3); b = Element(4); x = a*b; y = x.relu().relu() + x; y.backward()",
                "y.data x.grad a.grad b.grad",
            ),
            ("a = Element(2); b = a + a; c = b*b; d = c + b; d.backward()", "d.data c.grad b.grad a.grad"),
            (
                "a = Element(3); b = a + a; c = a + b; d = a + b; e = c + d; e.backward()",
                "e.data b.grad a.grad",
            ),
        ),
        needs=("addition", "multiplication", "relu", "shared"),
        repeats=6,
    ),
    ElementPoint(
        "equal_values",
        (
            ("a = Element(2); b = Element(2); x = a*b; x.backward()", "x.data a.grad b.grad"),
            (
                "a = Element(2); b = Element(2); c = Element(2); x = a*b + c*c; x.backward()",
                "x.data a.grad b.grad c.grad",
            ),
            ("a = Element(1); b = Element(1); x = a*b; y = x*b; y.backward()", "y.data a.grad b.grad x.grad"),
        ),
        needs=("multiplication", "shared"),
        repeats=2,
    ),
    ElementPoint(
        "other_graph",
        (
            ("a = Element(2); b = Element(5); y = a*b; z = a + b; y.backward()", "a.grad b.grad"),
            ("a = Element(2); y = a*a; z = a.relu(); y.backward()", "a.grad"),
        ),
        needs=("addition", "multiplication", "shared"),
    ),
    ElementPoint(
        "second_graph",
        (
            (
                "a = Element(2); x = a*a; x.backward(); b = Element(3); y = b*b; y.backward()",
                "b.grad y.grad a.grad",
            ),
        ),
        needs=("multiplication", "shared"),
    ),
    ElementPoint(
        "grown_graph",
        (("a = Element(2); x = a*a; x.backward(); y = x*a; y.backward()", "a.grad"),),
        needs=("shared",),
        conventions=(("compounds", (20.0,)), ("accumulate", (16.0,)), ("reset", (12.0,))),
    ),
    ElementPoint(
        "ladder",
        (
            (
                "a = Element(1.0)\nx = a\nfor _ in range(22):\n    x = x + x.relu()\nx.backward()",
                "x.data a.grad",
            ),
        ),
        needs=("diamond",),
    ),
    ElementPoint(
        "dead_example",
        (
            (
                "a = Element(2); b = Element(-3); c = Element(10); d = a + b*c; e = d.relu(); e.backward()",
                "e.data a.grad b.grad c.grad d.grad e.grad",
            ),
        ),
        severity="note",
        needs=("addition", "multiplication", "relu"),
    ),
    ElementPoint(
        "zero_kink",
        (("a = Element(0.0); x = a.relu(); x.backward()", "a.grad"),),
        "note",
        needs=("relu",),
        conventions=(("zero", (0.0,)), ("one", (1.0,)), ("half", (0.5,))),
    ),
    ElementPoint(
        "twice",
        (("a = Element(3.0); x = (a*a)*a; x.backward(); x.backward()", "a.grad"),),
        "note",
        needs=("shared",),
        conventions=(
            ("compounds", (72.0,)),
            ("accumulate", (54.0,)),
            ("reset", (27.0,)),
            ("seeds_added", (108.0,)),
        ),
    ),
    ElementPoint("right_scalar", (("a = Element(2.0); x = a*3 + 2; x.backward()", "x.data a.grad"),), "note"),
    ElementPoint(
        "left_scalar",
        (
            ("a = Element(2.0); x = 2 + 3*a; x.backward()", "x.data a.grad"),
            ("a = Element(2.0); x = sum([a, a]); x.backward()", "x.data a.grad"),
        ),
        "note",
        needs=("right_scalar",),
    ),
    ElementPoint(
        "subtraction",
        (
            ("a = Element(2.0); b = Element(5.0); x = a - b; x.backward()", "x.data a.grad b.grad"),
            ("a = Element(2.0); x = -a; x.backward()", "x.data a.grad"),
        ),
        "note",
        needs=("addition",),
    ),
    ElementPoint(
        "division",
        (("a = Element(2.0); b = Element(4.0); x = a/b; x.backward()", "x.data a.grad b.grad"),),
        "note",
        needs=("multiplication",),
    ),
    ElementPoint(
        "power",
        (("a = Element(3.0); x = a**2; x.backward()", "x.data a.grad"),),
        "note",
        needs=("multiplication",),
    ),
    ElementPoint(
        "depth",
        (
            (
                "a = Element(1.0)\nx = a\nfor _ in range(3000):\n    x = x + a\nx.backward()",
                "x.data a.grad",
            ),
        ),
        "note",
        needs=("shared",),
    ),
)
"""In the order in which they are tried: the first counterexample of a point is the smallest."""
