"""Whether the columns are standardized: as was asked, or as they need."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.screen import Screen
from soloneuron.data.preparation import differing_sizes, measure_scaling
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling

MOST_RATIO = 100
"""Columns of a file whose sizes differ by more are standardized, unless something else was asked for."""


def scaling_asked(options: Namespace, data: Dataset, screen: Screen) -> Scaling | None:
    """How the columns are to be standardized, None for not at all; where nobody asked for it, it is told."""
    wanted = options.standardize
    if wanted is None and options.file is not None:
        ratio, large, small = differing_sizes(data.features)
        wanted = ratio > MOST_RATIO
        if wanted:
            names = {"large": data.feature_names[large], "small": data.feature_names[small]}
            screen.say(screen.word("standardized", ratio=f"{ratio:.3g}", **names))
    return measure_scaling(data) if wanted else None
