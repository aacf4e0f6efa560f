"""``soloneuron data``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.kinds import table_file
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.cli.screen import Screen
from soloneuron.cli.tables import print_table, table_text
from soloneuron.data.catalogue import DATASETS, make_dataset
from soloneuron.storage.files import write_text
from soloneuron.texts import text


def run_data(options: Namespace) -> int:
    """List the data sets, or write one."""
    if options.name is None:
        screen, width = Screen(options.lang), max(map(len, DATASETS))
        for name in DATASETS:
            screen.say(f"{name:{width}}  {text(options.lang, f'data.{name}.idea')}", whole=True)
        return 0
    data = make_dataset(options.name, seed=options.seed)
    head = (*data.feature_names, data.label_name)
    check_outputs(written=[Written("the table", options.output, table_file(head))], force=options.force)
    labels = [data.classes[int(label)] for label in data.labels.tolist()]
    rows = ([*row, label] for row, label in zip(data.features.tolist(), labels, strict=True))
    table = table_text([head, *rows])
    if options.output is None:
        print_table(table)
    write_all(Output(options.output, f"{options.name}.csv", lambda place: write_text(place, table)))
    return 0
