"""The losses, translated: in the logit of the wrong class, each with its own loops over rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import Loss, as_loss
from soloneuron.formulas.losses.margin import Hinge, RoundedHinge
from soloneuron.webmath.algebra import Expression, Quantity, multiplied, variable
from soloneuron.webmath.symbols import Symbol, as_quantity
from soloneuron.webmath.typescript import GENERATED_HEAD, constant, statements

_T = "t"
"""The logit of the wrong class, t = (1 - 2 y) z: all that a hard label and its logit have to say."""


def losses_source() -> str:
    """The text of ``generated/losses.ts``."""
    parts = [GENERATED_HEAD, 'import type { Loss } from "../training/types";\n']
    parts += [f"const {name}: Loss = {{\n{_body(as_loss(name))}}};\n" for name in LOSSES]
    width: Any = Symbol.of("width")
    rounded = _body(RoundedHinge(width))
    parts.append(_ROUNDED.format(body="".join(f"  {line}\n" for line in rounded.splitlines())))
    names = ", ".join(name for name in LOSSES)
    parts.append(f"export const LOSSES: Readonly<Record<string, Loss>> = {{ {names} }};\n")
    return "\n".join(parts)


_ROUNDED = """/** The hinge with its kink rounded off by a width > 0. */
export function roundedHinge(width: number): Loss {{
  return {{
{body}  }};
}}
"""


def _body(loss: Loss) -> str:
    """The fields of one loss."""
    if not loss.symmetric:
        raise ValueError(f"the loss {loss.name!r} is not symmetric: the page knows losses of one logit only")
    found = value, slope, bend = loss_formulas(loss)
    lines = [
        f"convex: {str(loss.convex).lower()},",
        f"smooth: {str(loss.smooth).lower()},",
        f"strictlyDecreasing: {str(loss.strictly_decreasing).lower()},",
        f"curvature: {constant(loss.curvature)},",
        *(["rounded: roundedHinge,"] if isinstance(loss, Hinge) else []),
        *(
            line
            for name, term in zip(("value", "slope", "bend"), found, strict=True)
            for line in _of_one(name, term)
        ),
        *_loop("total(logits, count)", [value], ["sum += {}"]),
        *_filled("slopes", slope),
        *_loop("both(logits, out, count)", [value, slope], ["sum += {}", "out[i] = {}"]),
        *_filled("bends", bend),
    ]
    return "".join(f"  {line}\n" for line in lines)


def loss_formulas(loss: Loss) -> tuple[Quantity, Quantity, Quantity]:
    """Value, slope and bend of a loss of the class 0 at the logit t."""
    t: Any = Symbol.of(_T)
    y: Any = 0.0
    value, slope, bend = loss.value(t, y), loss.derivative(t, y), loss.second_derivative(t, y)
    return as_quantity(value), as_quantity(slope), as_quantity(bend)


def _of_one(name: str, term: Quantity) -> Iterator[str]:
    """A function of the logit of class 1 and the label; by symmetry a slope changes its sign with s."""
    if not isinstance(term, Expression):
        yield f"{name}: () => {constant(term)},"
        return
    signed = name == "slope"
    found = statements([multiplied(variable("s"), term) if signed else term])
    yield f"{name}(z, y) {{"
    yield from (
        ("  const s = 1 - 2 * y;", "  const t = s * z;") if signed else ("  const t = (1 - 2 * y) * z;",)
    )
    yield from (f"  {line}" for line in found.lines)
    yield f"  return {found.results[0]};"
    yield "},"


def _filled(name: str, term: Quantity) -> Iterator[str]:
    """A loop over logits that writes a number each."""
    if isinstance(term, Expression):
        yield from _loop(f"{name}(logits, out, count)", [term], ["out[i] = {}"])
        return
    yield f"{name}(_, out, count) {{"
    yield f"  out.fill({constant(term)}, 0, count);"
    yield "},"


def _loop(head: str, terms: Sequence[Quantity], uses: Sequence[str]) -> Iterator[str]:
    """A loop over logits that puts every formula to its use."""
    found, sums = statements(terms), any(use.startswith("sum") for use in uses)
    yield f"{head} {{"
    if sums:
        yield "  let sum = 0;"
    yield "  for (let i = 0; i < count; i++) {"
    yield f"    const {_T} = logits[i] as number;"
    yield from (f"    {line}" for line in found.lines)
    yield from (f"    {use.format(result)};" for use, result in zip(uses, found.results, strict=True))
    yield "  }"
    if sums:
        yield "  return sum;"
    yield "},"
