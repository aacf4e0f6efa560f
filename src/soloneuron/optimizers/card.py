"""An optimizer's card: the same entry for the terminal, the page, the docs and the report."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

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
        "settings": ", ".join(f"{key} = {shown(value)}" for key, value in own_defaults(method).items()),
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


def shown(default: Any) -> str:
    """A default as it is written."""
    return f"{default:g}" if isinstance(default, float) else str(default)


def measured(name: str, language: str = "en") -> str:
    """Where a method stands best and where worst among all, with its numbers; "" if nobody measured it."""
    most, costs = _costs()
    if name not in costs:
        return ""
    surfaces = {surface: sorted(row[surface] for row in costs.values()) for surface in costs[name]}
    places = {surface: 1 + ranked.index(costs[name][surface]) for surface, ranked in surfaces.items()}
    fields: dict[str, object] = {"count": len(costs)}
    for side, choose in (("best", min), ("worst", max)):
        surface = choose(places, key=places.__getitem__)
        mine, first = costs[name][surface], surfaces[surface][0]
        fields |= {side: text(language, f"cards.surfaces.{surface}"), f"{side}_place": places[surface]}
        fields |= {f"{side}_mine": _said(mine, most, language), f"{side}_first": _said(first, most, language)}
    return text(language, "cards.measured", **fields)


def _said(cost: float, most: int, language: str) -> str:
    return text(language, "cards.never", most=most) if math.isinf(cost) else f"{cost:.0f}"


@cache
def _costs() -> tuple[int, dict[str, dict[str, float]]]:
    """What ``benchmarks/cards.py`` measured: the most updates, and the cost by method and surface."""
    found = json.loads((resources.files(__package__) / "measured.json").read_text(encoding="utf-8"))
    costs = {
        name: {task: math.inf if cost is None else cost for task, cost in row.items()}
        for name, row in found["costs"].items()
    }
    return found["most"], costs
