"""Lines of scalar code as data: a name, and a sum of products of names and numbers.

Loops are found in these lines, and text is made of them last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from soloneuron.compiler.backends.naming import literal

LONGEST_SUM = 24
"""So many terms stand in one line; a longer sum goes on in the next."""

Multiple = tuple["float | str", tuple[str, ...]]
"""A number, or the name of one, times names or expressions."""

Token = float | str
"""What may differ from one repetition of a line to the next: a number or a name."""

_WORD = re.compile(r"[^\W\d]\w*|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class ScalarLine:
    """``name = sum of terms``, or ``name += sum of terms``."""

    name: str
    terms: tuple[Multiple, ...]
    adds: bool = False

    def __str__(self) -> str:
        text = summed(self.terms)
        if not self.adds:
            return f"{self.name} = {text}"
        return f"{self.name} -= {text[1:]}" if _negated(text) else f"{self.name} += {text}"

    def parts(self, known: Container[str]) -> tuple[tuple[object, ...], list[Token]]:
        """What is fixed about the line, and its tokens; names that are not known belong to what is fixed."""
        fixed: list[object] = [self.adds]
        tokens: list[Token] = []
        for factor, names in self.terms:
            fixed.append(len(names))
            tokens.append(factor)
            for text in names:
                if text in known:
                    tokens.append(text)
                    continue
                pieces, found = _split(text, known)
                fixed += pieces
                tokens += found
        return tuple(fixed), tokens

    def rebuilt(self, name: str, tokens: Iterator[Token], known: Container[str]) -> ScalarLine:
        """The line with other tokens in the places of its own."""
        terms = []
        for _, names in self.terms:
            factor = next(tokens)
            texts = []
            for text in names:
                if text in known:
                    texts.append(_spelled(next(tokens)))
                    continue
                pieces, found = _split(text, known)
                texts.append(
                    "".join(
                        piece + _spelled(next(tokens)) for piece, _ in zip(pieces[:-1], found, strict=True)
                    )
                    + pieces[-1]
                )
            terms.append((factor, tuple(texts)))
        return ScalarLine(name, tuple(terms), self.adds)


def _split(text: str, known: Container[str]) -> tuple[list[str], list[Token]]:
    """An expression in pieces, and the tokens between them."""
    pieces, tokens, start = [], [], 0
    for match in _WORD.finditer(text):
        word = match.group()
        token: Token
        if word in known:
            token = word
        elif word[0].isdigit() and ("." in word or "e" in word):
            token = float(word)
        else:
            continue
        pieces.append(text[start : match.start()])
        tokens.append(token)
        start = match.end()
    return [*pieces, text[start:]], tokens


def assigned(name: str, terms: list[Multiple]) -> Iterator[ScalarLine]:
    """The lines of one sum."""
    for start in range(0, len(terms), LONGEST_SUM):
        yield ScalarLine(name, tuple(terms[start : start + LONGEST_SUM]), start > 0)


def times(term: Multiple, factor: float, *names: str) -> Multiple:
    """A term times a number and names; two numbers that leave the range together stay two."""
    mine, own = term
    assert not isinstance(mine, str)
    product = mine * factor
    if 1e-290 < abs(product) < 1e290 or 0 in (mine, factor) or 1 in (mine, factor):
        return product, (*own, *names)
    # What the numbers are multiplied with stands between them.
    return mine, (*own, *names, literal(factor))


def guarded(term: Multiple, slope: Multiple, *, wanted: bool) -> Multiple:
    """Where nothing arrives nothing is passed on, not even 0 * inf."""
    if not wanted or not slope[1]:
        return term
    return 1.0, (f"({multiplied(term)} if {slope[1][0]} else 0.0)",)


def multiplied(term: Multiple) -> str:
    """A term as text."""
    factor, names = term
    if not names:
        return _spelled(factor)
    product = " * ".join(names).replace(" * 1.0 / ", " / ")
    if isinstance(factor, str):
        return f"{factor} * {product}"
    if product[0] == "-":
        factor, product = -factor, product[1:]
    if abs(factor) == 1:
        return product if factor > 0 else f"-{product}"
    return f"{literal(factor)} * {product}"


def summed(terms: Iterable[Multiple]) -> str:
    """A sum as text."""
    text = ""
    for term in terms:
        product = multiplied(term)
        if not text:
            text = product
        else:
            text += f" - {product[1:]}" if product[0] == "-" else f" + {product}"
    return text


def operand(x: float) -> str:
    """A number inside of an expression."""
    text = literal(x)
    return f"({text})" if text[0] == "-" else text


def _spelled(token: Token) -> str:
    return token if isinstance(token, str) else literal(token)


def _negated(text: str) -> bool:
    return text[0] == "-" and " + " not in text and " - " not in text


def tokens_of(text: str, known: Container[str]) -> list[Token]:
    """The names and numbers in an expression that may move."""
    return _split(text, known)[1]


def substituted(text: str, known: Container[str], named: Callable[[Token], Token]) -> str:
    """An expression with other names in the places of its own."""
    pieces, found = _split(text, known)
    return (
        "".join(piece + _spelled(named(token)) for piece, token in zip(pieces[:-1], found, strict=True))
        + pieces[-1]
    )
