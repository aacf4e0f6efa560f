"""The losses, translated: in the logit of the wrong class, each with its own loops over rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.links import sigmoid
from soloneuron.formulas.losses import Loss, as_loss
from soloneuron.formulas.losses.margin import Hinge, RoundedHinge
from soloneuron.webmath.algebra import Expression, Quantity, product_of, variable
from soloneuron.webmath.symbols import Symbol, as_quantity
from soloneuron.webmath.typescript import GENERATED_HEAD, constant, statements

_T = "t"
"""The logit of the wrong class, t = (1 - 2 y) z: all that a hard label and its logit have to say."""


def translated_losses() -> tuple[str, ...]:
    """The losses of the catalogue that the page knows: those in which a label only turns the logit round."""
    return tuple(name for name in LOSSES if as_loss(name).symmetric)


def losses_source() -> str:
    """The text of ``generated/losses.ts``."""
    parts = [
        GENERATED_HEAD,
        'import type { Loss } from "../training/types";\nimport * as totals from "./totals";\n',
    ]
    for name in translated_losses():
        own = [f"total: totals.{name},", *_fields(as_loss(name))]
        parts.append(f"const {name}: Loss = {{\n{_indented(own, 1)}}};\n")
    width: Any = Symbol.of("width")
    rounded = RoundedHinge(width)
    total = _loop("total(logits, count)", [loss_formulas(rounded)[0]], ["sum += {}"])
    parts.append(_ROUNDED.format(body=_indented([*total, *_fields(rounded)], 2)))
    parts.append(
        f"export const LOSSES: Readonly<Record<string, Loss>> = {{ {', '.join(translated_losses())} }};\n"
    )
    return "\n".join(parts)


def totals_source() -> str:
    """The text of ``generated/totals.ts``: all that pictures need, so that what a replay carries is small."""
    z: Any = Symbol.of("z")
    parts = [GENERATED_HEAD, 'import type { Total } from "../training/types";\n']
    parts.append(_PROBABILITY.format(body=_indented(_returned(as_quantity(sigmoid(z))), 1)))
    for name in translated_losses():
        head = f"export function {name}(logits: Float64Array, count: number): number"
        loop = _loop(head, [loss_formulas(as_loss(name))[0]], ["sum += {}"])
        parts.append("\n".join(loop).removesuffix(",") + "\n")
    parts.append(
        f"export const TOTALS: Readonly<Record<string, Total>> = {{ {', '.join(translated_losses())} }};\n"
    )
    return "\n".join(parts)


_PROBABILITY = """/** The probability of class 1 at a logit. */
export function probability(z: number): number {{
{body}}}
"""

_ROUNDED = """/** The hinge with its kink rounded off by a width > 0. */
export function roundedHinge(width: number): Loss {{
  return {{
{body}  }};
}}
"""


def _indented(lines: Iterable[str], depth: int) -> str:
    return "".join(f"{'  ' * depth}{line}\n" for line in lines)


def _fields(loss: Loss) -> Iterator[str]:
    """The fields of one loss but its total."""
    value, slope, bend = loss_formulas(loss)
    yield f"convex: {str(loss.convex).lower()},"
    yield f"smooth: {str(loss.smooth).lower()},"
    yield f"strictlyDecreasing: {str(loss.strictly_decreasing).lower()},"
    yield f"curvature: {constant(loss.curvature)},"
    if isinstance(loss, Hinge):
        yield "rounded: roundedHinge,"
    for name, formula in (("value", value), ("slope", slope), ("bend", bend)):
        yield from _of_one(name, formula)
    yield from _filled("slopes", slope)
    yield from _loop("both(logits, out, count)", [value, slope], ["sum += {}", "out[i] = {}"])
    yield from _filled("bends", bend)


def loss_formulas(loss: Loss) -> tuple[Quantity, Quantity, Quantity]:
    """Value, slope and bend of a loss of the class 0 at the logit t."""
    if not loss.symmetric:
        raise ValueError(f"the loss {loss.name!r} is not symmetric: the page knows losses of one logit only")
    t: Any = Symbol.of(_T)
    y: Any = 0.0
    value, slope, bend = loss.value(t, y), loss.derivative(t, y), loss.second_derivative(t, y)
    return as_quantity(value), as_quantity(slope), as_quantity(bend)


def _returned(term: Quantity) -> Iterator[str]:
    """The statements that work out one formula and return it."""
    found = statements([term])
    yield from (*found.lines, f"return {found.results[0]};")


def _of_one(name: str, term: Quantity) -> Iterator[str]:
    """A function of the logit of class 1 and the label; by symmetry a slope changes its sign with s."""
    if not isinstance(term, Expression):
        yield f"{name}: () => {constant(term)},"
        return
    signed = name == "slope"
    yield f"{name}(z, y) {{"
    yield from (
        ("  const s = 1 - 2 * y;", "  const t = s * z;") if signed else ("  const t = (1 - 2 * y) * z;",)
    )
    found = _returned(product_of(variable("s"), term) if signed else term)
    yield from (f"  {line}" for line in found)
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
