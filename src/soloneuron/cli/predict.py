"""``soloneuron predict``."""

from __future__ import annotations

from argparse import Namespace
from math import isnan

from soloneuron.cli.kinds import table_file
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.cli.streaming import check_stream
from soloneuron.cli.streaming_rows import overflowed, predict_tiles
from soloneuron.cli.tables import print_table, table_text
from soloneuron.data.files.sources import files_of, table_name
from soloneuron.data.new_rows import read_features
from soloneuron.records.model import ModelRecord
from soloneuron.shapes import Features, Probabilities
from soloneuron.storage.files import write_text
from soloneuron.storage.models import read_model
from soloneuron.training.results import predict_probabilities


def run_predict(options: Namespace) -> int:
    """Read model and rows, write a probability and a class a row."""
    read = [("the model", options.model), *(("the rows", name) for name in files_of(options.file))]
    model = read_model(options.model)
    head = (model.label_name, "probability")
    check_stream(options)
    check_outputs(
        read=read,
        written=[Written("the table of predictions", options.output, table_file(head))],
        force=options.force,
    )
    if options.stream:
        predict_tiles(options, model)
        return 0
    X = read_features(options.file, model.feature_names, model.columns)
    p = probabilities(model, X, table_name(options.file))
    zero, one = model.classes
    words = (zero or one, one or zero)  # a model of one class has only this to say
    # A row that the model leaves out has no prediction, but keeps its place.
    rows = (("", "") if isnan(value) else (words[value > 0.5], f"{value:.6g}") for value in p.tolist())
    table = table_text([head, *rows])
    if options.output is None:
        print_table(table)
    write_all(Output(options.output, "predictions.csv", lambda place: write_text(place, table)))
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
        raise overflowed(row, path)
    return p
