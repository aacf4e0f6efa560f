"""Run files: a training with its settings, course, outcome and data."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History, Outcome, OutcomeKind
from soloneuron.records.run import RunRecord, Source
from soloneuron.storage.fields import Fields
from soloneuron.storage.files import jsonable, read_json, write_json

FORMAT = "soloneuron run"
VERSION = 1


def write_run(run: RunRecord, path: str | Path) -> None:
    """Write a run file; a non-finite number is kept as null.

    Raises:
        InputError: the path cannot be written.
    """
    write_json(path, {"format": FORMAT, "version": VERSION, **run_as_json(run)})


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """A run as plain JSON values, also inside another file."""
    history, data = run.history, run.data
    record: dict[str, Any] = {
        "settings": run.settings,
        "versions": run.versions,
        "outcomes": [asdict(outcome) for outcome in history.outcomes],
        "history": {
            "epochs": list(history.epochs),
            "dtype": str(history.theta.dtype).removeprefix("torch."),
            "theta": history.theta.tolist(),
            "loss": history.loss.tolist(),
            "gradient_norm": history.gradient_norm.tolist(),
            "accuracy": history.accuracy.tolist(),
            "seeds": list(history.seeds),
        },
        "source": asdict(run.source),
        "data": {
            "name": data.name,
            "feature_names": list(data.feature_names),
            "label_name": data.label_name,
            "classes": list(data.classes),
            "features": data.features.tolist(),
            "labels": data.labels.tolist(),
        },
    }
    return {name: jsonable(value) for name, value in record.items()}


def read_run(path: str | Path) -> RunRecord:
    """Read a run file; everything in it is checked.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a run file, or a field does not hold what it must; the field is named.
    """
    return run_from_json(
        read_json(path, format=FORMAT, version=VERSION, source="soloneuron train --save-run"), str(path)
    )


def run_from_json(record: Any, path: str) -> RunRecord:
    """A run out of JSON values.

    Args:
        record: what ``run_as_json`` made.
        path: the file, or the place in it, for the message.

    Raises:
        RecordError: as ``read_run``.
    """
    fields = Fields(record, path)
    past, data, source = (_object(fields, name) for name in ("history", "data", "source"))
    outcomes = fields.raw("outcomes")
    if not isinstance(outcomes, list) or not outcomes:
        raise RecordError(f"outcomes in {path} must be a list of objects", code="record.outcomes")
    dtype = {"float32": torch.float32, "float64": torch.float64}.get(past.word("dtype"))
    if dtype is None:
        raise RecordError(f"dtype in {path} must be float32 or float64", code="record.dtype")
    tensors = {
        name: _tensor(past.raw(name), name, dtype, path)
        for name in ("theta", "loss", "gradient_norm", "accuracy")
    }
    epochs = tuple(int(epoch) for epoch in past.numbers("epochs"))
    if any(len(tensors[name]) != len(epochs) for name in ("theta", "gradient_norm", "accuracy")):
        raise RecordError(f"history in {path} must hold one record an epoch recorded", code="record.history")
    if tensors["loss"].shape[1:] != tensors["theta"].shape[1:-1]:
        raise RecordError(f"loss in {path} must have the run axes of theta", code="record.loss")
    history = History(
        epochs=epochs,
        **tensors,
        outcomes=tuple(_outcome(Fields(outcome, f"outcomes in {path}")) for outcome in outcomes),
        seeds=tuple(int(seed) for seed in past.numbers("seeds")),
    )
    return RunRecord(
        settings=fields.mapping("settings"),
        versions=fields.mapping("versions"),
        history=history,
        data=_dataset(data, path),
        source=Source(source.word("name"), source.word("sha256"), int(source.number("rows"))),
    )


def _object(fields: Fields, name: str) -> Fields:
    inner = fields.inner(name)
    if inner is None:
        raise RecordError(f"a run file must have the field {name!r}", code="record.missing", name=name)
    return inner


def _outcome(fields: Fields) -> Outcome:
    kind = fields.word("kind")
    if kind not in get_args(OutcomeKind):
        raise RecordError(f"unknown outcome {kind!r}", code="record.outcome")
    separable = fields.raw("separable") is True
    return Outcome(
        kind,  # type: ignore[arg-type]
        int(fields.number("epoch")),
        fields.word("reason"),
        fields.mapping("fields"),
        separable,
    )


def _dataset(fields: Fields, path: str) -> Dataset:
    names = fields.words("feature_names")
    zero, one = fields.words("classes", size=2)
    features = _tensor(fields.raw("features"), "features", torch.float64, path)
    labels = _tensor(fields.raw("labels"), "labels", torch.float64, path)
    if features.shape != (len(labels), len(names)):
        raise RecordError(
            f"features in {path} must be {len(labels)} rows of {len(names)} numbers, got shape "
            f"{tuple(features.shape)}",
            code="record.features",
        )
    return Dataset(
        features=features,
        labels=labels,
        feature_names=names,
        label_name=fields.word("label_name"),
        classes=(zero, one),
        name=fields.word("name"),
    )


def _tensor(values: Any, name: str, dtype: torch.dtype, path: str) -> Tensor:
    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return math.nan if value is None else value

    try:
        tensor = torch.tensor(walk(values), dtype=dtype)
    except (TypeError, ValueError, RuntimeError, OverflowError, RecursionError):
        tensor = None
    if tensor is None or not tensor.dim():
        raise RecordError(f"{name} in {path} must be numbers in rows", code="record.tensor")
    return tensor
