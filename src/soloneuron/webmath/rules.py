"""Every optimizer of the catalogue as TypeScript, from its paper lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.formula import calls_of, letters_of, parsed
from soloneuron.optimizers.formula_trace import decays_itself
from soloneuron.optimizers.searching import direction_by_direction
from soloneuron.webmath.body import Body, wanted
from soloneuron.webmath.expression import constant_text, printed
from soloneuron.webmath.loops import body_code, scratch
from soloneuron.webmath.reading import Readings
from soloneuron.webmath.structure import Structure, asks_value, kept_of, lines_of, signature, structure_of
from soloneuron.webmath.typescript import GENERATED_HEAD

RULES_HEAD = """\
import { norm, regular } from "../training/regular";
import type { Paper, PaperLine, Rule, Settings, Stepper } from "../training/types";
import { lengthOf } from "../training/vectors";

/** Lines up to the gradient, of coupled decay, and of the rule; null where these say what decays. */
type Lines = readonly [readonly PaperLine[], PaperLine | null, readonly PaperLine[]];

interface Case {
  readonly lines: Lines;
  make(theta: Float64Array, rate: number, settings: Settings, bias: boolean): Stepper;
}

const itself = (theta: Float64Array): Float64Array => theta;

function complete(h: Settings, [first, coupled, last]: Lines): PaperLine[] {
  const lines = [...first];
  if (VARIANTS && (h.clip_value !== null || h.clip_norm !== null)) lines.push(CLIPPED);
  if (VARIANTS && h.maximize === true) lines.push(TURNED);
  if (h.weight_decay !== 0 && coupled) lines.push(h.decay === "coupled" ? coupled : SHRUNK);
  return [...lines, ...last];
}

const paper = (defaults: Settings, lines: (h: Settings) => Lines): Paper => ({
  defaults,
  lines(settings) {
    const h = { ...defaults, ...settings };
    return complete(h, lines(h));
  },
});

