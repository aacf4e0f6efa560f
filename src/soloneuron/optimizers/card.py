"""An optimizer's card: the same entry for the terminal, the page, the docs and the report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.texts import text


@dataclass(frozen=True)
class Card:
    """What there is to say of a method.

    Attributes:
        name: in the catalogue.
        title: its full name.
        rows: (label, text) of every part, in order: idea, formula, source, what it needs, when it helps, when
            it hurts, what was measured, and the defaults of its settings.
    """

    name: str
    title: str
    rows: tuple[tuple[str, str], ...]


def card(name: str, language: str = "en") -> Card:
    """The card of a method, from its paragraphs, its class and what was measured of it.

    Args:
        name: a name of the catalogue.
        language: "en" or "ru".

    Returns:
        A Card.

    Raises:
        UnknownNameError: no such method.

    Example:
        >>> card("adam").rows[-1]
        ('Defaults', 'learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08, variant = after')
    """
    method: type[Optimizer] = OPTIMIZERS.load(name)
    parts = {
        **{part: text(language, f"optimizers.{name}.{part}") for part in ("idea", "formula", "source")},
        "needs": text(language, f"cards.needs.{method.needs.replace(' ', '_')}"),
        **{part: text(language, f"optimizers.{name}.{part}") for part in ("helps", "hurts")},
        "measured": measured(name, language),
        "settings": ", ".join(
            f"{key} = {default_text(value)}" for key, value in own_defaults(method).items()
        ),
    }
    rows = tuple((text(language, f"cards.labels.{part}"), said) for part, said in parts.items() if said)
    return Card(name, text(language, f"optimizers.{name}.title"), rows)


def own_defaults(method: type[Optimizer]) -> dict[str, Any]:
    """The settings of a method that are its own, or whose default is; those of every rule are left out."""
    every = Optimizer.defaults()
    return {
        name: value
        for name, value in method.defaults().items()
        if name == "learning_rate" or name not in every or every[name] != value
    }


def default_text(default: Any) -> str:
    """A default as it is written."""
    return f"{default:g}" if isinstance(default, float) else str(default)


def measured(name: str, language: str = "en") -> str:
    """Where a method stands best and where worst among all, with its numbers; "" if nobody measured it.

    It has a place only where it arrives; where it does not, that is said.
    """
    most, costs = _costs()
    if name not in costs:
        return ""
    mine = {task: cost for task, cost in costs[name].items() if cost is not None}
    arrivals = {
        task: sorted(cost.evaluations for row in costs.values() if (cost := row[task]) is not None)
        for task in mine
    }
    places = {task: 1 + arrivals[task].index(cost.evaluations) for task, cost in mine.items()}
    surfaces = {task: text(language, f"cards.surfaces.{task}") for task in costs[name]}
    title = text(language, f"optimizers.{name}.title")
    parts = []
    if len(set(places.values())) == 1:
        where = ", ".join(surfaces[task] for task in places)
        parts = [text(language, "cards.even", place=min(places.values()), surfaces=where)]
    elif places:
        ends = {"best": min(places, key=places.__getitem__), "worst": max(places, key=places.__getitem__)}
        parts = [
            text(
                language,
                f"cards.{end}",
                surface=surfaces[task],
                place=places[task],
                mine=mine[task].evaluations,
                rate=mine[task].rate,
                first=arrivals[task][0],
            )
            for end, task in ends.items()
        ]
    if never := ", ".join(surfaces[task] for task in surfaces if task not in places):
        parts[:1] = [text(language, "cards.elsewhere", place=part) for part in parts[:1]]
        parts.insert(0, text(language, "cards.never", most=most, surfaces=never))
    return text(language, "cards.measured", count=len(costs), name=title, places="; ".join(parts))


class MeasuredCost(NamedTuple):
    """Gradient evaluations to a target, and the rate at which they were counted."""

    evaluations: float
    rate: float


@cache
def _costs() -> tuple[int, dict[str, dict[str, MeasuredCost | None]]]:
    """What ``benchmarks/cards.py`` measured: the most updates, and the cost by method and surface."""
    found = json.loads((resources.files(__package__) / "measured.json").read_text(encoding="utf-8"))
    costs = {
        name: {task: None if cost is None else MeasuredCost(*cost) for task, cost in row.items()}
        for name, row in found["costs"].items()
    }
    return found["most"], costs
