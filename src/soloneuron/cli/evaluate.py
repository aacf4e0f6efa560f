"""``soloneuron evaluate``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import cast

from soloneuron.cli.predict import probabilities
from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.streaming import check_stream
from soloneuron.cli.streaming_rows import evaluate_tiles, labeled_tiles
from soloneuron.data.columns.faults import columns_shown, word_shown
from soloneuron.data.files.sources import table_name
from soloneuron.data.new_rows import read_labelled
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.formulas.metrics import metrics
from soloneuron.records.model import ModelRecord
from soloneuron.storage.models import read_model
from soloneuron.texts import text


def run_evaluate(options: Namespace) -> int:
    """Measure a model on a file with labels."""
    model = read_model(options.model)
    check_stream(options)
    with _label_found(options, model):
        if options.stream:
            data = labeled_tiles(options, model)
        else:
            data = read_labelled(options.file, model, label=options.label)
    source = table_name(options.file)
    if options.stream:
        measured = evaluate_tiles(model, data, source)
    else:
        measured = metrics(probabilities(model, data.features, source), data.labels)
    if options.json:
        print_json({"rows": len(data.labels), "metrics": asdict(measured)})
        return 0
    screen = Screen(options.lang)
    screen.say(
        f"{data.name}: " + screen.word("rows", rows=len(data.labels), features=len(model.weights)),
        style="bold",
    )
    screen.metrics({screen.word("data"): measured})
    return 0


@contextmanager
def _label_found(options: Namespace, model: ModelRecord) -> Iterator[None]:
    """Where the model's label is none of the columns, tell of the option that names another."""
    try:
        yield
    except UnknownNameError as fault:
        if options.label is not None or fault.fields.get("name") != model.label_name:
            raise
        present = cast(Sequence[str], fault.fields["choices"])
        free = [name for name in present if name not in model.feature_names]
        fields = {
            "source": table_name(options.file),
            "label": word_shown(model.label_name),
            "columns": columns_shown(free or present),
        }
        raise InputError(text("en", "faults.label.lost", **fields), code="label.lost", **fields) from None
