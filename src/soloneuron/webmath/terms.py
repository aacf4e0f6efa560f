"""The further terms of a neuron, translated."""

from __future__ import annotations

from typing import Any

from soloneuron.formulas.terms import TERMS
from soloneuron.webmath.symbols import Symbol, as_quantity
from soloneuron.webmath.typescript import GENERATED_HEAD, expression_text


def terms_source() -> str:
    """The text of ``generated/terms.ts``."""
    x1: Any = Symbol.of("x1")
    x2: Any = Symbol.of("x2")
    formulas = {name: expression_text(as_quantity(term.formula(x1, x2))) for name, term in TERMS.items()}
    lines = [f"  {name}: ({_arguments(formula)}) => {formula}," for name, formula in formulas.items()]
    head = "export const TERMS: Readonly<Record<string, (x1: number, x2: number) => number>> = {"
    return "\n".join([GENERATED_HEAD, head, *lines, "};", ""])


def _arguments(formula: str) -> str:
    """Both letters, of which one that is not needed has no name."""
    return ", ".join(["x1" if "x1" in formula else "_", *(["x2"] if "x2" in formula else [])])
