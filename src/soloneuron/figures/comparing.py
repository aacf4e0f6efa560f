"""What must hold for runs to be drawn together, in what they differ, and what of them cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.findings import Cell, Sheet
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase

QUANTITY = ("objective", "loss", "reduction", "penalty", "class_weight", "sample_weight")
"""Settings that make the loss another quantity."""


def check_same_rows(runs: Mapping[str, RunRecord]) -> None:
    """Refuse runs that learned from different rows: nothing of them can be compared.

    Raises:
        InputError: no run at all, or two that differ in label, columns or rows; it says in which.
    """
    if not runs:
        raise InputError("runs must be one at least, got none", code="runs.empty")
    (first, one), *others = runs.items()
    for name, other in others:
        reason = _apart(one, other)
        if reason is not None:
            raise InputError(
                f"{first} and {name} cannot be compared, they must have learned from the same rows: {reason}",
                code="runs.apart",
            )


def _apart(one: RunRecord, other: RunRecord) -> str | None:
    """In what the rows of two runs differ."""
    a, b = one.data, other.data
    for what, x, y in (
        ("they predict", a.label_name, b.label_name),
        ("class 1 means", a.classes[1], b.classes[1]),
        ("their columns are", ", ".join(a.feature_names), ", ".join(b.feature_names)),
    ):
        if x != y:
            return f"{what} {x!r} and {y!r}"
    file = one.source.sha256 != "" and one.source == other.source
    if one.source.rows == other.source.rows and torch.equal(a.labels, b.labels):
        scaled = one.recipe.standardize != other.recipe.standardize
        if torch.equal(a.features, b.features) or (scaled and file):
            return None
    sources = [f"{run.source.rows} rows of {run.source.name or run.data.name!r}" for run in (one, other)]
    return f"they have {' and '.join(sources)}" + (", not the same ones" if len(set(sources)) == 1 else "")


def differing(runs: Mapping[str, RunRecord]) -> dict[str, tuple[Any, ...]]:
    """The settings that are not the same in all runs, by name, a value a run; None where a run has none."""
    settings = [_flat(run.recipe) for run in runs.values()]
    names = dict.fromkeys(name for one in settings for name in one)
    values = {name: tuple(one.get(name) for one in settings) for name in names}
    return {name: each for name, each in values.items() if any(value != each[0] for value in each)}


def _flat(recipe: Recipe) -> dict[str, Any]:
    """A recipe by names: ``loss``, ``loss.gamma``, and the optimizer's settings that are not its defaults."""
    flat: dict[str, Any] = {}
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if field.name == "optimizer":
            flat |= {"optimizer": value.name, **_set(value)}
        elif isinstance(value, Part):
            flat |= {field.name: value.name}
            flat |= {f"{field.name}.{name}": inner for name, inner in value.settings.items()}
        else:
            flat[field.name] = value
    return flat


def _set(optimizer: Part) -> dict[str, Any]:
    known = not optimizer.own and optimizer.name in OPTIMIZERS
    defaults = OPTIMIZERS.load(optimizer.name).defaults() if known else {}
    return {
        name: value.name if isinstance(value, Part) else value
        for name, value in optimizer.settings.items()
        if name == "learning_rate" or value != defaults.get(name)
    }


def settings_sheet(runs: Mapping[str, RunRecord]) -> Sheet:
    """A row for each setting that differs, a column a run."""
    rows = [(name, *map(_cell, values)) for name, values in differing(runs).items()]
    return Sheet(Phrase("figures.differ"), (Phrase("figures.setting"), *runs), tuple(rows))


def _cell(value: Any) -> Cell:
    if value is None or (isinstance(value, float | int) and not isinstance(value, bool)):
        return value
    return str(value)


def cautions(runs: Mapping[str, RunRecord]) -> tuple[Phrase, ...]:
    """What of these runs cannot be compared, and why."""
    phrases, differ = [], differing(runs)
    parts = [name for name in QUANTITY if any(key.partition(".")[0] == name for key in differ)]
    if parts:
        phrases.append(Phrase("figures.other_loss", {"names": ", ".join(parts)}))
    if "batch_size" in differ:
        phrases.append(Phrase("figures.other_updates"))
    if "standardize" in differ:
        phrases.append(Phrase("figures.other_columns"))
    return tuple(phrases)


def has_surface(run: RunRecord) -> bool:
    """Whether the probability can be drawn: a neuron over two features, its loss known by name here."""
    recipe = run.recipe
    known = recipe.objective == Recipe().objective and not recipe.loss.own and recipe.loss.name in LOSSES
    return known and run.data.features.shape[1] == 2 and run.history.theta.shape[-1] in (2, 3)
