"""The rows of ``soloneuron train --stream``."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from functools import partial

import torch

from soloneuron.cli.columns import columns_chosen
from soloneuron.cli.in_processes import spread
from soloneuron.cli.machines import once_a_machine
from soloneuron.cli.reading import ask_for_label, worded_as_command
from soloneuron.cli.scaling import scaling_asked
from soloneuron.cli.screen import Screen
from soloneuron.cli.train_rows import TrainRows
from soloneuron.cli.train_screen import show_classes
from soloneuron.data.tiles.derive import held_out_tiles, scaled
from soloneuron.data.tiles.stream import rows_of_files
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling
from soloneuron.training.sharding.agreement import exchange


def streamed_rows(options: Namespace, screen: Screen, group: ProcessGroup | None) -> TrainRows:
    """The rows to learn from, in tiles.

    Of several processes one of each machine converts and measures them; the others find them done.
    """
    if options.label is None:
        ask_for_label(options.file, "soloneuron train FILE --label NAME --stream")
    if group is None:
        return _made(options, screen)
    made = once_a_machine(partial(_made, options, screen), group)
    said = exchange(group, json.dumps(made and made.scaling and asdict(made.scaling)))[0]
    rows = made or _found(options, json.loads(said))
    return rows._replace(learned=spread(rows.learned, group, options))


def _made(options: Namespace, screen: Screen) -> TrainRows:
    """Rows converted, split and scaled, or found so; what is to be said of them is said."""
    data = _read(options)
    show_classes(screen, data)
    left, held = _split(options, data)
    ones = left.labels.sum()
    if held is not None and float(ones) in (0.0, len(left.labels)) and all(data.classes):
        word = data.classes[int(ones > 0)]
        screen.warn(screen.word("one_class_left", label=data.label_name, word=word))
    scaling = scaling_asked(options, left, screen)
    return TrainRows(left, held, scaling, scaled(left, scaling, _dtype(options)))


def _found(options: Namespace, scaling: dict[str, list[float]] | None) -> TrainRows:
    """The same rows where another process of this machine has made them: nothing is read but labels."""
    left, held = _split(options, _read(options, check=False), check=False)
    known = scaling and Scaling(mean=tuple(scaling["mean"]), scale=tuple(scaling["scale"]))
    return TrainRows(left, held, known or None, scaled(left, known or None, _dtype(options), check=False))


def _read(options: Namespace, *, check: bool = True) -> Dataset:
    with worded_as_command(options):
        return rows_of_files(
            options.file,
            **columns_chosen(options),
            # What is scaled is scaled in 64 bits, as rows in memory are.
            narrow=options.dtype == "float32" and options.standardize is False,
            memory=options.memory,
            cache=options.cache,
            check=check,
        )


def _split(options: Namespace, data: Dataset, *, check: bool = True) -> tuple[Dataset, Dataset | None]:
    if options.test_share is None:
        return data, None
    return held_out_tiles(data, options.test_share, seed=options.seed, check=check)


def _dtype(options: Namespace) -> torch.dtype:
    return torch.float32 if options.dtype == "float32" else torch.float64
