"""What can be chosen in the page, from the catalogues."""

from __future__ import annotations

from typing import Any

from soloneuron.data.catalogue import PLANAR
from soloneuron.formulas.terms import TERMS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import BATCH_CHOICES, MOST_STEPS, OWN, default_rate
from soloneuron.playing.lessons import LESSONS
from soloneuron.view.losses import page_losses


def menus() -> dict[str, Any]:
    """All choices by name: terms with their titles, optimizers with the rates to begin with."""
    return {
        "data": [*PLANAR, OWN],
        "terms": {name: term.title for name, term in TERMS.items()},
        "loss": list(page_losses()),
        "optimizers": {name: default_rate(name) for name in OPTIMIZERS},
        "batch": [*map(str, BATCH_CHOICES), "all"],
        "lessons": list(LESSONS),
        "most_steps": MOST_STEPS,
    }
