"""The surfaces, translated: height and gradient, with what is known of each.

Their lines are Python and nothing but operators, so that one text is both copied and computed with; by dual
numbers the page has their second derivatives from it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.surfaces import Surface
from soloneuron.webmath.algebra import Quantity
from soloneuron.webmath.symbols import Symbol, as_quantity
from soloneuron.webmath.typescript import GENERATED_HEAD, constant, statements


def surfaces_source() -> str:
    """The text of ``generated/surfaces.ts``."""
    lines = [GENERATED_HEAD, 'import type { SurfaceFormula } from "../training/types";\n']
    lines.append("/** The formulas as lines of Python, which are copied as they stand, and computed with. */")
    lines.append("export const SURFACE_FORMULAS: Readonly<Record<string, SurfaceFormula>> = {")
    for name in SURFACES:
        lines.append(f"  {name}: {{")
        lines += [f"    {line}" for line in _body(SURFACES.load(name)())]
        lines.append("  },")
    return "\n".join([*lines, "};", ""])


def _body(surface: Surface) -> Iterator[str]:
    """The fields of one surface."""
    yield f"start: {_numbers(surface.start)},"
    yield f"window: {_numbers(surface.window)},"
    yield f"lowest: {constant(surface.lowest)},"
    yield f"minima: [{', '.join(map(_numbers, surface.minima))}],"
    height, slope = surface_formulas(surface)
    found = statements((height, *slope))
    yield f"shared: [{', '.join(map(_line, found.lines))}],"
    value, *gradient = map(_line, found.results)
    yield f"value: {value},"
    yield f"gradient: [{', '.join(gradient)}],"


def _line(statement: str) -> str:
    """A statement as a line of Python, in quotes: the operators are the same."""
    line = statement.removeprefix("const ").removesuffix(";").replace("Math.", "np.")
    return f'"{line}"'


def surface_formulas(surface: Surface) -> tuple[Quantity, tuple[Quantity, Quantity]]:
    """The height of a surface at x and y, and the two parts of its gradient."""
    x: Any = Symbol.of("x")
    y: Any = Symbol.of("y")
    # The formula of a coordinate each, as ``value`` and ``gradient`` call it.
    dx, dy = surface._gradient(x, y)
    return as_quantity(surface._value(x, y)), (as_quantity(dx), as_quantity(dy))


def _numbers(values: tuple[float, ...]) -> str:
    return f"[{', '.join(map(constant, values))}]"
