"""What to take away from a study: five of its conclusions, each with a small picture of its numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from soloneuron.experiments.base import Numbers, short_name
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.surface_race import RACED_METHODS, rivals
from soloneuron.records.findings import Chart, Findings, Verdict
from soloneuron.report.pictures import MOST_BARS, Axes, Bar, PictureLine, bars, lines
from soloneuron.texts import text
from soloneuron.texts.phrases import Phrase, said

COUNT = 5

TAKEAWAY_PLACES: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {"saturated": ("escape",), "outliers": ("turn",)},
    {"batch_sizes": ("epochs", "updates"), "duplicates": ("rows",), "batch_noise": ("ball",)},
    {"features": ("wide", "yours"), "condition": ("standardize",)},
    {"rate_cliff": ("cliff",)},
    {"race": ("winner",), "plateau": ("winner", "plain"), "saddle": ("winner", "plain")},
)
"""The loss, the batches, the surface, the rate, the optimizers. Each place is taken by the first of its
experiments that is among the findings, with these claims; what stays empty, by any other."""


@dataclass(frozen=True)
class Takeaway:
    """One thing to take away.

    Attributes:
        experiment: where it was measured.
        heading: in a few words, as true as the sentence.
        sentence: what was measured.
        picture: of the same numbers.
        caption: what the picture shows.
    """

    experiment: str
    heading: str
    sentence: str
    picture: Markup
    caption: str


def takeaways(findings: Sequence[Findings], language: str) -> list[Takeaway]:
    """The five, or as many as there are experiments.

    Args:
        findings: of a study.
        language: "en" or "ru".
    """
    known = {found.experiment: found for found in findings}
    chosen: dict[str, tuple[str, ...]] = {}
    for place in TAKEAWAY_PLACES:
        name = next((name for name in place if name in known), None)
        if name is not None:
            chosen[name] = place[name]
    made = [_takeaway(known[name], claims, language) for name, claims in chosen.items()]
    found = [one for one in made if one is not None]
    for name in EXPERIMENTS:
        if len(found) < COUNT and name in known and name not in chosen:
            one = _takeaway(known[name], (), language)
            found += [] if one is None else [one]
    return found[:COUNT]


def _takeaway(found: Findings, claims: Sequence[str], language: str) -> Takeaway | None:
    """What an experiment is remembered by; None where there is nothing to draw or to say."""
    verdicts = [verdict for claim in claims for verdict in found.verdicts if verdict.claim == claim]
    verdicts = verdicts or list(found.verdicts[:1])
    try:
        drawing = _PICTURES.get(found.experiment, _first_lines)(found, language)
    except LookupError:  # a file of another version, with other numbers
        return None
    if drawing is None or not verdicts:
        return None
    sentence = " ".join(verdict.phrase.say(language) for verdict in verdicts)
    caption, draw = drawing
    picture = draw(f"{caption}. {sentence}")
    return Takeaway(
        found.experiment, _heading(found.experiment, verdicts[0], language), sentence, picture, caption
    )


def _heading(name: str, verdict: Verdict, language: str) -> str:
    """The heading that is true of an answer; the title of the experiment where there is none."""
    answer = re.split(r"[._]", verdict.phrase.key)[-1]
    try:
        return text(language, f"report.takeaways.{name}.{answer}")
    except KeyError:
        return text(language, f"study.{name}.title")


_Drawing = tuple[str, Callable[[str], Markup]]
"""A caption, and what draws the picture under a label."""


def _word(language: str, key: str, **fields: object) -> str:
    return text(language, f"report.pictures.{key}", **fields)


def _counted(value: float, most: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else f"> {most:.0f}"


def _saturated(found: Findings, language: str) -> _Drawing | None:
    """Accuracy after the start that is sure and wrong."""
    chart = _chart(found, "study.saturated.chart")
    if chart is None:
        return None
    drawn = [
        PictureLine(name, line.x, line.y) for name, line in zip(("NLL", "MSE"), chart.series, strict=False)
    ]
    axes = Axes(_said(language, chart.x), _said(language, chart.y), "x")
    return _word(language, "accuracy"), partial(lines, drawn, axes)


def _batch_sizes(found: Findings, language: str) -> _Drawing | None:
    """Epochs of each batch size."""
    numbers = found.numbers
    sizes = sorted(int(name.split(".")[1]) for name in numbers if name.startswith("updates."))
    rows = [
        Bar(
            _word(language, "all_rows" if size == sizes[-1] else "rows", rows=size),
            numbers[f"epochs.{size}"],
            _counted(numbers[f"epochs.{size}"], numbers["most"]),
            size == sizes[0],
        )
        for size in sizes[:MOST_BARS]
    ]
    return _word(language, "epochs"), partial(bars, rows)


def _features(found: Findings, language: str) -> _Drawing | None:
    """Steps of plain descent on features as they came and made ready."""
    case = "yours" if found.numbers["own"] else "wide"
    rows = [
        Bar(
            text(language, f"study.features.{kind}"),
            found.numbers[key],
            _counted(found.numbers[key], found.numbers["epochs"]),
            kind == "even",
        )
        for kind in ("raw", "even", "white")
        if (key := f"{case}.{kind}.gradient_descent") in found.numbers
    ]
    return _word(language, "steps"), partial(bars, rows)


def _condition(found: Findings, language: str) -> _Drawing | None:
    """The condition number before and after."""
    worst = [name for name in found.numbers if name.startswith("kappa.")][-1].partition(".")[2]
    values = {"raw": found.numbers[f"kappa.{worst}"], "even": found.numbers[f"standardized.{worst}"]}
    rows = [
        Bar(text(language, f"study.condition.{kind}"), value, f"{value:.3g}", kind == "even")
        for kind, value in values.items()
    ]
    return text(language, "study.condition.kappa"), partial(bars, rows)


def _rate_cliff(found: Findings, language: str) -> _Drawing | None:
    """The loss at the end over the rate."""
    chart = _chart(found, "study.rate_cliff.chart")
    if chart is None:
        return None
    drawn = [PictureLine("", line.x, line.y) for line in chart.series]
    limit = (1.0, _word(language, "limit"))
    axes = Axes(text(language, "study.words.rate"), _said(language, chart.y), chart.log, limit)
    return _word(language, "excess"), partial(lines, drawn, axes)


def _race(found: Findings, language: str) -> _Drawing | None:
    """What each method costs; marked are the first and those that cannot be told from it."""
    numbers = found.numbers
    marked = {name for name in RACED_METHODS if not numbers[f"beaten.{name}"]}
    return _word(language, "evaluations_judged"), partial(bars, _costs(numbers, "cost", marked, language))


def _surface_race(found: Findings, language: str) -> _Drawing | None:
    """The same of a made surface."""
    same = found.experiment == "saddle"
    caption = _word(language, "evaluations_same" if same else "evaluations", rate=found.numbers["rate"])
    marked = set(rivals(found.numbers, "steps"))
    return caption, partial(bars, _costs(found.numbers, "steps", marked, language))


def _costs(numbers: Numbers, key: str, marked: Container[str], language: str) -> list[Bar]:
    """The cheapest methods and plain descent, the cheapest first."""
    costs = {name: numbers[f"{key}.{name}"] for name in RACED_METHODS}
    ranked = sorted(costs, key=lambda name: costs[name])
    shown = [name for name in ranked if name != "gradient_descent"][: MOST_BARS - 1]
    return [
        Bar(
            short_name(name).say(language),
            costs[name],
            _counted(costs[name], numbers["most"]),
            name in marked and math.isfinite(costs[name]),
        )
        for name in ranked
        if name in (*shown, "gradient_descent")
    ]


def _outliers(found: Findings, language: str) -> _Drawing | None:
    """The turn of the boundary under each loss."""
    losses = [name.partition(".")[2] for name in found.numbers if name.startswith("turn.")]
    rows = [
        Bar(
            loss.upper(),
            found.numbers[f"turn.{loss}"],
            f"{found.numbers[f'turn.{loss}']:.2g}°",
            loss == "nll",
        )
        for loss in losses
    ]
    return _word(language, "turn"), partial(bars, rows)


def _first_lines(found: Findings, language: str) -> _Drawing | None:
    """The first figure of lines, up to three of them."""
    chart = next((chart for chart in found.charts if chart.kind == "lines" and chart.series), None)
    if chart is None:
        return None
    drawn = [PictureLine(_short(_said(language, line.name)), line.x, line.y) for line in chart.series[:3]]
    axes = Axes(_said(language, chart.x), _said(language, chart.y), chart.log)
    return _said(language, chart.title), partial(lines, drawn, axes)


def _chart(found: Findings, key: str) -> Chart | None:
    return next((chart for chart in found.charts if chart.title.key == key), None)


def _said(language: str, name: str | Phrase) -> str:
    return str(said(language, name))


def _short(name: str) -> str:
    return name if len(name) <= 12 else name[:11] + "…"


_PICTURES: Mapping[str, Callable[[Findings, str], _Drawing | None]] = {
    "saturated": _saturated,
    "batch_sizes": _batch_sizes,
    "features": _features,
    "condition": _condition,
    "rate_cliff": _rate_cliff,
    "race": _race,
    "plateau": _surface_race,
    "saddle": _surface_race,
    "rosenbrock": _surface_race,
    "outliers": _outliers,
}
