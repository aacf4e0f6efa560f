"""The losses that the page can draw: it computes its heights itself, so each needs a formula there."""

from __future__ import annotations

from soloneuron.formulas.catalogue import LOSSES
from soloneuron.webmath.losses import translated_losses

DRAWN_LOSSES = frozenset(translated_losses())
"""Those of the catalogue whose formulas are translated for the page. Somebody's own loss has none there."""


def page_losses() -> tuple[str, ...]:
    """The losses of the catalogue that the page can draw, in the catalogue's order.

    Example:
        >>> page_losses()[:2]
        ('nll', 'mse')
    """
    return tuple(name for name in LOSSES if name in DRAWN_LOSSES)
