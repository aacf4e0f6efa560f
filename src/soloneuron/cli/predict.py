"""``soloneuron predict``."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from math import isnan
from pathlib import Path

from soloneuron.cli.screen import printable
from soloneuron.data.new_rows import read_features
from soloneuron.errors import InputError
from soloneuron.records.model import ModelRecord
from soloneuron.shapes import Features, Probabilities
from soloneuron.storage.files import check_writable, write_text
from soloneuron.storage.models import read_model
from soloneuron.training.results import predict_probabilities


def run_predict(options: Namespace) -> int:
    """Read model and rows, write a probability and a class a row."""
    if options.output is not None:
        target = check_writable(options.output).resolve()
        if target in (Path(options.model).resolve(), Path(options.file).resolve()):
            raise InputError(
                f"the predictions would be written over {options.output}, which they are made from: choose "
                "another name",
                code="output.same",
            )
    model = read_model(options.model)
    p = probabilities(model, read_features(options.file, model.feature_names, model.columns), options.file)
    zero, one = model.classes
    words = (zero or one, one or zero)  # a model of one class has only this to say
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([model.label_name, "probability"])
    # A row that the model leaves out has no prediction, but keeps its place.
    writer.writerows(
        ["", ""] if isnan(value) else [words[value > 0.5], f"{value:.6g}"] for value in p.tolist()
    )
    if options.output is not None:
        write_text(options.output, table.getvalue())
    elif printable(table.getvalue()):
        sys.stdout.write(table.getvalue())
    else:
        raise InputError(
            f"the terminal ({sys.stdout.encoding}) cannot show the letters of the label: write a file, "
            "-o OUT.csv",
            code="output.letters",
        )
    return 0


def probabilities(model: ModelRecord, X: Features, path: str) -> Probabilities:
    """The probability of class 1 for every row; nan for a row that the model leaves out, all nan itself.

    Raises:
        InputError: a weighted sum left the range of numbers, so that there is none.
    """
    p = predict_probabilities(model, X)
    unknown = p.isnan() & ~(X.isnan().any(-1))
    if unknown.any():
        row = int(unknown.nonzero()[0])
        raise InputError(
            f"the weighted sum of row {row} of {path} left the range of float64: the model's weights or the "
            "row's numbers are too large",
            code="predict.overflow",
            row=row,
        )
    return p
