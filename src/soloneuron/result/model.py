"""A trained neuron that predicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soloneuron.data.arrays import as_features
from soloneuron.data.files.sources import FileNames
from soloneuron.data.new_rows import read_features
from soloneuron.errors import ShapeError
from soloneuron.records.model import ModelRecord
from soloneuron.result.view import View, sentence, shown_weights
from soloneuron.shapes import Features, Probabilities
from soloneuron.storage.models import read_model, write_model
from soloneuron.texts import text
from soloneuron.texts.language import language
from soloneuron.texts.numbers import shown_number
from soloneuron.training.results import predict_probabilities


class Model:
    """One neuron, ready to predict: what ``load_model`` returns and ``save_model`` takes.

    Args:
        record: what a model file holds.

    Example:
        >>> model = Model(ModelRecord((2.0,), -1.0, ("x1",), "y", ("no", "yes")))
        >>> model.predict([[0.0], [1.0]]), round(model.predict_proba([[1.0]])[0, 1].item(), 4)
        (['no', 'yes'], 0.7311)
    """

    def __init__(self, record: ModelRecord) -> None:
        self.record = record

    @property
    def weights(self) -> Tensor:
        """The weights (d,) in float64, for standardized features where the model has a scaling."""
        return torch.tensor(self.record.weights, dtype=torch.float64)

    @property
    def bias(self) -> float:
        """The bias; 0.0 for a neuron without one."""
        return self.record.bias

    def read(self, path: FileNames) -> Features:
        """Rows of a file as the features that the model learned from, (n, d), to be predicted.

        Columns become features as in the training: words by the same categories, missing cells by the same
        fills. Where rows with a missing cell were left out, such a row is all nan.

        Args:
            path: as in ``read_dataset``; other columns do not matter.

        Raises:
            InputError: a file or a column that the model knows nothing to do with.

        Warns:
            InputWarning: cells that are filled, words that no category stands for.
        """
        return read_features(path, self.record.feature_names, self.record.columns)

    def predict_proba(self, features: Any) -> Probabilities:
        """Probabilities of both classes, (n, 2), for raw rows (n, d).

        Args:
            features: n rows of d finite numbers, the columns in the order of ``record.feature_names``.

        Raises:
            InputError: something that is no number.
            ShapeError: another number of columns.
        """
        X = as_features(features, torch.float64, names=self.record.feature_names)
        wanted = len(self.record.weights)
        if X.shape[1] != wanted:
            raise ShapeError(
                f"features must have {wanted} columns ({', '.join(self.record.feature_names)}), got "
                f"{X.shape[1]}",
                code="features.columns",
            )
        p = predict_probabilities(self.record, X)
        return torch.stack([1 - p, p], -1)

    def predict(self, features: Any) -> list[Any]:
        """The more probable class of each raw row: 0 or 1, -1 or 1, or the words of the labels."""
        zero, one = self.record.classes
        signed = {("0", "1"): (0, 1), ("-1", "1"): (-1, 1)}
        words: tuple[Any, Any] = signed.get((zero, one), (zero or one, one or zero))
        return [words[p > 0.5] for p in self.predict_proba(features)[:, 1].tolist()]

    def save(self, path: str | Path) -> None:
        """Write a model file; see ``save_model``."""
        write_model(self.record, path)

    def summary(self) -> str:
        """What it predicts and from what, in the reader's language, as lines for ``print``."""
        return _view(self.record, language()).text()

    def _repr_html_(self) -> str:
        return _view(self.record, language()).html()

    def __repr__(self) -> str:
        names, count = self.record.feature_names, len(self.record.feature_names)
        shown = ", ".join(names[:3]) + (f", ... {count} in all" if count > 3 else "")
        return f"Model({self.record.label_name}{f' from {shown}' if count else ''})"


def _view(model: ModelRecord, words: str) -> View:
    zero, one = model.classes
    said = text(words, "views.predicts", label=model.label_name, zero=zero, one=one)
    rows = [
        (text(words, "views.weights"), shown_weights(model.feature_names, model.weights, words)),
        (text(words, "views.bias"), shown_number(model.bias)),
    ]
    if model.rows:
        shape = text(words, "views.rows", rows=model.rows, columns=len(model.weights))
        rows.insert(0, (text(words, "views.data"), shape))
    return View(words, sentence(said), tuple(rows))


def save_model(model: Model, path: str | Path) -> None:
    """Write a model file, a JSON that people can read.

    Args:
        model: from ``load_model`` or ``Run.model``.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written.
    """
    model.save(path)


def load_model(path: str | Path) -> Model:
    """Read a model file; everything in it is checked.

    Args:
        path: a file written by ``save_model`` or ``soloneuron train -o``.

    Returns:
        The Model, ready to predict.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a model file, or a field does not hold what it must; the field is named.
    """
    return Model(read_model(path))
