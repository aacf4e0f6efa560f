"""The rows of ``soloneuron train``: read, held out, brought to one scale, spread over processes."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import NamedTuple

from soloneuron.cli.columns import columns_given
from soloneuron.cli.in_processes import spread
from soloneuron.cli.reading import ask_for_label, read_rows
from soloneuron.cli.scaling import scaling_asked
from soloneuron.cli.screen import Screen
from soloneuron.cli.train_screen import show_classes
from soloneuron.data.assignment import assignment_data
from soloneuron.data.preparation import hold_out, standardize
from soloneuron.errors import InputError
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling


class TrainRows(NamedTuple):
    """The rows of a training.

    Attributes:
        data: as they are in the file, those held out left out.
        held: those held out, if any.
        scaling: to what scale columns are brought, if any.
        learned: the same rows at that scale, spread over processes where there are several.
    """

    data: Dataset
    held: Dataset | None
    scaling: Scaling | None
    learned: Dataset


def rows_in_memory(options: Namespace, screen: Screen, group: ProcessGroup | None) -> TrainRows:
    """The rows to learn from, in memory; of several processes each reads all and keeps its own."""
    data, held = _rows(options, screen)
    scaling = scaling_asked(options, data, screen)
    data = spread(data, group, options)
    return TrainRows(data, held, scaling, replace(data, features=standardize(data.features, scaling)))


def _rows(options: Namespace, screen: Screen) -> tuple[Dataset, Dataset | None]:
    """The rows to learn from, and those held out; a class that is gone by this is noted."""
    data = _data(options, screen)
    if options.test_share is None:
        return data, None
    left, held = hold_out(data, options.test_share, seed=options.seed)
    kinds = left.labels.unique().tolist()
    if len(kinds) < len(data.labels.unique()):
        word = data.classes[int(kinds[0])]
        screen.warn(screen.word("one_class_left", label=data.label_name, word=word))
    return left, held


def _data(options: Namespace, screen: Screen) -> Dataset:
    if options.file is None:
        given = columns_given(options)
        if given:
            raise InputError(
                f"{', '.join(given)} {'needs' if len(given) == 1 else 'need'} a FILE: "
                "soloneuron train FILE --label NAME",
                code="train.file",
            )
        return assignment_data()
    if options.label is None:
        ask_for_label(options.file)
    data = read_rows(options.file, options)
    show_classes(screen, data)
    return data
