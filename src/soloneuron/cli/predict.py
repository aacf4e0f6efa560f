"""``soloneuron predict``."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from pathlib import Path

from soloneuron.data.files import read_features
from soloneuron.errors import InputError
from soloneuron.storage.files import check_writable, write_text
from soloneuron.storage.models import load_model
from soloneuron.training.results import predict_probabilities


def run(options: Namespace) -> int:
    """Read model and rows, write a probability and a class a row."""
    if options.output is not None:
        target = check_writable(options.output).resolve()
        if target in (Path(options.model).resolve(), Path(options.file).resolve()):
            raise InputError(
                f"the predictions would be written over {options.output}, which they are made from: choose "
                "another name",
                code="output.same",
            )
    model = load_model(options.model)
    p = predict_probabilities(model, read_features(options.file, model.feature_names))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([model.label_name, "probability"])
    writer.writerows([model.classes[value > 0.5], f"{value:.6g}"] for value in p.tolist())
    if options.output is None:
        sys.stdout.write(table.getvalue())
    else:
        write_text(options.output, table.getvalue())
    return 0
