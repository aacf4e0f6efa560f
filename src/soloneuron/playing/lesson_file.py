"""A lesson that a teacher writes: a JSON file with what ``Lesson`` holds, and its sentences."""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import MOST_STEPS, Config, theta_size
from soloneuron.playing.lesson import Alike, Less, Lesson, LessonStep, Measure, Requirement, Within
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import MEASURES, detail_range
from soloneuron.playing.race import LiveRace
from soloneuron.playing.refusals import playground_error
from soloneuron.playing.session import check_start
from soloneuron.texts import LANGUAGES

LESSON_SPEEDS = (5, 15, 60, 240, 960)
REQUIREMENTS: Mapping[str, type[Less] | type[Alike] | type[Within]] = {
    "less": Less,
    "alike": Alike,
    "within": Within,
}
MEASURED_NAMES = {"less": ("small", "large"), "alike": ("one", "two"), "within": ("name",)}
BOUNDS = {"less": ("times", "plus"), "alike": ("times", "plus"), "within": ("low", "high")}
FORMULAS = (
    *(f"losses.{name}" for name in LOSSES),
    *(f"optimizers.{name}" for name in OPTIMIZERS),
    "penalties.l2",
)
"""Keys of the texts that have a title and a formula, of which a lesson can name some."""

SENTENCES = ("title", "question", "measured", "why")
_BRACES = re.compile(r"\{(\w+)")


@dataclass(frozen=True)
class LessonFault:
    """What is wrong with a lesson's file.

    Attributes:
        place: such as ``steps[0].until``.
        wanted: what must hold there: a key of the sentences ``lesson_file.wanted``.
        fields: of that sentence.
        came: what stands there, as JSON; nothing where it is missing.
    """

    place: str
    wanted: str
    fields: Mapping[str, object] = field(default_factory=dict)
    came: str = ""


