"""``soloneuron evaluate``."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict

from soloneuron.cli.screen import Screen
from soloneuron.data.files import read_dataset
from soloneuron.errors import InputError
from soloneuron.formulas.metrics import metrics
from soloneuron.storage.models import load_model
from soloneuron.training.results import predict_probabilities


def run(options: Namespace) -> int:
    """Measure a model on a file with labels."""
    model = load_model(options.model)
    label = options.label or model.label_name
    if label in model.feature_names:
        raise InputError(f"the model learns from {label!r}, so it cannot be the label", code="evaluate.label")
    data = read_dataset(options.file, label=label, features=model.feature_names, classes=model.classes)
    measured = metrics(predict_probabilities(model, data.features), data.labels)
    if options.json:
        print(json.dumps({"rows": len(data.labels), "metrics": asdict(measured)}))
        return 0
    screen = Screen(options.lang)
    screen.say(
        f"{data.name}: " + screen.word("rows", rows=len(data.labels), features=len(model.weights)),
        style="bold",
    )
    screen.metrics({screen.word("data"): measured})
    return 0
