"""``soloneuron data``."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace

from soloneuron.cli.screen import Screen
from soloneuron.data.catalogue import DATASETS, make_dataset
from soloneuron.storage.files import check_writable, write_text
from soloneuron.texts import text


def run_data(options: Namespace) -> int:
    """List the data sets, or write one."""
    if options.name is None:
        screen, width = Screen(options.lang), max(map(len, DATASETS))
        for name in DATASETS:
            screen.say(f"{name:{width}}  {text(options.lang, f'data.{name}.idea')}", whole=True)
        return 0
    if options.output is not None:
        check_writable(options.output)
    data = make_dataset(options.name, seed=options.seed)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*data.feature_names, data.label_name])
    labels = [data.classes[int(label)] for label in data.labels.tolist()]
    writer.writerows([*row, label] for row, label in zip(data.features.tolist(), labels, strict=True))
    if options.output is None:
        sys.stdout.write(out.getvalue())
    else:
        write_text(options.output, out.getvalue())
    return 0
