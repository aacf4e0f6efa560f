"""The page in layers: what to take away, the theory, then the evidence by chapter, folded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from soloneuron.element import Element
from soloneuron.element.drawing import draw
from soloneuron.experiments.catalogue import CHAPTERS, EXPERIMENTS
from soloneuron.experiments.tuning import RACERS
from soloneuron.optimizers.card import card
from soloneuron.optimizers.catalogue import NINE, OPTIMIZERS
from soloneuron.records.findings import Findings
from soloneuron.records.study import Study
from soloneuron.report.document import document
from soloneuron.report.facts import facts, repeating_command
from soloneuron.report.takeaways import takeaways
from soloneuron.report.theory import first_step
from soloneuron.texts import text
from soloneuron.view import replay

FIRST_CARDS = ("gradient_descent", *NINE)
"""The methods whose cards come first: plain descent and the assignment's nine."""

RACED = ("features", "race")
"""The experiments whose racers are the first picture: the first that is there."""


class FirstPicture(NamedTuple):
    """A race that plays at the head of the page: whose runs, what it is called, and the page in it."""

    experiment: str
    title: str
    page: str


def make_page(one: Study, language: str = "en") -> str:
    """One self-contained HTML page.

    Args:
        one: what was measured; a chapter without any experiment is left out.
        language: "en" or "ru".

    Returns:
        The text of the page; plotly is inside, nothing is fetched.

    Raises:
        MissingExtraError: plotly or Jinja2 is not installed.
    """
    by_name = {found.experiment: found for found in one.findings}
    chapters = {
        chapter: members
        for chapter, names in CHAPTERS.items()
        if (members := [by_name[name] for name in names if name in by_name])
    }
    return document(
        "study.html.j2",
        language,
        study=one,
        chapters=chapters,
        contents=contents(chapters, language),
        count=sum(len(found.verdicts) for found in one.findings),
        taken=takeaways(one.findings, language),
        race=first_picture(one.findings, language),
        see=partial(_link, by_name, language),
        first=first_step(),
        left_out=_left_out(one),
        command=repeating_command(one, language),
        full_command=repeating_command(one, language, quick=False),
        facts=facts(one, language),
        cards=[card(name, language) for name in dict.fromkeys([*FIRST_CARDS, *OPTIMIZERS])],
        graph=element_graph(),
    )


def contents(chapters: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Where the parts of the page are, and what they are called, in their order."""
    places = [(name, f"report.{name}") for name in ("theory", "element", "algorithms", "proof")]
    places += [(f"chapter-{chapter}", f"study.chapters.{chapter}") for chapter in chapters]
    places += [(name, f"report.{name}") for name in ("method", "setup")]
    return [(place, text(language, key)) for place, key in places]


def _link(known: Container[str], language: str, experiment: str) -> Markup:
    """A link to where something was measured; nothing where it was not."""
    if experiment not in known:
        return Markup()
    title = text(language, f"study.{experiment}.title")
    return Markup(' <a class="see" href="#{}">→ {}</a>').format(experiment, title)


def _left_out(one: Study) -> list[str]:
    """The experiments that a quick report did not ask, though it could have."""
    asked = {found.experiment for found in one.findings} | (one.own.skipped.keys() if one.own else set())
    return [name for name in EXPERIMENTS if one.quick and name not in asked]


def first_picture(findings: Sequence[Findings], language: str) -> FirstPicture | None:
    """A race that plays, if an experiment that made one is among the findings."""
    kept = {found.experiment: found.runs for found in findings}
    for name in RACED:
        runs = {rule: run for rule, run in kept.get(name, {}).items() if rule in RACERS}
        if runs:
            title = text(language, "replay.embedded", runs=len(runs))
            return FirstPicture(name, title, replay(runs, language))
    return None


def element_graph() -> str:
    """Task 2's example with gradients that are not zero, as an SVG graph."""
    a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
    result = (a + b * c).relu()
    result.backward()
    return draw(result).svg
