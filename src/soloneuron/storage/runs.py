"""Run files: a training with its recipe, course, outcome and data."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.sparse import is_sparse
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.run import RunRecord
from soloneuron.storage.codec import (
    RACE,
    RUN,
    as_json,
    file_body,
    file_content,
    read_file,
    says_format,
    write_file,
)
from soloneuron.storage.format1 import run_of_format_1
from soloneuron.storage.location import Location
from soloneuron.storage.models import check_names
from soloneuron.storage.recipes import recipe_from_json


def write_run(run: RunRecord, path: str | Path) -> None:
    """Write a run file.

    Raises:
        InputError: the path cannot be written, the file would be too large, or the rows are sparse.
    """
    if is_sparse(run.data.features):
        raise InputError(
            "a run file must have dense rows, got sparse ones, whose zeros would fill it: save the model, "
            "run.model().save(path)",
            code="run.sparse",
        )
    write_file(path, RUN, as_json(run))


def read_run(path: str | Path) -> RunRecord:
    """Read a run file; everything in it is checked, and that it is what was written.

    Returns:
        The run. From a file of format 1 it has nan for values, and defaults for what no settings told.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a run file, it was damaged, or a location does not hold what it must; it is
        named.
    """
    version, body = read_file(path, RUN)
    return run_from_json(body, Location(str(path)), version=version)


def read_runs_of(path: str | Path, name: str) -> dict[str, RunRecord]:
    """The runs of a file by their names: one with that name, or all of a race that the page kept.

    Raises:
        InputError: the file cannot be read.
        RecordError: as ``read_run``, or a race without runs.
    """
    location, content = Location(str(path)), file_content(path)
    race = says_format(content, RACE)
    version, body = file_body(content, str(path), RACE if race else RUN)
    if not race:
        return {name: run_from_json(body, location, version=version)}
    runs = body.get("runs")
    location["runs"].must(isinstance(runs, dict) and len(runs) > 0, "hold one run at least")
    assert isinstance(runs, dict)
    return {one: run_from_json(run, location["runs"][one], version=version) for one, run in runs.items()}


def run_from_json(value: Any, location: Location, *, version: int) -> RunRecord:
    """A run out of plain values.

    Args:
        value: what ``as_json`` makes of a run.
        location: where it stands.
        version: of the file.

    Raises:
        RecordError: as ``read_run``.
    """
    plain = run_of_format_1(value, location) if version == 1 else value
    run = location.read(RunRecord, plain)
    recipe = recipe_from_json(plain["recipe"], location["recipe"])
    _check_data(run.data, location["data"])
    _check_history(run.history, location["history"])
    size, (rows, columns) = run.history.theta.shape[-1], run.data.features.shape
    if version == 1:
        run = replace(run, recipe=_with_known_bias(recipe, bias=size - columns))
    else:
        wanted = f"be {columns} weights{' and a bias' * recipe.bias}, as data and recipe.bias say"
        fits = recipe.objective.own or size == columns + recipe.bias
        location["history"]["theta"][0].must(fits, wanted, f"{size} numbers")
    location["source"]["rows"].must(
        run.source.rows >= rows, f"be >= {rows}, the rows of data", run.source.rows
    )
    return run


def _with_known_bias(recipe: Recipe, *, bias: int) -> Recipe:
    """Format 1 need not say whether there is a bias, or that an objective is no neuron; the thetas tell."""
    return replace(
        recipe, bias=bias == 1, objective=Part("neuron") if bias in (0, 1) else Part("own", own=True)
    )


def _check_history(past: History, location: Location) -> None:
    epochs, counts, outcomes, seeds = past.epochs, past.evaluations, past.outcomes, past.seeds
    location["epochs"].must(len(epochs) > 0, "hold one epoch at least")
    location["epochs"][0].must(epochs[0] >= 0, "be >= 0", epochs[0])
    for i, (one, other) in enumerate(pairwise(epochs)):
        location["epochs"][i + 1].must(other > one, f"be > {one}, for epochs increase", other)
    location["theta"].must(past.theta.dim() > 1, "be lists of numbers, one for each epoch")
    runs, losses = past.theta.shape[1:-1], len(past.loss)
    # Of updates only some are recorded, so the last record may lie a stride behind the last loss.
    done, stride = epochs[-1] - epochs[0], max((b - a for a, b in pairwise(epochs)), default=1)
    fits = done <= losses <= done + stride
    location["loss"].must(fits, f"hold the loss of each of {done} {past.unit}s, as epochs say", losses)
    shapes = {"theta": (len(epochs), *past.theta.shape[1:]), "loss": (losses, *(runs if losses else ()))}
    for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
        shape, found = shapes.get(name, (len(epochs), *runs)), tuple(getattr(past, name).shape)
        wanted = f"hold {' x '.join(map(str, shape))} numbers, as epochs and theta say"
        location[name].must(found == shape, wanted, " x ".join(map(str, found)))
    # Of many runs those that leave the range of numbers go on; a single one ends at its last finite theta.
    if not runs:
        _check_all(past.theta, past.theta.isfinite(), "be a finite number", location["theta"])
    _check_all(
        past.accuracy, ~((past.accuracy < 0) | (past.accuracy > 1)), "lie in [0, 1]", location["accuracy"]
    )
    for name, many, fits in (
        ("outcomes", outcomes, len(outcomes) == prod(runs)),
        ("seeds", seeds, not seeds or prod(runs) % len(seeds) == 0),
    ):
        location[name].must(fits, f"hold one for each of {prod(runs)} runs", len(many))
    for i, outcome in enumerate(outcomes):
        location["outcomes"][i]["epoch"].must(outcome.epoch >= 0, "be >= 0", outcome.epoch)
    fits = not counts or (len(counts) == len(epochs) and list(counts) == sorted(counts) and counts[0] >= 0)
    location["evaluations"].must(fits, f"be {len(epochs)} counts that do not decrease, or none")


def _check_data(data: Dataset, location: Location) -> None:
    check_names(data.feature_names, data.classes, location)
    shape, found = (len(data.labels), len(data.feature_names)), tuple(data.features.shape)
    wanted = f"be {shape[0]} rows of {shape[1]} numbers, as labels and feature_names say"
    location["features"].must(found == shape, wanted, " x ".join(map(str, found)))
    location["labels"].must(data.labels.dim() == 1, "be a list of numbers")
    _check_all(data.features, data.features.isfinite(), "be a finite number", location["features"])
    _check_all(data.labels, (data.labels >= 0) & (data.labels <= 1), "lie in [0, 1]", location["labels"])


def _check_all(values: Tensor, good: Tensor, must: str, location: Location) -> None:
    """Refuse the first value that is not good, with its location."""
    for index in (~good).nonzero().tolist()[:1]:
        for step in index:
            location = location[step]
        raise location.fault(must, values[tuple(index)].item())
