"""The names of the experiments, in the order of the report."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

_ROOM = "soloneuron.experiments"

EXPERIMENTS = Catalogue(
    "experiment",
    {
        "assignment": f"{_ROOM}.assignment:AssignmentRuns",
    },
)
