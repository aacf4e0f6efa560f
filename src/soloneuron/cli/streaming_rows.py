"""Evaluating and predicting rows that stand in tiles: one tile after another, and nothing as long as all."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from math import isnan
from typing import Any

from soloneuron.data.files.sources import table_name
from soloneuron.data.tiles.stream import rows_of_files
from soloneuron.errors import InputError
from soloneuron.formulas.metrics import Metrics
from soloneuron.formulas.streamed_metrics import StreamedMetrics
from soloneuron.formulas.tiled import TiledRows, tiled
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import ModelRecord
from soloneuron.shapes import Features, Probabilities
from soloneuron.storage.files import write_bytes
from soloneuron.training.results import predict_probabilities


def labeled_tiles(options: Namespace, model: ModelRecord) -> Dataset:
    """The rows of ``evaluate --stream``: those of a training on them, where its columns are the same."""
    given = _columns(options, model) | {"label": options.label or model.label_name}
    if not model.rest and not model.columns:
        with suppress(InputError):
            data = rows_of_files(options.file, **given)
            if data.classes == model.classes:
                return data
    return rows_of_files(options.file, classes=(*model.classes, *model.rest), **given)


def _columns(options: Namespace, model: ModelRecord) -> dict[str, Any]:
    """The columns of a model, as settings of ``rows_of_files``."""
    features = [column.name for column in model.columns] or model.feature_names
    return {
        "features": features,
        "encodings": model.columns,
        "memory": options.memory,
        "cache": options.cache,
    }


def evaluate_tiles(model: ModelRecord, data: Dataset, path: str) -> Metrics:
    """The metrics of a model on rows in tiles."""
    streamed = streamed_metrics(data)
    for span, X in tiled_features(data).parts():
        streamed.add(probabilities_below(model, X, path, first=span.start), data.labels[span])
    return streamed.metrics()


def streamed_metrics(data: Dataset) -> StreamedMetrics:
    """Metrics that wait for the rows of a data set in tiles."""
    rows = tiled_features(data)
    ones = sum(int(part.sum()) for part in data.labels.split(rows.height))
    return StreamedMetrics((len(rows) - ones, ones), rows.space)


def predict_tiles(options: Namespace, model: ModelRecord) -> None:
    """Write a probability and a class a row, as they are worked out."""
    data = rows_of_files(options.file, label=None, **_columns(options, model))
    lines = _lines(model, tiled_features(data), table_name(options.file))
    if options.output is not None:
        write_bytes(options.output, (line.encode() for line in lines))
        return
    for line in lines:
        sys.stdout.write(line)


def tiled_features(data: Dataset) -> TiledRows:
    """The features of rows in tiles."""
    found = tiled(data.features)
    assert found is not None, "these rows stand in tiles"
    return found


def probabilities_below(model: ModelRecord, X: Features, path: str, *, first: int = 0) -> Probabilities:
    """The probability of class 1 for every row, the first of which is so far down the file.

    Raises:
        InputError: a weighted sum left the range of numbers, so that there is none.
    """
    p = predict_probabilities(model, X)
    # A row that the model leaves out is all nan itself.
    unknown = p.isnan() & ~X.isnan().any(-1) if model.columns else p.isnan()
    if unknown.any():
        raise overflowed(first + int(unknown.nonzero()[0]), path)
    return p


def overflowed(row: int, path: str) -> InputError:
    """The sentence about a row whose weighted sum is no number."""
    return InputError(
        f"the weighted sum of row {row} of {path} left the range of float64: the model's weights or the "
        "row's numbers are too large",
        code="predict.overflow",
        row=row,
    )


def _lines(model: ModelRecord, rows: TiledRows, path: str) -> Iterator[str]:
    """The table of predictions, a tile of it at a time."""
    zero, one = model.classes
    words = (zero or one, one or zero)  # a model of one class has only this to say
    yield _table([[model.label_name, "probability"]])
    for span, X in rows.parts():
        p = probabilities_below(model, X, path, first=span.start)
        yield _table(
            [["", ""] if isnan(value) else [words[value > 0.5], f"{value:.6g}"] for value in p.tolist()]
        )


def _table(rows: list[list[str]]) -> str:
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows(rows)
    return table.getvalue()
