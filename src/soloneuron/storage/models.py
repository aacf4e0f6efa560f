"""Model files: a trained neuron as a JSON that people can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soloneuron.errors import RecordError
from soloneuron.records.model import ModelRecord, Scaling
from soloneuron.storage.fields import Fields
from soloneuron.storage.files import read_json, write_json

FORMAT = "soloneuron model"
VERSION = 1


def write_model(model: ModelRecord, path: str | Path) -> None:
    """Write a model file.

    Args:
        model: what to keep.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written.
    """
    scaling = model.scaling
    record: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "label_name": model.label_name,
        "classes": list(model.classes),
        "bias": model.bias,
        "weights": list(model.weights),
        "feature_names": list(model.feature_names),
        "scaling": None if scaling is None else {"mean": list(scaling.mean), "scale": list(scaling.scale)},
        "training": model.training,
    }
    write_json(path, record)


def read_model(path: str | Path) -> ModelRecord:
    """Read a model file; everything in it is checked.

    Args:
        path: a file written by ``write_model`` or ``soloneuron train -o``.

    Returns:
        The model.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a model file, or a field does not hold what it must; the field is named.
    """
    fields = Fields(read_json(path, format=FORMAT, version=VERSION, source="soloneuron train -o"), str(path))
    weights = fields.numbers("weights")
    d = len(weights)
    scaling = fields.inner("scaling")
    kept = None if scaling is None else _scaling(scaling, d, path)
    zero, one = fields.words("classes", size=2)
    names, label = fields.words("feature_names", size=d), fields.word("label_name")
    if label in names:
        raise RecordError(
            f"label_name in {path} must not be one of the features, got {label!r}", code="record.label"
        )
    return ModelRecord(
        weights=weights,
        bias=fields.number("bias"),
        feature_names=names,
        label_name=label,
        classes=(zero, one),
        scaling=kept,
        training=fields.mapping("training"),
    )


def _scaling(fields: Fields, d: int, path: str | Path) -> Scaling:
    scale = fields.numbers("scale", size=d)
    if min(scale, default=1.0) <= 0:
        raise RecordError(f"scale in {path} must be > 0, got {min(scale):g}", code="record.scale")
    return Scaling(fields.numbers("mean", size=d), scale)
