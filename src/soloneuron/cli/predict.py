"""``soloneuron predict``."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from pathlib import Path

from soloneuron.cli.screen import printable
from soloneuron.cli.streaming import check_stream
from soloneuron.cli.streaming_rows import predict_tiles, probabilities_below
from soloneuron.data.files import read_features
from soloneuron.errors import InputError
from soloneuron.records.model import ModelRecord
from soloneuron.shapes import Features, Probabilities
from soloneuron.storage.files import check_writable, write_text
from soloneuron.storage.models import read_model


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
    check_stream(options)
    if options.stream:
        predict_tiles(options, model)
        return 0
    p = probabilities(model, read_features(options.file, model.feature_names), options.file)
    zero, one = model.classes
    words = (zero or one, one or zero)  # a model of one class has only this to say
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([model.label_name, "probability"])
    writer.writerows([words[value > 0.5], f"{value:.6g}"] for value in p.tolist())
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
    """The probability of class 1 for every row.

    Raises:
        InputError: a weighted sum left the range of numbers, so that there is none.
    """
    return probabilities_below(model, X, path)