@dataclass
class _Reader:
    """Reads values and notes every fault; what is wrong is read as something harmless."""

    faults: list[LessonFault] = field(default_factory=list)

    def fault(self, place: str, wanted: str, came: Any = None, **fields: object) -> None:
        shown = "" if came is None else json.dumps(came, ensure_ascii=False, separators=(",", ":"))[:60]
        self.faults.append(LessonFault(place, wanted, fields, shown))

    def table(
        self, place: str, value: Any, needed: tuple[str, ...], more: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """An object with these fields and no others."""
        if not isinstance(value, dict):
            self.fault(place, "object", value)
            return {}
        at = f"{place}." if place else ""
        for name in needed:
            if name not in value:
                self.fault(at + name, "there")
        for name, held in value.items():
            if name not in (*needed, *more):
                self.fault(at + name, "unknown", choices=", ".join((*needed, *more)))
            elif held is None:
                self.fault(at + name, "there")
        return value

    def mapping(self, place: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict) and value:
            for name in (name for name, held in value.items() if held is None):
                self.fault(f"{place}.{name}", "there")
            return value
        if value is not None:
            self.fault(place, "filled_object", value)
        return {}

    def items(self, place: str, value: Any) -> list[Any]:
        if isinstance(value, list) and value:
            return value
        if value is not None:
            self.fault(place, "list", value)
        return []

    def words(self, place: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        if value is not None:
            self.fault(place, "text", value)
        return ""

    def number(self, place: str, value: Any, least: float, most: float) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(place, "number", value, least=f"{least:g}", most=f"{most:g}")
        return least

    def whole(self, place: str, value: Any, least: int, most: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.fault(place, "whole", value, least=least, most=most)
        return least

    def choice(self, place: str, value: Any, choices: tuple[Any, ...]) -> Any:
        if value in choices and not isinstance(value, bool):
            return value
        if value is not None:
            self.fault(place, "choice", value, choices=", ".join(map(str, choices)))
        return choices[0] if choices else ""


@dataclass(frozen=True)
class OwnLesson:
    """A lesson with its sentences in one language or two, as the texts of the page hold those of its own."""

    lesson: Lesson
    texts: Mapping[str, Mapping[str, Any]]


def read_lesson(raw: object) -> OwnLesson | list[LessonFault]:
    """The lesson of a file, or everything that is wrong with it.

    Args:
        raw: the values of JSON: ``steps``, ``measures``, ``answers``, ``expected``, ``texts`` and perhaps
            ``formulas``.

    Returns:
        The lesson, or its faults.

    Example:
        >>> [fault.place for fault in read_lesson({"steps": []})]
        ['measures', 'answers', 'expected', 'texts', 'steps']
    """
    reader = _Reader()
    found = reader.table("", raw, ("steps", "measures", "answers", "expected", "texts"), ("formulas",))
    if not found:
        return reader.faults
    steps, runs = _steps(reader, found.get("steps"))
    measures = {
        name: _measure(reader, f"measures.{name}", one, runs)
        for name, one in reader.mapping("measures", found.get("measures")).items()
    }
    answers = {
        name: tuple(
            one
            for i, part in enumerate(reader.items(f"answers.{name}", held))
            if (one := _requirement(reader, f"answers.{name}[{i}]", part, tuple(measures))) is not None
        )
        for name, held in reader.mapping("answers", found.get("answers")).items()
    }
    expected = reader.choice("expected", found.get("expected"), tuple(answers))
    formulas = found.get("formulas", [])
    if not isinstance(formulas, list):
        reader.fault("formulas", "texts", formulas)
        formulas = []
    named = ["" if one is None else one for one in formulas]
    formulas = [reader.choice(f"formulas[{i}]", one, FORMULAS) for i, one in enumerate(named)]
    texts = _texts(
        reader, found.get("texts"), answers=tuple(answers), steps=len(steps), measures=tuple(measures)
    )
    return reader.faults or OwnLesson(Lesson(steps, measures, answers, expected, tuple(formulas)), texts)


class _Run(NamedTuple):
    """What a measure of a step's run may ask for."""

    runners: int = 1
    parameters: int = 2
    until: int = 1


def _steps(reader: _Reader, value: Any) -> tuple[tuple[LessonStep, ...], list[_Run]]:
    """The steps, and the run of each."""
    steps, runs = [], []
    for i, raw in enumerate(reader.items("steps", value)):
        place = f"steps[{i}]"
        one = reader.table(place, raw, ("link", "until"), ("speed", "open"))
        link = reader.words(f"{place}.link", one.get("link"))
        until = reader.whole(f"{place}.until", one.get("until"), 1, MOST_STEPS)
        speed = reader.choice(f"{place}.speed", one.get("speed", 60), LESSON_SPEEDS)
        opened = reader.choice(f"{place}.open", one.get("open", ""), ("", "inside"))
        steps.append(LessonStep(link, until, speed, opened))
        try:
            config = read_link(link)
            if config.surface:
                raise playground_error("surface", word="lesson", surface=config.surface)
            check_start(config, LiveRace(config))
        except InputError as fault:
            reader.fault(f"{place}.link", "link", fault=fault)
            config = Config()
        if config.changes:
            reader.fault(f"{place}.link", "unchanging", link)
        runs.append(_Run(len(config.loss) * len(config.optimizers), theta_size(config), until))
    return tuple(steps), runs


def _measure(reader: _Reader, place: str, value: Any, runs: list[_Run]) -> Measure:
    one = reader.table(place, value, ("kind", "step"), ("runner", "detail"))
    step = reader.whole(f"{place}.step", one.get("step"), 1, max(1, len(runs)))
    runners, parameters, until = runs[step - 1] if runs else _Run()
    kind = reader.choice(f"{place}.kind", one.get("kind"), tuple(MEASURES))
    runner = reader.whole(f"{place}.runner", one.get("runner", 0), 0, runners - 1)
    where, detail = f"{place}.detail", one.get("detail", 0)
    ends = detail_range(kind, parameters=parameters, until=until)
    if ends is None:
        return Measure(kind, step, runner, reader.number(where, detail, 0, MOST_STEPS))
    return Measure(kind, step, runner, reader.whole(where, detail, *ends))


def _requirement(reader: _Reader, place: str, value: Any, measures: tuple[str, ...]) -> Requirement | None:
    kind = reader.choice(
        f"{place}.kind", value.get("kind") if isinstance(value, dict) else None, tuple(REQUIREMENTS)
    )
    needed = ("kind", *MEASURED_NAMES[kind])
    before = len(reader.faults)
    one = reader.table(place, value, needed, BOUNDS[kind])
    for name in MEASURED_NAMES[kind]:
        reader.choice(f"{place}.{name}", one.get(name), measures)
    for name in BOUNDS[kind]:
        if name in one:
            low = {"times": 1.0, "plus": 0.0}.get(name, -1e300)
            reader.number(f"{place}.{name}", one[name], low, 1e300)
    if len(reader.faults) > before:
        return None
    open_ends = {"low": -math.inf, "high": math.inf} if kind == "within" else {}
    return REQUIREMENTS[kind](**open_ends | {name: one[name] for name in one if name != "kind"})


def _texts(
    reader: _Reader, value: Any, *, answers: tuple[str, ...], steps: int, measures: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    known = {*measures, *(f"end{i}" for i in range(1, steps + 1))}
    parts = {"choices": answers, "answers": answers, "steps": tuple(map(str, range(1, steps + 1)))}
    said = reader.mapping("texts", value)
    for language, raw in said.items():
        place = f"texts.{reader.choice('texts', language, LANGUAGES)}"
        one = reader.table(place, raw, (*SENTENCES, *parts), ("docs",))
        sentences = {f"{place}.{name}": one.get(name) for name in (*SENTENCES, "docs")}
        for part, names in parts.items():
            table = reader.table(f"{place}.{part}", one.get(part, {}), names if part in one else ())
            sentences |= {f"{place}.{part}.{name}": table.get(name) for name in names}
        for where, sentence in sentences.items():
            for name in _BRACES.findall(reader.words(where, sentence)):
                if name not in known:
                    reader.fault(where, "braces", f"{{{name}}}", choices=", ".join(sorted(known)))
    return said


def lesson_hash(raw: object) -> str:
    """A lesson's file as the part of an address after ``#``: the page opens it from there.

    Example:
        >>> lesson_hash({}).startswith("lesson=")
        True
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
    packed = packer.compress(small) + packer.flush()
    return f"lesson={base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