const rule = (defaults: Settings, chosen: (h: Settings) => Case): Rule => ({
  ...paper(defaults, (h) => chosen(h).lines),
  make(theta, rate, settings, bias) {
    const h = { ...defaults, ...settings };
    return chosen(h).make(theta, rate, h, bias);
  },
});
"""


def rules_source() -> str:
    """The file ``rules.ts``."""
    readings, cases = Readings(), dict[tuple[Any, ...], str]()
    code, rules, valued, searches = list[str](), list[str](), list[str](), list[str]()
    for name in OPTIMIZERS:
        kind: type[Optimizer] = OPTIMIZERS.load(name)
        # Who follows several directions an update has lines for one of them only.
        one = direction_by_direction(kind())
        fixed = {setting: one.settings[setting] for setting in one.given}
        structure, defaults = structure_of(kind, **fixed), _defaults(one)
        searching = kind.needs == "objective"
        if searching and not asks_value(one):
            lines = _chosen(one, structure, [readings.of(rule) for _, rule in structure.cases])
            searches.append(f"  {name}: paper({defaults}, {_given(lines)} => {lines}),")
            continue
        for values, rule in structure.cases:
            if signature(rule) not in cases:
                made = cases[signature(rule)] = "_".join([name, *map(_said, values)])
                code += ["", f"const {made}: Case = {{", f"  lines: {readings.of(rule)},"]
                code += [*(f"  {line}" for line in _maker(rule)), "};"]
        chosen = _chosen(one, structure, [cases[signature(rule)] for _, rule in structure.cases])
        place = valued if searching else rules
        place.append(f"  {name}: rule({defaults}, {_given(chosen)} => {chosen}),")
    return "\n".join([
        GENERATED_HEAD, RULES_HEAD, *readings.text(), *code, "",
        "/** Rules that take a gradient. */",
        "export const RULES: Readonly<Record<string, Rule>> = {", *rules, "};", "",
        "/** Rules that want the value too: it is slot f before they step. */",
        "export const VALUED: Readonly<Record<string, Rule>> = {", *valued, "};", "",
        "/** Rules that search along a line: their lines alone. */",
        "export const SEARCHES: Readonly<Record<string, Paper>> = {", *searches, "};", "",
    ])  # fmt: skip


def _given(text: str) -> str:
    return "(h)" if "h." in text else "()"


def _defaults(rule: Optimizer) -> str:
    """The settings but the rate, as they are unless given."""
    own = {name: x for name, x in rule.settings.items() if name != "learning_rate"}
    return "{ " + ", ".join(f"{name}: {constant_text(x)}" for name, x in own.items()) + " }"


def _chosen(rule: Optimizer, structure: Structure, texts: list[str]) -> str:
    """The text of the case that settings ``h`` are; without variants only numbers can be unusual."""

    def choice(place: int, cases: list[tuple[tuple[Any, ...], str]]) -> str:
        if len({text for _, text in cases}) == 1:
            return cases[0][1]
        name = structure.names[place]
        options = list(dict.fromkeys(values[place] for values, _ in cases))
        setting, usual = rule.hyperparameters[name], rule.settings[name]
        fixed = (not setting.interval or setting.default is None) and usual in options
        if fixed:
            options.sort(key=lambda option: option != usual)
        parts = [
            choice(place + 1, [case for case in cases if case[0][place] == option]) for option in options
        ]
        text = parts[-1]
        for option, part in zip(options[-2::-1], parts[-2::-1], strict=True):
            kept = "!VARIANTS || " if fixed and option == usual else ""
            text = f"{kept}h.{name} === {constant_text(option)} ? {part} : {text}"
        return f"({text})"

    return choice(0, list(zip([values for values, _ in structure.cases], texts, strict=True)))


def _said(value: Any) -> str:
    """A value in the name of a function."""
    return value if isinstance(value, str) else {True: "with", False: "without"}[bool(value)]


def _maker(rule: Optimizer) -> Iterator[str]:
    """The method that makes a stepper."""
    lines, begins = lines_of(rule), rule.begins()
    slots, totals = kept_of(rule)
    stated = [line for line in (*lines.before, *lines.after) if "value" not in calls_of(line.tree)]
    by_parts = bool(rule.parts)
    step = Body(wanted(stated, ["theta", *slots, *totals]), slots, totals, by_parts=by_parts)
    point = Body(wanted(lines.before, [lines.point]), slots, totals)
    rate = "rate0" if "rate" in begins.values() else "_rate0"
    yield f"make(theta0, {rate}, settings{', bias' * by_parts}) {{"
    yield "  const width = theta0.length;"
    if by_parts:
        yield "  const weights = width - (bias && settings.bias === true ? 1 : 0);"
    for setting in sorted({*step.settings, *point.settings, *_asked(begins)}):
        yield f"  const {setting} = settings.{setting} as number;"
    for slot in (*slots, *totals):
        yield f"  const {slot} = {_begun(begins.get(slot, '0'), 'width' if slot in slots else '1')};"
    for array in sorted({*scratch(step), *scratch(point)}):
        yield f"  const {array} = new Float64Array(width);"
    given = "{ ...settings, weight_decay: 0 }" if decays_itself(rule) else "settings"
    yield f"  const prepared = regular({given}, width);"
    yield from (f"  {line}" for line in _point(lines.point, point))
    yield "  return {"
    yield f"    slots: {{ {', '.join((*slots, *totals))} }},".replace("{  }", "{}")
    yield "    point,"
    yield "    step(theta, gradient, t, rate) {"
    yield "      const g = prepared(theta, gradient, t, rate, point);"
    yield from (f"      {line}" for line in body_code(step, {x: x for x in ("theta", *slots)}))
    yield "    },"
    yield "  };"
    yield "},"


def _point(letter: str, body: Body) -> Iterator[str]:
    """The function that says where the gradient is wanted."""
    if letter not in body.last:
        yield "const point = itself;" if letter == "theta" else f"const point = () => {letter};"
        return
    types = {"theta": "Float64Array", "t": "number", "rate": "number"}
    given = [f"{'' if name in body.read else '_'}{name}: {kind}" for name, kind in types.items()]
    yield "const ahead = new Float64Array(width);"
    yield f"const point = ({', '.join(given)}): Float64Array => {{"
    yield from (f"  {line}" for line in body_code(body, {"ahead": letter}))
    yield "  return ahead;"
    yield "};"


def _asked(begins: Any) -> set[str]:
    return {name for x in begins.values() for name in letters_of(parsed(x))} - {"theta", "rate"}


def _begun(expression: str, size: str) -> str:
    """The array that a slot begins with."""
    if expression == "theta":
        return "Float64Array.from(theta0)"
    made = f"new Float64Array({size})"
    filled = printed(parsed(expression), lambda name: {"rate": "rate0", "theta": "theta0"}.get(name, name))
    return made if filled == "0" else f"{made}.fill({filled})"
