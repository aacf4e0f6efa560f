"""``soloneuron evaluate``."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from soloneuron.cli.predict import probabilities
from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.streaming import check_stream
from soloneuron.cli.streaming_rows import evaluate_tiles, labeled_tiles
from soloneuron.data.new_rows import read_labelled
from soloneuron.formulas.metrics import metrics
from soloneuron.storage.models import read_model


def run_evaluate(options: Namespace) -> int:
    """Measure a model on a file with labels."""
    model = read_model(options.model)
    check_stream(options)
    if options.stream:
        data = labeled_tiles(options, model)
        measured = evaluate_tiles(model, data, options.file)
    else:
        data = read_labelled(options.file, model, label=options.label)
        measured = metrics(probabilities(model, data.features, options.file), data.labels)
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
