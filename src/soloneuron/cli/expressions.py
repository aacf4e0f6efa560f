"""What the commands that take a written expression share: their arguments and the numbers of its names."""

from __future__ import annotations

import math
from collections.abc import Iterable

from soloneuron.cli.arguments import Parser
from soloneuron.cli.option_types import add_force, add_language
from soloneuron.errors import InputError


def add_graph(parser: Parser) -> None:
    """The arguments of ``soloneuron graph``."""
    parser.description = "Draw an expression as SVG: values, gradients, operations."
    _add_expression(parser)
    parser.add_argument("-o", "--output", metavar="GRAPH.svg", help="default: to the terminal")
    add_force(parser)
    add_language(parser)


def add_compile(parser: Parser) -> None:
    """The arguments of ``soloneuron compile``."""
    parser.description = "Turn an expression into code for its value and gradient, and run it."
    _add_expression(parser)
    parser.add_argument(
        "--backend",
        choices=("scalar", "torch"),
        default="scalar",
        help="lines of Python with your names, or calls of torch",
    )
    parser.add_argument("--show", action="store_true", help="print the generated code")
    add_language(parser)


def _add_expression(parser: Parser) -> None:
    parser.add_argument("expression", metavar="EXPRESSION", help="such as 'relu(a + b*c)'")
    parser.several = parser.add_argument(
        "values", nargs="*", metavar="NAME=NUMBER", help="a number for every name"
    )


def named_numbers(words: Iterable[str]) -> dict[str, float]:
    """The numbers given as NAME=NUMBER; whole numbers stay whole.

    Raises:
        InputError: a word that is not of this form, a name twice, or no finite number.
    """
    numbers: dict[str, float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.isidentifier():
            raise InputError(f"values are given as NAME=NUMBER, got {word!r}", code="expression.value")
        if name in numbers:
            raise InputError(f"{name!r} is given twice", code="expression.twice", name=name)
        numbers[name] = _number(name, text)
    return numbers


def _number(name: str, text: str) -> float:
    try:
        number = int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name} must be a finite number, got {text!r}", code="expression.value", name=name)
    return number
