"""The files of the page's mathematics that are generated, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from soloneuron.webmath.losses import losses_source, totals_source
from soloneuron.webmath.measured import measured_source
from soloneuron.webmath.numpy_lines import python_source
from soloneuron.webmath.rules import rules_source
from soloneuron.webmath.surfaces import surfaces_source
from soloneuron.webmath.terms import terms_source
from soloneuron.webmath.wolfe import wolfe_source

GENERATED: Mapping[str, Callable[[], str]] = {
    "losses.ts": losses_source,
    "measured.ts": measured_source,
    "python.ts": python_source,
    "rules.ts": rules_source,
    "surfaces.ts": surfaces_source,
    "terms.ts": terms_source,
    "totals.ts": totals_source,
    "wolfe.ts": wolfe_source,
}
"""The files of ``view/source/generated``, and what makes the text of each for ``scripts/generate``."""
