"""Expressions expression_text down in TypeScript: shared parts get a name, the rest is one expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from soloneuron.webmath.algebra import MIRRORED, Expression, Quantity

BINDING = {"where": 1, **dict.fromkeys(MIRRORED, 2), "+": 3, "-": 3, "*": 4, "/": 4, "negative": 5}
"""How tightly an operator holds its operands; functions hold them tightest."""

TIGHTEST = 9

GENERATED_HEAD = "/** Written by scripts/generate from the library's formulas: do not edit. */\n"


@dataclass(frozen=True)
class Statements:
    """Formulas as statements.

    Attributes:
        lines: ``const`` statements for what stands more than once.
        results: the formulas, in the names of these.
    """

    lines: tuple[str, ...]
    results: tuple[str, ...]


def statements(terms: Sequence[Quantity], prefix: str = "a") -> Statements:
    """Formulas as statements that share what they have in common.

    Args:
        terms: the formulas.
        prefix: of the names of shared parts.

    Example:
        >>> from soloneuron.webmath.algebra import added, product_of, variable
        >>> total = added(variable("x"), 1)
        >>> statements([product_of(total, total)])
        Statements(lines=('const a0 = x + 1;',), results=('a0 * a0',))
    """
    names: dict[Expression, str] = {}
    lines = []
    for shared in _shared(terms):
        said = _Writer(names).say(shared)
        names[shared] = f"{prefix}{len(names)}"
        lines.append(f"const {names[shared]} = {said};")
    return Statements(tuple(lines), tuple(_Writer(names).say(term) for term in terms))


def expression_text(term: Quantity) -> str:
    """A formula as one expression."""
    return _Writer({}).say(term)


def constant(value: float) -> str:
    """A number as TypeScript has it."""
    return repr(float(value)).removesuffix(".0").replace("inf", "Infinity")


def _shared(terms: Sequence[Quantity]) -> list[Expression]:
    """What stands more than once and costs something, each after its own parts."""
    order = list(dict.fromkeys(part for term in terms for part in _parts(term)))
    counts = Counter(part for each in order for part in each.operands if isinstance(part, Expression))
    counts.update(term for term in terms if isinstance(term, Expression))
    return [each for each in order if counts[each] > 1 and _costs(each)]


def _parts(term: Quantity) -> Iterator[Expression]:
    """All parts of a term, inner ones first."""
    if isinstance(term, Expression):
        for part in term.operands:
            yield from _parts(part)
        yield term


def _costs(expression: Expression) -> bool:
    return expression.operation not in ("variable", "negative", *MIRRORED)


@dataclass(frozen=True)
class _Writer:
    names: dict[Expression, str]

    def say(self, term: Quantity, binding: int = 0) -> str:
        """A term, in parentheses if it holds less tightly than its surroundings."""
        if not isinstance(term, Expression):
            return f"({constant(term)})" if term < 0 and binding > BINDING["-"] + 1 else constant(term)
        if term in self.names:
            return self.names[term]
        own = BINDING.get(term.operation, TIGHTEST)
        return f"({self._said(term, own)})" if own < binding else self._said(term, own)

    def _said(self, term: Expression, own: int) -> str:
        parts = term.operands
        match term.operation:
            case "variable":
                return term.letter
            case "negative":
                return "-" + self.say(parts[0], own + 1)
            case "where":
                condition, a, b = self.say(parts[0], 2), self.say(parts[1], 2), self.say(parts[2], 1)
                return f"{condition} ? {a} : {b}"
            case "power":
                return f"Math.pow({self.say(parts[0])}, {self.say(parts[1])})"
            case operator if operator in BINDING:
                return f"{self.say(parts[0], own)} {operator} {self.say(parts[1], own + 1)}"
            case name:
                return f"Math.{name}({', '.join(self.say(each) for each in parts)})"
